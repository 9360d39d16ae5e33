"""Decay is an option of nearly every optimizer, and off unless someone sets it.

AdamW is the rule with decay, so its default is not zero.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.noisy_labels import SOURCE

CLAIM = Claim(
    statement="Most modern optimizers, such as AdamW, decay weights by default.",
    rows=("A-REG-12",),
    source=f"{SOURCE}, L2 regularization",
    reference="Keras, documentation of keras.optimizers",
    predictions=(
        ExactCheck(
            label="share of Keras's optimizers with a default decay",
            measurement="default_weight_decay",
            quantity="share_that_decay",
            expected=0.5,
            relation="at_least",
        ),
        ExactCheck(
            label="share of those since Adam",
            measurement="default_weight_decay",
            quantity="share_since_adam_that_decay",
            expected=0.5,
            relation="at_least",
        ),
    ),
    controls=(
        ExactCheck(
            label="default decay of AdamW",
            measurement="default_weight_decay",
            quantity="default_of_adamw",
            expected=1e-6,
            relation="at_least",
        ),
        ExactCheck(
            label="optimizers that were looked at",
            measurement="default_weight_decay",
            quantity="num_optimizers",
            expected=10.0,
            relation="at_least",
        ),
    ),
    findings={
        "refuted": (
            "Of {controls[1]} optimizers of Keras a share of {0} has a default decay,"
            " and {1} of those that were made since Adam. AdamW is one of them, with"
            " {controls[0]}; Adam, which the notes call the default, is not."
        )
    },
    caveats=(
        "Defaults in the signatures of one version of Keras; other libraries differ."
        " Decay by an optimizer also shrinks biases, which a penalty on kernels does"
        " not."
    ),
)
