"""The sigmoid turns any number into a probability.

Softmax over that number and a zero is the same function, so that it can be no worse and
no better; of two free outputs only their difference matters.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.activations import BASICS
from ablations.rigs.readings import agrees, at_least, at_most, equals

OUTPUTS = "binary_outputs"
OTHERS = {
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "elu": "ELU",
    "tanh": "tanh",
    "linear": "no activation",
}


def _is_worse(name: str) -> ExactCheck:
    """Predict that not every output is a probability."""
    return at_most(
        OUTPUTS,
        f"share_of_probabilities_of_{name}",
        0.99,
        key=name,
        label=f"share of sums that become a probability, {OTHERS[name]}",
    )


CLAIM = Claim(
    statement="For a binary output the sigmoid is best.",
    rows=("B-ACT-35",),
    source=f"{BASICS}, choice of the output layer",
    reference="Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.2.2",
    core=(
        at_most(
            OUTPUTS,
            "loss_of_sigmoid_less_that_of_softmax",
            0.001,
            key="no_worse",
            label="lowest loss of a sigmoid less that of two softmax outputs, in nats",
        ),
    ),
    beside=(
        at_least(
            OUTPUTS,
            "loss_of_softmax_less_that_of_sigmoid",
            0.001,
            key="better",
            label="lowest loss of two softmax outputs less that of a sigmoid, in nats",
        ),
        agrees(
            OUTPUTS,
            "deviation_of_softmax_of_z_and_zero",
            "same",
            "deviation of softmax over a sum and zero from the sigmoid",
        ),
        agrees(
            OUTPUTS,
            "difference_of_paths_at_half_the_rate",
            "paths",
            "difference in training of a softmax at half the rate from a sigmoid",
        ),
        *map(_is_worse, OTHERS),
        equals(
            OUTPUTS,
            "share_of_probabilities_of_sigmoid",
            1.0,
            key="sigmoid",
            label="share of sums that become a probability, sigmoid",
        ),
    ),
    controls=(
        at_least(
            OUTPUTS,
            "loss_saved_by_learning",
            0.05,
            key="learned",
            label="loss that the sigmoid saves by learning, in nats",
        ),
    ),
    answers={
        "core !better same relu leaky_relu elu tanh linear": "Yes, with an equal:"
        " softmax over two outputs is the same function; other activations do not"
        " always give a probability.",
        "core": "Yes: two softmax outputs reach no lower loss.",
        "!no_worse": "No: two softmax outputs reach a lower loss.",
    },
    how="Each activation was given sums from -10 to 10, and a sigmoid and two softmax"
    " outputs learned the same noisy labels in float64.",
    caveats="How well other outputs sort rows into classes is another claim's matter.",
)
