"""Each printed line needs what another one gives.

For the top layer the chain starts at the loss; for a layer below it needs the
derivative by that layer's outputs, which no printed line gives.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.backpropagation import BASICS
from ablations.rigs.readings import equals

LINES = "printed_completeness"


def _has_all(depth: int, words: str) -> ExactCheck:
    quantity, key = f"share_of_{depth}_layers", f"layers_{depth}"
    label = f"share of layers whose gradient follows, {words}"
    return equals(LINES, quantity, 1.0, key=key, label=label, at=("layers", depth))


CLAIM = Claim(
    statement="The printed equations are enough to compute the gradients of all"
    " layers.",
    strength="always",
    rows=("B-TRN-6",),
    source=f"{BASICS}, backpropagation; that they are enough is implied",
    reference="Rumelhart, Hinton and Williams (1986), Learning representations by"
    " back-propagating errors",
    axis="layers",
    implied=True,
    core=(
        _has_all(1, "one layer"),
        _has_all(2, "two layers"),
        _has_all(3, "three layers"),
    ),
    controls=(
        equals(LINES, "share_of_3_layers_with_the_missing_line", 1.0, key="mended"),
    ),
    answers={
        "layers_1 !layers_2 !layers_3": "No: they reach the top layer only; the line"
        " that hands the error down, through the weights of the layer above, is"
        " missing.",
        "core": "Yes: they reach every layer.",
        "!core": "No: they reach no layer.",
    },
    how="What each printed line needs and gives was followed from the loss down, for"
    " one"
    " to three layers.",
)
