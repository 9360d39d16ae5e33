"""Decay is an option of nearly every optimizer, and off unless someone sets it.

AdamW is the rule with decay, so its default is not zero.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.readings import at_least
from ablations.rigs.regularization.noisy_labels import SOURCE

ALL = "share of optimizers that decay weights by default"
MODERN = "share of optimizers since Adam that decay weights by default"
check = partial(at_least, "default_weight_decay")

CLAIM = Claim(
    statement="Most modern optimizers, such as AdamW, decay weights by default.",
    rows=("A-REG-12",),
    source=f"{SOURCE}, L2 regularization",
    reference="Keras, documentation of keras.optimizers",
    core=(
        check("share_since_adam_that_decay", 0.5, key="modern", label=MODERN),
        check("default_of_adamw", 1e-6, key="adamw", label="default decay of AdamW"),
    ),
    beside=(check("share_that_decay", 0.5, key="all", label=ALL),),
    controls=(check("num_optimizers", 10, key="counted", label="optimizers read"),),
    answers={
        "core": (
            "Yes: AdamW does, as do {modern.percent} of Keras's optimizers since Adam."
        ),
        "!modern adamw": (
            "Most do not: AdamW does, but only {modern.percent} of Keras's"
            " optimizers since Adam decay weights by default."
        ),
        "!core": "No: AdamW does not, nor do most optimizers since Adam.",
    },
    how="The default settings of {counted} optimizers of Keras were read.",
    caveats=(
        "One version of Keras; other libraries differ. The statement names"
        " AdamW as its example, which counts as a condition of its own: that"
        " it holds is why the verdict is not a plain no."
    ),
)
