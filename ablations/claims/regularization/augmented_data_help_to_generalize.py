"""A changed copy says which changes leave the class as it is.

That is news to the network, and true, only where the change keeps the label and makes
images such as are met; other changes teach it to answer for images that never come,
or to confuse those that do.
For a linear model, noise on the inputs is an L2 penalty and nothing else.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.readings import equals
from ablations.rigs.regularization import penalties as rig
from ablations.rigs.regularization.noisy_labels import NOISE, SEEDS, SOURCE
from ablations.rigs.regularization.readings import generalizes, within_runs

FEW, MANY = 100, 500
RIDGE = "jitter_and_ridge", "distance_of_many_copies_from_ridge"
SAME, MORE = rig.augmented("same", FEW), rig.augmented("same", MANY)


def _noisy(key: str, rows: int, noise: float = NOISE) -> Comparison:
    arm, gain = rig.sample(rows, noise), (rig.NOISY_COPIES, rig.NO_TECHNIQUE)
    return within_runs(arm, *gain, key=key)


def _copies(change: str, images: int) -> Comparison:
    arms = rig.augmented(change, images), SAME if images == FEW else MORE
    key = f"{change}{images}"
    return generalizes(*arms, rig.DIGIT_ACCURACY, key=key, family=True)


CLAIM = Claim(
    statement="Changed copies of the training rows, trained on beside them, make a"
    " model generalize better.",
    strength="can",
    rows=("A-REG-5",),
    source=f"{SOURCE}, data augmentation",
    reference="Simard et al. (2003); Bishop (1995), on noise as Tikhonov"
    " regularization",
    core=(
        _noisy("noisy", 320),
        _noisy("noisy80", 80),
        _noisy("true", 320, 0.0),
        _noisy("true80", 80, 0.0),
        *(_copies(change, images) for images in (FEW, MANY) for change in rig.KEEPING),
    ),
    beside=tuple(_copies(each, num) for num in (FEW, MANY) for each in rig.BREAKING),
    controls=(
        generalizes(MORE, SAME, rig.DIGIT_ACCURACY, key="images"),
        # The tolerance is the sampling error of 20,000 copies.
        equals(*RIDGE, 0, 0.01, key="ridge"),
    ),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "noisy !half500 !pixel500 !turned500 !noise500": (
            "Yes: noisy copies of few rows with false labels raise test accuracy by"
            " {noisy} percentage points; with 500 digit images no mild change adds one."
        ),
        "noisy": (
            "Yes: noisy copies of few rows with false labels raise test accuracy by"
            " {noisy} percentage points."
        ),
        "!core": "No: no changed copies tried raise test accuracy by a point.",
    },
    how="Networks learned 100 or 500 images in 1,000 updates, with eight kinds of"
    " changed copies, and 80 or 320 rows of clusters in 1,500, with noisy ones, on"
    " {noisy.n} seeds each.",
    caveats="Digits fill their frame of 8 by 8 pixels. Copies fill up to 2,000 images,"
    " and all move by the full amount, which is harsher than common practice.",
)
