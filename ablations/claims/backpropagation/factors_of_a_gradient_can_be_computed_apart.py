"""On paper the slope of the sigmoid cancels before anything is computed.

In float32 a large logit makes the slope zero. The other factor is then infinite, and
infinity times zero is no number.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.backpropagation import NOTES
from ablations.rigs.readings import equals

FACTORS = "factors_in_float32"


def _is_right(logit: int) -> ExactCheck:
    quantity, key = f"product_is_right_at_{logit}", f"logit_{logit}"
    label = f"whether the product is right at a logit of {logit} (1 yes, 0 no)"
    at = ("logit", logit)
    return equals(FACTORS, quantity, 1.0, key=key, label=label, at=at)


CLAIM = Claim(
    statement="The factors of the gradient can be computed one by one, as printed, and"
    " then multiplied.",
    strength="can",
    rows=("A-BP-7",),
    source=f"{NOTES}, loss by logit; that this is how to compute it is implied",
    axis="logit",
    implied=True,
    core=(_is_right(5), _is_right(20), _is_right(100)),
    beside=(equals(FACTORS, "short_form_at_100", 1.0, 1e-6, key="short"),),
    answers={
        "logit_5 !logit_100": "Yes for small logits; in float32 the product is no"
        " number for a confident mistake, where prediction less target is right.",
        "core": "Yes: the product is right even for a logit of 100.",
        "!core": "No: the product is wrong even for a logit of 5.",
    },
    how="Both factors were computed in float32 for the target zero and logits of 5, 20"
    " and 100.",
)
