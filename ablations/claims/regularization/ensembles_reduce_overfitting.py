"""Members that bend around single rows bend in ways of their own, which average out.

What they share stays: the rows themselves, or all of it where training finds one best
model whatever the start.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.readings import mostly
from ablations.rigs.regularization import readings
from ablations.rigs.regularization.ensembles import MEMBERS_OF, ensemble, together
from ablations.rigs.regularization.noisy_labels import FEW_SEEDS, SOURCE
from ablations.rigs.regularization.readings import generalizes, within_runs

SAME, BAGGING, LINEAR, LINEAR_BAGGING = map(ensemble, MEMBERS_OF)
MARGINS = {"test_loss": 0.05, "accuracy": readings.FORGOTTEN}
"""Falls that matter; in nats 0.05 is a tenth to a fifth of the loss."""


def _gain(key: str, members: Arm, k: int = 8) -> Comparison:
    scores = together("test_accuracy", k), together("test_accuracy", 1)
    return within_runs(members, *scores, key=key, quick=key in ("same", "two"))


def _falls(key: str, read: str, members: Arm) -> Comparison:
    scores = together(read, 8), together(read, 1)
    return within_runs(members, *scores, MARGINS[read], "less", key=key, quick=False)


CLAIM = Claim(
    statement="Several unlike models that answer together overfit less than one of"
    " them.",
    rows=("A-REG-23",),
    source=f"{SOURCE}, dropout and ensembles",
    reference="Hansen and Salamon (1990), Neural network ensembles; Breiman (1996),"
    " Bagging predictors",
    axis="members",
    core=(
        _gain("same", SAME),
        _gain("bagging", BAGGING),
        _falls("same_loss", "test_loss", SAME),
        _falls("bagging_loss", "test_loss", BAGGING),
    ),
    beside=(
        _gain("two", SAME, 2),
        _gain("four", SAME, 4),
        _falls("same_fit", "accuracy", SAME),
        _falls("bagging_fit", "accuracy", BAGGING),
        _gain("linear", LINEAR),
        _gain("linear_bagging", LINEAR_BAGGING),
        _falls("linear_loss", "test_loss", LINEAR),
        _falls("linear_bagging_loss", "test_loss", LINEAR_BAGGING),
        generalizes(
            BAGGING, SAME, together("test_accuracy", 8), key="own_rows", quick=False
        ),
    ),
    controls=(
        mostly(
            SAME, readings.MEMORIZES.replace(quantity="accuracy_of_1"), key="memorize"
        ),
    ),
    seeds=FEW_SEEDS,
    answers={
        "core": "Yes: eight networks together gain {same} points of test accuracy.",
        "!core": "No: eight networks together do no better on new rows than one.",
    },
    how="Eight networks took 1,500 updates on the same 320 rows with false labels, or"
    " on rows drawn anew from these, on {same.n} seeds.",
    caveats="The loss of a mean is never above the mean loss; the question is by how"
    " much.",
    figure="effects",
)
