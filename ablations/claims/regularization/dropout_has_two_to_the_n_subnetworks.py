"""Each unit that can be dropped is there or not, which makes 2^n masks.

Masks without any hidden unit cut all inputs off as well, so that they share a function.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.dropout import DROPOUT

CLAIM = Claim(
    statement="A network with n inputs and hidden units has 2^n sub-networks.",
    rows=("A-REG-25",),
    source=DROPOUT,
    reference="Srivastava et al. (2014), Dropout, section 1",
    predictions=(
        ExactCheck(
            label="ways to drop the units of a 2-2-1 network",
            measurement="subnetworks",
            quantity="masks_that_keras_draws",
            expected=16.0,
        ),
        ExactCheck(
            label="functions that they leave",
            measurement="subnetworks",
            quantity="functions",
            expected=16.0,
        ),
    ),
    controls=(
        ExactCheck(
            label="ways counted one by one",
            measurement="subnetworks",
            quantity="masks",
            expected=16.0,
        ),
    ),
    caveats=(
        "ReLU units with biases. Sub-networks share their weights; a training of some"
        " thousand updates meets only a few of those of a usual network."
    ),
    findings={
        "conditional": (
            "The four units of a 2-2-1 network can be dropped in {0} ways, and Keras"
            " draws them all; they leave {1} different functions, since without hidden"
            " units it does not matter which inputs are there."
        )
    },
)
