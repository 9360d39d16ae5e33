"""A uniform number is at most p with probability p.

The argument of Keras's layer is the other share, that of the units dropped.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.readings import equals
from ablations.rigs.regularization.dropout import DROPOUT

CHANCE = 0.002  # Four standard errors of a million fair coins.


def _kept(key: str, by: str, expected: float) -> ExactCheck:
    quantity, label = f"share_kept_by_dropout_0_{by[-2]}", f"share kept by {by}"
    return equals("retained_share", quantity, expected, CHANCE, key=key, label=label)


def _off(key: str, quantity: str, by: str) -> ExactCheck:
    label, quantity = f"share kept by {by}, off p", f"deviation_of_{quantity}"
    return equals("retained_share", quantity, 0, CHANCE, key=key, label=label)


CLAIM = Claim(
    statement="A unit is kept if a uniform random number is at most p, which keeps a"
    " share p; Dropout(0.3) and Dropout(0.2) of the program keep 0.7 and 0.8.",
    strength="always",
    rows=("A-REG-29", "A-REG-39"),
    source=DROPOUT,
    reference="Srivastava et al. (2014), Dropout, section 4",
    core=(
        _off("rule", "the_rule", "the rule"),
        _kept("first", "Dropout(0.3)", 0.7),
        _kept("second", "Dropout(0.2)", 0.8),
    ),
    beside=(_off("complement", "dropout_of_1_minus_p", "Dropout(1 - p)"),),
    controls=(_kept("mistaken", "Dropout(0.8)", 0.2),),
    answers={
        "core": "Yes: the program's two layers keep shares of {first} and {second}.",
        "!first": "No: Dropout(0.3) keeps a share of {first}.",
    },
    how="A million draws each were made by the rule and by Keras's layers.",
    caveats="The notes speak of the share kept, their program of the share dropped.",
)
