"""A sigmoid with cross-entropy weighs rows by how wrong they are.

Squared error also pulls back rows that are right by far, and the hinge lets go of rows
that are right by enough; which of them sorts rows best depends on the rows.
"""

from itertools import product

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.activations import BASICS
from ablations.rigs.depth.classical import SAME_ROWS
from ablations.rigs.readings import Said, compare
from ablations.rigs.training.heads import TIE, classifier
from ablations.rigs.training.networks import SEEDS, TEST

TASKS = {"spirals": "spirals", "cancer": "breast cancer", "affairs": "affairs"}
RIVALS = {"squares": "squared error", "hinge": "hinge"}


def _is_no_worse(key: str, rival: str) -> Comparison:
    """Predict that the sigmoid loses no more than a point to another head."""
    arms = classifier(TASKS[key], "sigmoid"), classifier(TASKS[key], RIVALS[rival])
    told: Said = {"key": f"{key}_{rival}", "at": ("task", TASKS[key])}
    return compare(arms[0], "no_less", arms[1], TEST, TIE, **told)


CLAIM = Claim(
    statement="The sigmoid is useful for binary classification.",
    rows=("B-ACT-19",),
    source=f"{BASICS}, table of activation functions",
    reference="Hui and Belkin (2021), Evaluation of neural architectures trained with"
    " square loss vs cross-entropy in classification tasks",
    axis="task",
    core=tuple(_is_no_worse(*each) for each in product(TASKS, RIVALS)),
    beside=(
        compare(
            classifier("spirals", "sigmoid"),
            "no_less",
            classifier("spirals", "softmax"),
            TEST,
            TIE,
            key="softmax",
            differs_in=("data",),
        ),
    ),
    standard_only=True,
    seeds=SEEDS.replace(first=1_000),
    answers={
        "core": "Yes: with a sigmoid {spirals_squares.treatment} of test rows are right"
        " on spirals; squared error and hinge loss are nowhere a point better.",
        "!core": "No: squared error and hinge loss are at least a point better on all"
        " three tasks, on spirals {spirals_squares}.",
        "spirals_squares": "Mostly: with a sigmoid {spirals_squares.treatment} of test"
        " rows are right on spirals, with squared error {spirals_squares.control}.",
        "!spirals_squares": "Not always: with a sigmoid {spirals_squares.treatment} of"
        " test rows are right on spirals, with squared error"
        " {spirals_squares.control}.",
    },
    how="{spirals_squares.n} networks of two layers learned spirals and two tables by a"
    " sigmoid with cross-entropy, by squared error and by the hinge loss.",
    caveats=(
        "Useful is read as: nothing is lost by taking it. Each network trains"
        " 1,000 updates of Adam, at the middle one of the rates that do"
        f" nearly as well as the best. {SAME_ROWS}"
    ),
)
