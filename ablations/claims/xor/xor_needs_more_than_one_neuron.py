"""A neuron sees its inputs only through one weighted sum.

The sums of the two mixed inputs and of the two equal inputs have the same mean, so a
monotone activation cannot put the first pair above ½ and the second below.
One that falls and rises can: the square of x1 - x2 is XOR, and so is half a cosine wave
in x1 + x2.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.xor import SOURCE, measured, neuron, never_solves

single = partial(measured, "single_neurons")
BEST = "share of the rows that the best hand-set monotone neuron gets right"
misses = partial(single, expected=0.5, relation="at_least")
ERROR = "largest error of a hand-set neuron with a"

CLAIM = Claim(
    statement="XOR needs more than one neuron.",
    strength="always",
    rows=("A-XOR-5",),
    source=f"{SOURCE}, logistic regression",
    reference="Minsky and Papert (1969), Perceptrons",
    axis="activation",
    core=(
        single("best_accuracy_if_monotone", 0.75, BEST, relation="at_most"),
        never_solves("linear", neuron("linear")),
        never_solves("sigmoid", neuron("sigmoid")),
        never_solves("tanh", neuron("tanh")).replace(quick=False),
        never_solves("relu", neuron("ReLU")),
        never_solves("leaky", neuron("leaky ReLU")).replace(quick=False),
    ),
    beside=(
        misses("error_of_square", label=f"{ERROR} square"),
        misses("error_of_cosine", label=f"{ERROR} cosine"),
        never_solves("square", neuron("square")).replace(quick=False),
        never_solves("cosine", neuron("cosine")),
    ),
    answers={
        "core !square !cosine": (
            "Only if the activation never falls: a single neuron with a square"
            " learns XOR in {square} of runs, with a cosine in {cosine}."
        ),
        "core": "Yes, if the activation never falls: three rows of four at best.",
        "!core": "No: one neuron can do it, and {sigmoid} of sigmoid neurons learn it.",
    },
    how=(
        "{sigmoid.n} single neurons per activation were trained for 2,000 updates on"
        " the four rows, and neurons set by hand were searched."
    ),
    caveats=(
        "The notes argue from logistic regression, whose sigmoid is monotone, so that"
        " the statement is read as one about such activations; others stand beside."
    ),
)
