"""A uniform number is at most p with probability p.

The argument of Keras's layer is the other share, that of the units dropped.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.dropout import DROPOUT

# Four standard errors of a million fair coins.
TOLERANCE = 0.002

CLAIM = Claim(
    statement=(
        "A unit is kept if a uniform random number is at most p, which keeps a share p;"
        " Dropout(0.3) and Dropout(0.2) of the program keep 0.7 and 0.8."
    ),
    rows=("A-REG-29", "A-REG-39"),
    source=DROPOUT,
    reference="Srivastava et al. (2014), Dropout, section 4",
    predictions=(
        ExactCheck(
            label="share kept by the rule, less p",
            measurement="retained_share",
            quantity="deviation_of_the_rule",
            expected=0.0,
            tolerance=TOLERANCE,
        ),
        ExactCheck(
            label="share kept by Dropout(1 - p), less p",
            measurement="retained_share",
            quantity="deviation_of_dropout_of_1_minus_p",
            expected=0.0,
            tolerance=TOLERANCE,
        ),
        ExactCheck(
            label="share kept by Dropout(0.3)",
            measurement="retained_share",
            quantity="share_kept_by_dropout_0_3",
            expected=0.7,
            tolerance=TOLERANCE,
        ),
        ExactCheck(
            label="share kept by Dropout(0.2)",
            measurement="retained_share",
            quantity="share_kept_by_dropout_0_2",
            expected=0.8,
            tolerance=TOLERANCE,
        ),
    ),
    controls=(
        ExactCheck(
            label="share kept by Dropout(0.8), where p is taken for the argument",
            measurement="retained_share",
            quantity="share_kept_by_dropout_0_8",
            expected=0.2,
            tolerance=TOLERANCE,
        ),
    ),
    caveats=(
        "A million draws; p is 0.8 and 0.6. The notes speak of the share kept, their"
        " program passes the share dropped."
    ),
    findings={
        "supported": (
            "Of a million units the rule keeps p, to within {0}, and so does"
            " Dropout(1 - p), to within {1}; Dropout(0.3) keeps {2} and Dropout(0.2)"
            " {3}. Passed as the argument, a p of 0.8 would keep {controls[0]}."
        )
    },
)
