"""Neither input of XOR is correlated with the target.

Each input is 1 on two rows whose targets average ½ and 0 on two others that do so too,
so least squares gives both inputs no weight, and the intercept is the mean target.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.protocol.score import ScoreConfig
from ablations.rigs.readings import mostly
from ablations.rigs.xor import SOURCE, measured, neuron

solved = partial(measured, "least_squares", tolerance=1e-12)
DESCENT = neuron("linear", optimizer="sgd", learning_rate=0.3)
REACHED = ScoreConfig(
    quantity="distance_from_least_squares",
    at_most=1e-3,
    words="end within 0.001 of weights 0 and bias ½",
)
TRAINED = "trained linear neurons that reach the least-squares solution"

CLAIM = Claim(
    statement="Least squares on XOR gives two zero weights and an intercept of ½.",
    strength="always",
    rows=("A-XOR-1",),
    source=f"{SOURCE}, linear regression",
    reference="Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.1",
    core=(
        solved("weights", 0.0, "weights from the normal equations"),
        solved("intercept", 0.5, "intercept from the normal equations"),
    ),
    beside=(mostly(DESCENT, REACHED, 0.99, key="trained", label=TRAINED),),
    answers={
        "core": "Yes: both inputs get zero weight, and the intercept is one half.",
        "!weights": "No: an input gets a weight of {weights}, not zero.",
        "!intercept": "No: the intercept is {intercept}, not one half.",
    },
    how=(
        "The normal equations were solved, and {trained.n} linear neurons were trained"
        " for 2,000 updates of gradient descent on the four rows."
    ),
    caveats=(
        "Gradient descent at rate 0.3 converges on this quadratic from every start."
        " Adam at a constant rate also gets there, but is thrown off again from time to"
        " time, when its running mean of squared gradients has shrunk to rounding"
        " noise. First Adam was used, with 1,000 runs: 99.1 % reached the solution,"
        " which did not decide. Then we changed to gradient descent and 10,000 runs;"
        " the first 1,000 of these give the same outcome."
    ),
)
