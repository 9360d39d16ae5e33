"""XOR needs two well-placed kinks, and every further unit is another draw of one.

The chance that no pair among the units starts well falls with the width, and surplus
units open ways out of poor minima.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate, Trend
from ablations.rigs.xor import SOURCE, WIDTHS, solved, width_arm

ACTIVATIONS = {"ReLU": "relu", "leaky": "leaky_relu"}

CLAIM = Claim(
    statement=(
        "Two hidden units are the smallest network that works, and spare units make"
        " success near certain."
    ),
    rows=("A-XOR-22",),
    source=f"{SOURCE}, solution and code",
    arms={
        f"{name} width {width}": Arm(config=width_arm(width, activation))
        for name, activation in ACTIVATIONS.items()
        for width in WIDTHS
    },
    predictions=(
        *(
            Trend(
                label=f"success rises with width, {name}",
                arms=tuple(f"{name} width {width}" for width in WIDTHS),
                scores=(solved(500),),
                margin=0.05,
            )
            for name in ACTIVATIONS
        ),
        *(
            SuccessRate(
                label=f"16 units, {name}",
                arm=f"{name} width 16",
                score=solved(500),
                bound=0.99,
            )
            for name in ACTIVATIONS
        ),
    ),
    figure="success_by_width",
    findings={
        "supported": (
            "From 1, 2, 3, 4, 8 to 16 units, the share of {0.n} runs that is solved"
            " goes {0.means} for ReLU and {1.means} for leaky ReLU."
        )
    },
)
