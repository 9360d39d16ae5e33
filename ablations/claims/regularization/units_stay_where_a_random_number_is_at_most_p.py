"""A uniform number is at most p with probability p.

The argument of Keras's layer is the other share, that of the units dropped.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.dropout import DROPOUT
from ablations.rigs.regularization.readings import measured


def _kept(key: str, label: str, quantity: str, expected: float) -> ExactCheck:
    # Four standard errors of a million fair coins.
    return measured("retained_share", key, label, quantity, expected, 0.002)


CLAIM = Claim(
    statement=(
        "A unit is kept if a uniform random number is at most p, which keeps a share p;"
        " Dropout(0.3) and Dropout(0.2) of the program keep 0.7 and 0.8."
    ),
    strength="always",
    rows=("A-REG-29", "A-REG-39"),
    source=DROPOUT,
    reference="Srivastava et al. (2014), Dropout, section 4",
    core=(
        _kept("rule", "share kept by the rule, less p", "deviation_of_the_rule", 0.0),
        _kept("first", "share kept by Dropout(0.3)", "share_kept_by_dropout_0_3", 0.7),
        _kept("second", "share kept by Dropout(0.2)", "share_kept_by_dropout_0_2", 0.8),
    ),
    beside=(
        _kept(
            "complement",
            "share kept by Dropout(1 - p), less p",
            "deviation_of_dropout_of_1_minus_p",
            0.0,
        ),
    ),
    controls=(
        _kept(
            "mistaken",
            "share kept by Dropout(0.8), where p is taken for the argument",
            "share_kept_by_dropout_0_8",
            0.2,
        ),
    ),
    answers={
        "core": "Yes: the program's two layers keep shares of {first} and {second}.",
        "!first": "No: Dropout(0.3) keeps a share of {first}.",
    },
    how="A million draws of the rule and of Keras's layers.",
    caveats=(
        "p is 0.8 and 0.6. The notes speak of the share kept, their program passes the"
        " share dropped; a p of 0.8 passed as the argument would keep 0.2."
    ),
)
