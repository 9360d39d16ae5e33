"""Defaults are a choice of whoever wrote the program.

Adam's were proposed in its paper for the problems that were tried there.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.optimizers import ADAM
from ablations.rigs.readings import at_least, equals

DEFAULTS, PARAMETER = "defaults_of_optimizers", "parameter"
check = partial(equals, DEFAULTS)

CLAIM = Claim(
    statement="Common defaults of Adam are 0.9 and 0.999 for the decay rates and 0.001"
    " for the learning rate.",
    strength="usually",
    rows=("A-OPT-44",),
    source=f"{ADAM}, defaults",
    reference="Kingma and Ba (2015), Adam: a method for stochastic optimization,"
    " algorithm 1; Keras, documentation of keras.optimizers.Adam",
    axis=PARAMETER,
    core=(
        check("default_first_decay_rate", 0.9, key="beta_1", at=(PARAMETER, "beta 1")),
        check(
            "default_second_decay_rate", 0.999, key="beta_2", at=(PARAMETER, "beta 2")
        ),
        check("default_learning_rate", 0.001, key="rate", at=(PARAMETER, "rate")),
    ),
    beside=(
        check("default_small_term", 1e-8, 1e-12, key="epsilon"),
        at_least(
            DEFAULTS,
            "share_of_optimizers_with_two_decay_rates_that_have_these",
            0.5,
            key="relatives",
        ),
    ),
    answers={
        "core !epsilon": "Yes: all three are Keras's defaults; only its small"
        " term is not the paper's.",
        "core": "Yes: all three are Keras's defaults.",
        "!core": "No: none of the three is Keras's default.",
    },
    how="Defaults were read from the signatures of Keras's optimizers.",
    caveats="One version of Keras; what is common elsewhere was not counted.",
)
