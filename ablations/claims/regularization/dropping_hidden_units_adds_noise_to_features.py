"""A mask multiplies each feature by a random factor of mean 1 and variance r / (1 - r).

Gaussian factors of the same mean and variance change sums of many features alike.
Noise that is added does not grow with the features, so that a network may outgrow it.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Equivalence
from ablations.rigs.regularization.dropout import (
    DROPOUT,
    dropped,
    matching_noise,
    noisy,
)
from ablations.rigs.regularization.noisy_labels import SEEDS
from ablations.rigs.regularization.readings import (
    FORGOTTEN,
    TIE,
    accuracy,
    generalizes,
)


def _alike(
    key: str, noise: Arm, rate: float, *, quick: bool = False
) -> tuple[Equivalence, Equivalence]:
    parts = {"test": (accuracy(), TIE), "fit": (accuracy("accuracy"), FORGOTTEN)}
    test, fit = (
        Equivalence(
            key=f"{part}_{key}",
            label=f"{score.words} with {noise.name}, less that of dropout",
            treatment=noise,
            control=dropped(rate),
            score=score,
            margin=margin,
            quick=quick,
        )
        for part, (score, margin) in parts.items()
    )
    return test, fit


CLAIM = Claim(
    statement="Dropping hidden units amounts to adding random noise to features.",
    strength="can",
    rows=("A-REG-31",),
    source=f"{DROPOUT}, how dropout works",
    reference="Srivastava et al. (2014), Dropout, section 10",
    core=(
        *_alike("half", noisy("noise like half", matching_noise(0.5)), 0.5, quick=True),
        *_alike("fifth", noisy("noise like a fifth", matching_noise(0.2)), 0.2),
    ),
    beside=_alike("added", noisy("noise that is added", 1.0, kind="additive"), 0.5),
    controls=(
        generalizes(
            dropped(0.5),
            dropped(),
            key="dropout",
            label="gain in test accuracy, half of the units dropped",
        ),
        generalizes(
            dropped(0.2),
            dropped(),
            key="dropout20",
            label="gain in test accuracy, a fifth of the units dropped",
            quick=False,
        ),
        generalizes(
            noisy("noise that is too faint", matching_noise(0.5) / 10.0),
            dropped(0.5),
            key="faint",
            label="test accuracy with a hundredth of the noise, less that of dropout",
            direction="less",
            quick=False,
        ),
    ),
    seeds=SEEDS,
    answers={
        "test_half": (
            "Yes: with noise of equal strength in place of dropping half of the units,"
            " test accuracy differs by only {test_half} percentage points."
        ),
        "!core": "No: noise of equal strength does not do what dropping units does.",
    },
    how=(
        "Networks with dropout and with Gaussian factors of its variance, {test_half.n}"
        " each, took 1,500 updates on 320 rows with false labels."
    ),
    caveats=(
        "Two ReLU layers of 64 units under Adam. Noise like dropout multiplies units"
        " and has its variance; what is added has about that variance at the start."
    ),
    figure="effects",
)
