"""With both weights zero the prediction no longer depends on the input.

Only the intercept is left, every residual is one half, and the mean of the four squares
is one quarter.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.xor import SOURCE, measured

solved = partial(measured, "least_squares", tolerance=1e-12)

CLAIM = Claim(
    statement="Linear regression predicts ½ for every XOR input, at a cost of ¼.",
    strength="always",
    rows=("A-XOR-2",),
    source=f"{SOURCE}, linear regression",
    reference="Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.1",
    core=(
        solved("predictions", 0.5, "predictions for the four inputs"),
        solved("cost", 0.25, "mean squared error"),
    ),
    answers={
        "core": "Yes: it predicts {predictions} for every input, at a cost of {cost}.",
        "!predictions": "No: for one input it predicts {predictions}, not one half.",
        "!cost": "No: the cost is {cost}, not one quarter.",
    },
    how="The normal equations of the four rows were solved.",
)
