"""What RMSProp remembers is a size, without a direction.

Each update goes along its own gradient, so that nothing moves once that is zero.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.optimizers import RMSPROP
from ablations.rigs.readings import at_least, equals

GONE, DEFAULTS = "updates_without_gradient", "defaults_of_optimizers"

CLAIM = Claim(
    statement="RMSProp has no momentum.",
    strength="always",
    rows=("A-OPT-34",),
    source=f"{RMSPROP}, limitation",
    reference="Tieleman and Hinton (2012), Lecture 6.5, RMSProp; Keras, documentation"
    " of keras.optimizers.RMSprop",
    core=(equals(GONE, "update_of_rmsprop_without_gradient", 0.0, key="gone"),),
    beside=(
        equals(
            *(DEFAULTS, "default_momentum", 0.0),
            key="default",
            label="momentum of Keras's RMSProp by default",
        ),
        equals(
            *(DEFAULTS, "whether_momentum_is_an_option", 0.0),
            key="option",
            label="whether RMSProp of Keras offers momentum, one for yes",
        ),
    ),
    controls=(
        at_least(GONE, "update_of_momentum_without_gradient", 0.1, key="momentum"),
    ),
    answers={
        "core default !option": "Yes: once the gradient is zero, nothing moves; Keras"
        " offers momentum as an option, which is off by default.",
        "core": "Yes: once the gradient is zero, nothing moves.",
        "!core": "No: weights move on once the gradient is zero.",
    },
    how="Ten gradients of one and one of zero were given to Keras's optimizers, and"
    " defaults were read from signatures.",
)
