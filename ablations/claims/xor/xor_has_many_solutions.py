"""XOR is a function of the sum of the inputs and also of their difference.

A network can therefore fold the square along either diagonal; the hand-made solution
folds the sum.
Each fold also comes with free scales and with either order of the units.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.xor import SOURCE, measured, network, solved


def folds(key: str, what: str, arm: Arm, share: float = 0.0) -> SuccessRate:
    """Predict that solutions fold the square along one diagonal."""
    return SuccessRate(
        key=key,
        label=f"solutions that fold the {what} of the inputs, {arm.name}",
        arm=arm,
        score=ScoreConfig(
            quantity=f"folds_{what}",
            at_least=1.0,
            words=f"fold the {what} of the inputs",
        ),
        among=solved(),
        bound=share,
    )


CLAIM = Claim(
    statement="XOR has many solutions; the hand-made one is one of them.",
    strength="can",
    rows=("A-XOR-16",),
    source=f"{SOURCE}, solution",
    core=(
        folds("difference", "difference", network("leaky ReLU"), share=0.01),
        folds("sum", "sum", network("leaky ReLU"), share=0.01),
        measured(
            "solution_types",
            "printed_weights_fold_difference",
            1.0,
            "whether the printed weights fold the difference (1 yes, 0 no)",
        ),
        measured(
            "solution_types",
            "hand_made_weights_fold_sum",
            1.0,
            "whether the hand-made weights fold the sum (1 yes, 0 no)",
        ),
    ),
    shown=(
        folds("relu_difference", "difference", network("ReLU")),
        folds("relu_sum", "sum", network("ReLU")),
    ),
    answers={
        "core": (
            "Yes: {difference} of solutions use the difference of the inputs, like the"
            " printed weights, and {sum} their sum, like the hand-made ones."
        ),
        "!core": "No: {difference} of solutions use the difference, {sum} the sum.",
    },
    how="The {difference.n} solutions that leaky networks reached in 5,000 updates"
    " were sorted by the diagonal along which they fold the square.",
    figure="boundaries",
)
