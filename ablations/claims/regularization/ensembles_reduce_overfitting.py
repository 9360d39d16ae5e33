"""Members that bend around single rows bend in ways of their own, which average out.

What they share stays: the rows themselves, or all of it where training finds one best
model whatever the start.
"""

from collections.abc import Callable

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.protocol.score import ScoreConfig
from ablations.rigs.regularization import ensembles as rig
from ablations.rigs.regularization.noisy_labels import SOURCE
from ablations.rigs.regularization.readings import (
    FORGOTTEN,
    MEMORIZES,
    TIE,
    generalizes,
    mostly,
    within_runs,
)

SAME, BAGGING, LINEAR, LINEAR_BAGGING = rig.MEMBERS_OF
SCORES: dict[str, tuple[Callable[[int], ScoreConfig], float, str]] = {
    "gain in test accuracy": (rig.tested, TIE, "greater"),
    # A fall that matters, in nats: a tenth to a fifth of the loss.
    "change of the test loss": (rig.test_loss, 0.05, "less"),
    "change of training accuracy": (rig.training_accuracy, FORGOTTEN, "less"),
}
GAIN, LOSS, FIT = SCORES


def _beside_one(
    key: str, words: str, members: str, k: int = 8, *, quick: bool = False
) -> Comparison:
    score, margin, direction = SCORES[words]
    return within_runs(
        rig.ensemble(members),
        score(k),
        score(1),
        margin,
        key=key,
        label=f"{words}, {k} models beside one, {members}",
        direction=direction,
        quick=quick,
    )


CLAIM = Claim(
    statement=(
        "Several unlike models that answer together overfit less than one of them."
    ),
    rows=("A-REG-23",),
    source=f"{SOURCE}, dropout and ensembles",
    reference=(
        "Hansen and Salamon (1990), Neural network ensembles; Breiman (1996), Bagging"
        " predictors"
    ),
    axis="members",
    core=(
        _beside_one("same", GAIN, SAME, quick=True),
        _beside_one("bagging", GAIN, BAGGING),
        _beside_one("same_loss", LOSS, SAME),
        _beside_one("bagging_loss", LOSS, BAGGING),
    ),
    beside=(
        _beside_one("two", GAIN, SAME, 2, quick=True),
        _beside_one("four", GAIN, SAME, 4),
        _beside_one("same_fit", FIT, SAME),
        _beside_one("bagging_fit", FIT, BAGGING),
        _beside_one("linear", GAIN, LINEAR),
        _beside_one("linear_bagging", GAIN, LINEAR_BAGGING),
        _beside_one("linear_loss", LOSS, LINEAR),
        _beside_one("linear_bagging_loss", LOSS, LINEAR_BAGGING),
        generalizes(
            rig.ensemble(BAGGING),
            rig.ensemble(SAME),
            score=rig.tested(8),
            key="own_rows",
            label="gain of 8 with rows of their own over 8 on the same rows",
            quick=False,
        ),
    ),
    controls=(
        mostly(
            rig.ensemble(SAME),
            MEMORIZES.replace(quantity="accuracy_of_1"),
            key="memorize",
            label="runs in which a single network memorizes",
        ),
    ),
    seeds=rig.SEEDS,
    answers={
        "core": (
            "Yes: eight networks together gain {same} percentage points of test"
            " accuracy over one, and {bagging} if each draws rows of its own."
        ),
        "!core": "No: eight networks together do no better on new rows than one.",
    },
    how=(
        "Eight networks took 1,500 updates on the same 320 rows with false labels, or"
        " on rows drawn anew from these, on {same.n} seeds."
    ),
    caveats=(
        "Two ReLU layers of 64 units, or none, by Adam. The loss of a mean is never"
        " above the mean loss, whatever the members, so there the question is by how"
        " much."
    ),
    figure="effects",
)
