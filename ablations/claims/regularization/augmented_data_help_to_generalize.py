"""A changed copy says which changes leave the class as it is.

That is news to the network, and true, only where the change keeps the label and makes
images such as are met; other changes teach it to answer for images that never come,
or to confuse those that do.
For a linear model, noise on the inputs is an L2 penalty and nothing else.
"""

from typing import Any

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.regularization import penalties as rig
from ablations.rigs.regularization.noisy_labels import SEEDS, SOURCE, labels_of
from ablations.rigs.regularization.readings import (
    TIE,
    generalizes,
    measured,
    within_runs,
)

IMAGES = (rig.FEW, rig.MANY)


def _noisy(key: str, rows: int, noise: float = rig.NOISE, **more: Any) -> Comparison:
    label = f"gain from noisy copies, {rows} rows, {labels_of(noise)}"
    jitter, none = rig.tested("jitter"), rig.tested("none")
    arm = rig.sample(rows, noise)
    return within_runs(arm, jitter, none, TIE, key=key, label=label, **more)


def _copies(change: str, images: int) -> Comparison:
    arm = rig.augmented(change, images)
    return generalizes(
        arm,
        rig.augmented("same", images),
        score=rig.digit_accuracy(),
        key=f"{change}{images}",
        label=f"gain from copies {arm.name}",
        quick=False,
        family=True,
    )


CLAIM = Claim(
    statement=(
        "Changed copies of the training rows, trained on beside them, make a model"
        " generalize better."
    ),
    strength="can",
    rows=("A-REG-5",),
    source=f"{SOURCE}, data augmentation",
    reference=(
        "Simard, Steinkraus and Platt (2003); Bishop (1995), Training with noise is"
        " equivalent to Tikhonov regularization"
    ),
    core=(
        _noisy("noisy", 320),
        _noisy("noisy80", 80, quick=False),
        _noisy("true", 320, 0.0, quick=False),
        _noisy("true80", 80, 0.0, quick=False),
        *(_copies(change, images) for images in IMAGES for change in rig.KEEPING),
    ),
    beside=tuple(_copies(each, images) for images in IMAGES for each in rig.BREAKING),
    controls=(
        generalizes(
            rig.augmented("same", rig.MANY),
            rig.augmented("same", rig.FEW),
            score=rig.digit_accuracy(),
            key="images",
            label="gain from 500 images instead of 100",
            quick=False,
        ),
        measured(
            "jitter_and_ridge",
            "ridge",
            "distance between weights of a line under noise and under an L2 penalty",
            "distance_of_many_copies_from_ridge",
            0.0,
            tolerance=0.01,  # Sampling error of 20,000 copies.
        ),
    ),
    seeds=SEEDS,
    answers={
        "noisy !half500 !pixel500 !turned500 !noise500": (
            "Yes: noisy copies of few rows with false labels raise test accuracy by"
            " {noisy} percentage points; with 500 digit images no mild change helps."
        ),
        "noisy": (
            "Yes: noisy copies of few rows with false labels raise test accuracy by"
            " {noisy} percentage points."
        ),
        "!core": "No: no changed copies tried raise test accuracy by a point.",
    },
    how=(
        "Networks were trained on 100 or 500 images of digits with eight kinds of"
        " copies, and on 80 or 320 rows of clusters with noisy ones, on {noisy.n} seeds"
        " each."
    ),
    caveats=(
        "Digits of 8 by 8 pixels that fill their frame, 1,000 updates by Adam whatever"
        " the number of copies; copies fill up to 2,000 images, and equal copies are"
        " what they are compared with. Of 100 images 95 % of the training rows are"
        " copies, and every moved copy moves by the full amount, which is harsher than"
        " common practice. One test part for all seeds. On clusters the noise is the"
        " better of two on validation rows, and copies fill up 2,560 rows."
    ),
    figure="effects",
)
