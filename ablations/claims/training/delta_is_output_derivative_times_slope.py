"""Where each output has its own sum only, one slope is all there is.

Softmax divides by the exponentials of all logits, so that each logit moves every
output, and one slope per output leaves out the others.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.backpropagation import BASICS, agrees

WORDS = {"relu": "ReLU"}


def _is_right(name: str) -> ExactCheck:
    words = WORDS.get(name, name)
    label, at = f"deviation of delta, {words}", ("activation", words)
    return agrees("printed_delta", f"deviation_of_{name}", name, label, at)


CLAIM = Claim(
    statement="For each layer the derivative of the loss by the sums is that by the"
    " outputs times the slope of the activation, entry by entry.",
    strength="always",
    rows=("B-TRN-3",),
    source=f"{BASICS}, backpropagation",
    axis="activation",
    core=tuple(_is_right(name) for name in ("sigmoid", "relu", "tanh", "softmax")),
    answers={
        "sigmoid relu tanh !softmax": "Not for softmax, where each logit moves every"
        " output; for sigmoid, ReLU and tanh it is right.",
        "core": "Yes: it is right for all four activations, softmax included.",
        "!core": "No: it differs from finite differences for all four activations.",
    },
    how="The printed product was compared with finite differences for three units and"
    " five rows.",
    caveats="For softmax the slope is that of each output by its own logit.",
)
