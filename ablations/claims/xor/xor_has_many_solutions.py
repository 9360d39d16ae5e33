"""XOR is a function of the sum of the inputs and also of their difference.

A network can therefore fold the square along either diagonal; the hand-made solution
folds the sum.
Each fold also comes with free scales and with either order of the units.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.readings import mostly
from ablations.rigs.xor import SOURCE, is_so, network, solved


def folds(key: str, what: str, arm: Arm, share: float = 0.0) -> SuccessRate:
    """Predict that solutions fold the square along one diagonal."""
    words = f"fold the {what} of the inputs"
    score = ScoreConfig(quantity=f"folds_{what}", at_least=1.0, words=words)
    label = f"solutions that {words}, {arm.name}"
    return mostly(arm, score, share, key=key, label=label).replace(among=solved())


def _folded(weights: str, what: str) -> ExactCheck:
    quantity = f"{weights.replace('-', '_')}_weights_fold_{what}"
    words = f"the {weights} weights fold the {what}"
    return is_so("solution_types", quantity, words)


CLAIM = Claim(
    statement="XOR has many solutions; the hand-made one is one of them.",
    strength="can",
    rows=("A-XOR-16",),
    source=f"{SOURCE}, solution",
    core=(
        folds("difference", "difference", network("leaky ReLU"), share=0.01),
        folds("sum", "sum", network("leaky ReLU"), share=0.01),
        _folded("printed", "difference"),
        _folded("hand-made", "sum"),
    ),
    shown=(
        folds("relu_difference", "difference", network("ReLU")),
        folds("relu_sum", "sum", network("ReLU")),
    ),
    answers={
        "core": (
            "Yes: {difference} of solutions use the difference of the inputs,"
            " like the printed weights, {sum} their sum, like hand-made ones,"
            " others neither."
        ),
        "!core": "No: {difference} of solutions use the difference, {sum} the sum.",
    },
    how="The {difference.n} solutions that leaky networks reached in 5,000 updates"
    " were sorted by the diagonal along which they fold the square.",
    figure="boundaries",
)
