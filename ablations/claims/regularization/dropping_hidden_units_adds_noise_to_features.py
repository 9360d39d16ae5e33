"""A mask multiplies each feature by a random factor of mean 1 and variance r / (1 - r).

Gaussian factors of the same mean and variance change sums of many features alike.
Noise that is added does not grow with the features, so that a network may outgrow it.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Equivalence
from ablations.rigs.readings import alike
from ablations.rigs.regularization import readings
from ablations.rigs.regularization.dropout import (
    DROPOUT,
    dropped,
    matching_noise,
    noisy,
)
from ablations.rigs.regularization.noisy_labels import SEEDS
from ablations.rigs.regularization.readings import accuracy, generalizes

HALF, FIFTH, NONE = dropped(0.5), dropped(0.2), dropped()
FAINT = noisy("a hundredth of the noise", matching_noise(0.5) / 10.0)


def _same(key: str, noise: Arm, dropout: Arm) -> tuple[Equivalence, Equivalence]:
    fit, quick = accuracy("accuracy"), key == "half"
    return (
        alike(noise, dropout, accuracy(), readings.TIE, key=f"test_{key}", quick=quick),
        alike(noise, dropout, fit, readings.FORGOTTEN, key=f"fit_{key}", quick=quick),
    )


CLAIM = Claim(
    statement="Dropping hidden units amounts to adding random noise to features.",
    strength="can",
    rows=("A-REG-31",),
    source=f"{DROPOUT}, how dropout works",
    reference="Srivastava et al. (2014), Dropout, section 10",
    core=(
        *_same("half", noisy("noise like half", matching_noise(0.5)), HALF),
        *_same("fifth", noisy("noise like a fifth", matching_noise(0.2)), FIFTH),
    ),
    beside=_same("added", noisy("noise that is added", 1.0, kind="additive"), HALF),
    controls=(
        generalizes(HALF, NONE, key="dropout"),
        generalizes(FIFTH, NONE, key="dropout20", quick=False),
        generalizes(FAINT, HALF, direction="less", key="faint", quick=False),
    ),
    seeds=SEEDS,
    answers={
        "test_half": (
            "Yes, if the noise multiplies the features: then test accuracies are within"
            " one percentage point of those with dropout; added noise does less."
        ),
        "!core": "No: noise of equal strength does not do what dropping units does.",
    },
    how="Networks with dropout and with Gaussian factors of its variance, {test_half.n}"
    " each, took 1,500 updates on 320 rows with false labels.",
    caveats="What is added has about the variance of dropout at the start.",
)
