"""XOR needs two well-placed kinks, and every further unit is another draw of one.

The chance that no pair among the units starts well falls with the width, and surplus
units open ways out of poor minima.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Trend
from ablations.rigs.readings import trend
from ablations.rigs.xor import SOURCE, WIDTHS, network, solved, solves


def rises(key: str, activation: str) -> Trend:
    """Predict that success rises with the width."""
    along = [network(activation, width) for width in WIDTHS]
    label = f"share of {activation} runs solved, {WIDTHS[-1]} units less {WIDTHS[0]}"
    quick = key == "relu"
    return trend(along, "rises", solved(500), 0.05, key=key, label=label, quick=quick)


CLAIM = Claim(
    statement=(
        "Two hidden units are the smallest network that works, and spare units make"
        " success near certain."
    ),
    rows=("A-XOR-22",),
    implied=True,
    source=f"{SOURCE}, solution and code",
    axis="activation",
    core=(
        rises("relu", "ReLU"),
        rises("leaky", "leaky ReLU"),
        solves("relu16", network("ReLU", 16), 500, share=0.99),
        solves("leaky16", network("leaky ReLU", 16), 500, share=0.99),
    ),
    answers={
        "core": (
            "Yes, with many units to spare: with sixteen ReLU units {relu.last}"
            " of the networks learn XOR, and of leaky ones as well."
        ),
        "!core": (
            "No: with sixteen units {relu16} of ReLU networks learn XOR, and {leaky16}"
            " of leaky ones."
        ),
    },
    how="{relu.n} networks per width and activation were trained for 500 updates on the"
    " four rows.",
    figure="success_by_width",
)
