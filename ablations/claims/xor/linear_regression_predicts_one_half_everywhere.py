"""With both weights zero the prediction no longer depends on the input.

Only the intercept is left, every residual is one half, and the mean of the four squares
is one quarter.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.xor import SOURCE

CLAIM = Claim(
    statement="Linear regression predicts ½ for every XOR input, at a cost of ¼.",
    rows=("A-XOR-2",),
    source=f"{SOURCE}, linear regression",
    reference="Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.1",
    predictions=(
        ExactCheck(
            label="predictions",
            measurement="least_squares",
            quantity="predictions",
            expected=0.5,
            tolerance=1e-12,
        ),
        ExactCheck(
            label="cost",
            measurement="least_squares",
            quantity="cost",
            expected=0.25,
            tolerance=1e-12,
        ),
    ),
    findings={"supported": ("Every prediction is {0}, and the cost is {1}.")},
)
