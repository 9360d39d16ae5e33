"""A linear map of a linear map is linear.

Kernels multiply into one kernel, and biases pass through the kernels above into one
bias. The narrowest layer bounds the rank of the product.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.activations import NOTES
from ablations.rigs.readings import at_least, equals

STACKS = "linear_stacks"


def _is_one(depth: int) -> ExactCheck:
    """Predict the same outputs up to the rounding of float32."""
    quantity, key = f"deviation_of_{depth}_layers", f"layers_{depth}"
    label, at = f"deviation of {depth} layers from one layer", ("depth", depth)
    return equals(STACKS, quantity, 0.0, 1e-5, key=key, label=label, at=at)


CLAIM = Claim(
    statement="Without non-linear activations a deep network is no more than a single"
    " linear layer.",
    strength="always",
    rows=("A-ACT-5",),
    source=f"{NOTES}, without any activation",
    reference="Saxe, McClelland and Ganguli (2014), Exact solutions to the nonlinear"
    " dynamics of learning in deep linear neural networks",
    axis="depth",
    core=(_is_one(2), _is_one(5), _is_one(10)),
    beside=(
        equals(
            STACKS, "rank_of_10_layers", 3.0, key="rank", label="rank of ten layers"
        ),
    ),
    controls=(
        at_least(STACKS, "share_left_of_2_layers_of_relu", 0.1, key="relu"),
        at_least(STACKS, "share_left_of_10_layers_of_relu", 0.1, key="deep_relu"),
    ),
    answers={
        "core": "Yes: two, five or ten layers without activation compute what one"
        " layer does, to the last digits.",
        "!core": "No: even two layers without activation differ from a single one.",
    },
    how="Keras's dense layers with random kernels and biases were compared with one"
    " layer that multiplies them out.",
    caveats="What a network can compute, not how it learns: training a deep linear"
    " network takes other paths than training one layer.",
)
