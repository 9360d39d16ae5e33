"""Decay is an option of nearly every optimizer, and off unless someone sets it.

AdamW is the rule with decay, so its default is not zero.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.regularization.noisy_labels import SOURCE
from ablations.rigs.regularization.readings import measured

check = partial(measured, "default_weight_decay", relation="at_least")

CLAIM = Claim(
    statement="Most modern optimizers, such as AdamW, decay weights by default.",
    rows=("A-REG-12",),
    source=f"{SOURCE}, L2 regularization",
    reference="Keras, documentation of keras.optimizers",
    core=(
        check(
            "modern",
            "share of Keras's optimizers since Adam with a default decay",
            "share_since_adam_that_decay",
            0.5,
        ),
        check("adamw", "default decay of AdamW", "default_of_adamw", 1e-6),
    ),
    beside=(
        check(
            "all",
            "share of all optimizers of Keras with a default decay",
            "share_that_decay",
            0.5,
        ),
    ),
    controls=(
        check("counted", "optimizers that were looked at", "num_optimizers", 10.0),
    ),
    answers={
        "core": (
            "Yes: AdamW does, and so do {modern.percent} of Keras's optimizers since"
            " Adam."
        ),
        "!modern adamw": (
            "Not as a rule: AdamW does, but only {modern.percent} of Keras's optimizers"
            " since Adam do."
        ),
        "!core": (
            "No: AdamW does not, and only {modern.percent} of Keras's optimizers since"
            " Adam do."
        ),
    },
    how="The default settings of {counted} optimizers of Keras were read.",
    caveats=(
        "Signatures of one version of Keras; other libraries differ. Decay by an"
        " optimizer also shrinks biases, which a penalty on kernels does not."
    ),
)
