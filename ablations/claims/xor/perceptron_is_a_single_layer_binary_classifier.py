"""Every mistake moves the weights towards a separating direction.

It does so by at least the margin, while the weights' length grows by at most the
radius, so mistakes end after (radius / margin)² updates.
Without a separating line there is no such direction, and the weights go round for ever.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.xor import SOURCE

CLAIM = Claim(
    statement=(
        "The perceptron is a single layer with a step output that sorts inputs into"
        " two groups."
    ),
    rows=("A-XOR-17",),
    source=f"{SOURCE}, perceptron",
    reference="Rosenblatt (1958); Novikoff (1962), convergence proofs on perceptrons",
    predictions=(
        *(
            ExactCheck(
                label=f"updates on {name.upper()} as a share of (radius / margin)²",
                measurement="perceptron",
                quantity=f"updates_over_bound_on_{name}",
                expected=1.0,
                relation="at_most",
            )
            for name in ("and", "or")
        ),
        ExactCheck(
            label="rows of XOR right at once in 100,000 updates",
            measurement="perceptron",
            quantity="most_rows_right_on_xor",
            expected=3.0,
            relation="at_most",
        ),
    ),
    caveats="Weights start at zero; the share is the largest over all orders of rows.",
    findings={
        "supported": (
            "On AND and OR the perceptron stops after {0} and {1} of the proven"
            " bound on updates; on XOR it has at most {2} rows right at once in"
            " 100,000 updates."
        )
    },
)
