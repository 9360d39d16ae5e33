"""A mask multiplies each feature by a random factor of mean 1 and variance r / (1 - r).

Gaussian factors of the same mean and variance change sums of many features alike.
Noise that is added does not grow with the features, so that a network may outgrow it.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, Equivalence
from ablations.rigs.regularization.dropout import (
    DROPOUT,
    FORGOTTEN,
    arm,
    generalizes,
    matching_noise,
    noise_arm,
)
from ablations.rigs.regularization.noisy_labels import SEEDS, TIE, accuracy

RATES = (0.5, 0.2)
PLAIN = "no dropout"
ADDED = "noise of deviation 1 is added"
FAINT = "a hundredth of the noise"


def _dropped(rate: float) -> str:
    return f"{100 * rate:.0f} % dropped"


def _noisy(rate: float) -> str:
    return f"noise in place of {_dropped(rate)}"


def _alike(treatment: str, rate: float) -> tuple[Equivalence, Equivalence]:
    return (
        Equivalence(
            label=f"generalizes alike, {treatment}",
            treatment=treatment,
            control=_dropped(rate),
            score=accuracy(),
            margin=TIE,
        ),
        Equivalence(
            label=f"fits alike, {treatment}",
            treatment=treatment,
            control=_dropped(rate),
            score=accuracy("accuracy"),
            margin=FORGOTTEN,
        ),
    )


ALL = (*_alike(_noisy(0.5), 0.5), *_alike(_noisy(0.2), 0.2), *_alike(ADDED, 0.5))
HELPS = tuple(generalizes(_dropped(rate), PLAIN) for rate in RATES)
DIFFERS = Comparison(
    label="noise that is too faint does not do what dropout does",
    treatment=FAINT,
    control=_dropped(0.5),
    score=accuracy(),
    margin=TIE,
    direction="less",
)
QUICK = (ALL[0].label, ALL[1].label, HELPS[0].label)

CLAIM = Claim(
    statement="Dropping hidden units amounts to adding random noise to features.",
    rows=("A-REG-31",),
    source=f"{DROPOUT}, how dropout works",
    reference="Srivastava et al. (2014), Dropout, section 10",
    arms={
        PLAIN: arm(),
        **{_dropped(rate): arm(dropout=rate) for rate in RATES},
        **{_noisy(rate): noise_arm(matching_noise(rate)) for rate in RATES},
        ADDED: noise_arm(1.0, kind="additive"),
        FAINT: noise_arm(matching_noise(0.5) / 10.0),
    },
    predictions=ALL,
    beyond_quick=tuple(
        p.label for p in (*ALL, *HELPS, DIFFERS) if p.label not in QUICK
    ),
    controls=(*HELPS, DIFFERS),
    seeds=SEEDS,
    caveats=(
        "Two ReLU layers of 64 units on 320 rows, a fifth of their labels drawn anew,"
        " 1,500 updates by Adam. Noise in place of dropout multiplies units and has"
        " dropout's variance; what is added has about that variance at the start."
    ),
    figure="effects",
    findings={
        "conditional": (
            "With Gaussian factors of dropout's variance in place of dropping half or a"
            " fifth of the units, test accuracy differs by {0} and {2} over {0.n}"
            " seeds, training accuracy by {1} and {3}; with noise that is added, test"
            " accuracy by {4} and training accuracy by {5}."
        )
    },
)
