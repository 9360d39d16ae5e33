"""Every mistake moves the weights towards a separating direction.

It does so by at least the margin, while the squared length of the weights grows by at
most the squared radius, so mistakes end after (radius / margin)² updates. Without a
separating line there is no such direction, and the weights go round for ever.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.xor import SOURCE, measured

at_most = partial(measured, "perceptron", relation="at_most")
SHARE = "as a share of (radius / margin)²"
MOST = "most rows of XOR right at once in 100,000 updates"

CLAIM = Claim(
    statement=(
        "The perceptron is a single layer with a step output that sorts inputs into"
        " two groups."
    ),
    strength="always",
    rows=("A-XOR-17",),
    source=f"{SOURCE}, perceptron",
    reference="Rosenblatt (1958); Novikoff (1962), convergence proofs on perceptrons",
    core=(
        at_most("updates_over_bound_on_and", 1.0, f"updates on AND {SHARE}"),
        at_most("updates_over_bound_on_or", 1.0, f"updates on OR {SHARE}"),
    ),
    beside=(at_most("most_rows_right_on_xor", 3.0, MOST),),
    answers={
        "core most_rows_right_on_xor": (
            "Yes, where a line exists: it sorts AND and OR within the proven number of"
            " updates, but does not sort XOR in 100,000."
        ),
        "core": "Yes: it sorts AND and OR within the proven number of updates.",
        "!core": "No: it does not sort AND and OR within the proven number of updates.",
    },
    how="The perceptron rule was run on AND and OR, in every order of rows, and XOR.",
    caveats="Weights start at zero; the share is the largest over all orders of rows.",
)
