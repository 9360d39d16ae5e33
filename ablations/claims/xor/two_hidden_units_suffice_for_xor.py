"""One hidden unit passes on a monotone function of one weighted sum.

That is a linear rule again, whatever the output layer does with it.
Two units have two kinks, enough for an output that rises and falls along a diagonal.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.xor import SOURCE, measured, network, never_solves, solves

UNITS, BEST = "hidden_units", "best_accuracy_of_one_unit"
ONE = "share of the rows that the best hand-set single unit gets right"
TWO = "largest error of a hand-set network with two units"

CLAIM = Claim(
    statement="Two neurons in one hidden layer suffice for XOR, and one does not.",
    strength="always",
    rows=("A-XOR-9",),
    source=f"{SOURCE}, solution",
    reference="Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.1",
    core=(
        measured(UNITS, "error_of_two_units", 0.0, TWO),
        measured(UNITS, BEST, 0.75, ONE, relation="at_most"),
        never_solves("one_relu", network("ReLU", 1)),
        never_solves("one_leaky", network("leaky ReLU", 1)),
    ),
    beside=(
        solves("two_relu", network("ReLU"), share=0.05),
        solves("two_leaky", network("leaky ReLU"), share=0.05),
    ),
    answers={
        "core two_relu two_leaky": (
            "Yes, for ReLU: two units represent XOR, one cannot. Trained, two ReLU"
            " units learn it in {two_relu} of runs, leaky ones in {two_leaky}."
        ),
        "core": "Yes: two units represent XOR, and one gets three rows at best.",
        "!error_of_two_units": (
            "No: the network with two units is {error_of_two_units} off."
        ),
        "!best_accuracy_of_one_unit": "No: one hidden unit is enough.",
    },
    how=(
        "{two_relu.n} networks per width and activation were trained for 5,000 updates"
        " on the four rows, and networks set by hand were searched."
    ),
    caveats=(
        "Suffice means that such weights exist, not that training finds them. One"
        " hidden unit is enough if the output also reads the inputs."
    ),
)
