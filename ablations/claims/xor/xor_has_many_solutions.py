"""XOR is a function of the sum of the inputs and also of their difference.

A network can therefore fold the square along either diagonal; the hand-made solution
folds the sum.
Each fold also comes with free scales and with either order of the units.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.xor import PRINTED, RELU, SOURCE, solved

FOLDS = ("difference", "sum")


def folds(what: str) -> ScoreConfig:
    """Return success: the final network folds the square along one diagonal."""
    return ScoreConfig(
        quantity=f"folds_{what}", at_least=1.0, words=f"fold the {what} of the inputs"
    )


CLAIM = Claim(
    statement="XOR has many solutions; the hand-made one is one of them.",
    rows=("A-XOR-16",),
    source=f"{SOURCE}, solution",
    arms={"printed program": Arm(config=PRINTED), "ReLU": Arm(config=RELU)},
    predictions=(
        *(
            SuccessRate(
                label=f"solutions that fold the {what}",
                arm="printed program",
                score=folds(what),
                among=solved(),
                bound=0.01,
            )
            for what in FOLDS
        ),
        ExactCheck(
            label="the printed weights fold the difference",
            measurement="solution_types",
            quantity="printed_weights_fold_difference",
            expected=1.0,
        ),
        ExactCheck(
            label="the hand-made weights fold the sum",
            measurement="solution_types",
            quantity="hand_made_weights_fold_sum",
            expected=1.0,
        ),
    ),
    shown=tuple(
        SuccessRate(
            label=f"ReLU solutions that fold the {what}",
            arm="ReLU",
            score=folds(what),
            among=solved(),
            bound=0.0,
        )
        for what in FOLDS
    ),
    figure="boundaries",
    findings={
        "supported": (
            "Of {0.n} runs that solve XOR, {0} fold the difference of the inputs,"
            " as the printed solution does, and {1} fold their sum, as the hand-made"
            " one does."
        )
    },
)
