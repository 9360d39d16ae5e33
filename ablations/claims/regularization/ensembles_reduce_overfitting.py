"""Members that bend around single rows bend in ways of their own, which average out.

What they share stays: the rows themselves, or all of it where training finds one best
model whatever the start.
"""

from typing import Any

from ablations.protocol.claim import Claim
from ablations.rigs.readings import mostly
from ablations.rigs.regularization.ensembles import MEMBERS_OF, beside_one, ensemble
from ablations.rigs.regularization.noisy_labels import FEW_SEEDS, SOURCE
from ablations.rigs.regularization.readings import (
    FORGOTTEN,
    MEMORIZES,
    generalizes,
    within_runs,
)

SAME, BAGGING, LINEAR, LINEAR_BAGGING = map(ensemble, MEMBERS_OF)
GAIN, TWO, FOUR = (beside_one("test_accuracy", k) for k in (8, 2, 4))
FIT: Any = (*beside_one("accuracy"), FORGOTTEN, "less")
LOSS: Any = (*beside_one("test_loss"), 0.05, "less")
"""In nats, 0.05 is a fall that matters: a tenth to a fifth of the loss."""
ONE_MEMORIZES = MEMORIZES.replace(quantity="accuracy_of_1")

CLAIM = Claim(
    statement="Several unlike models that answer together overfit less than one of"
    " them.",
    rows=("A-REG-23",),
    source=f"{SOURCE}, dropout and ensembles",
    reference="Hansen and Salamon (1990); Breiman (1996), Bagging predictors",
    axis="members",
    core=(
        within_runs(SAME, *GAIN, key="same"),
        within_runs(BAGGING, *GAIN, key="bagging", quick=False),
        within_runs(SAME, *LOSS, key="same_loss", quick=False),
        within_runs(BAGGING, *LOSS, key="bagging_loss", quick=False),
    ),
    beside=(
        within_runs(SAME, *TWO, key="two"),
        within_runs(SAME, *FOUR, key="four", quick=False),
        within_runs(SAME, *FIT, key="same_fit", quick=False),
        within_runs(BAGGING, *FIT, key="bagging_fit", quick=False),
        within_runs(LINEAR, *GAIN, key="linear", quick=False),
        within_runs(LINEAR_BAGGING, *GAIN, key="linear_bagging", quick=False),
        within_runs(LINEAR, *LOSS, key="linear_loss", quick=False),
        within_runs(LINEAR_BAGGING, *LOSS, key="linear_bagging_loss", quick=False),
        generalizes(BAGGING, SAME, GAIN[0], key="own_rows", quick=False),
    ),
    controls=(mostly(SAME, ONE_MEMORIZES, key="memorize"),),
    seeds=FEW_SEEDS,
    answers={
        "core": (
            "Yes: eight networks trained on the same rows together gain {same}"
            " percentage points of test accuracy over one of them."
        ),
        "!core": "No: eight networks together do no better on new rows than one.",
    },
    how="Eight networks took 1,500 updates on the same 320 rows with false labels, or"
    " on rows drawn anew from these, on {same.n} seeds.",
    caveats="The loss of a mean is never above the mean loss; the question is by how"
    " much.",
)
