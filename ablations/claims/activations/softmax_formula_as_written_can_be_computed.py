"""The formula raises e to each logit before it divides.

Float32 ends at about e to the 88.7, and infinity over infinity is no number; taking the
largest logit off first changes nothing else.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.activations import NOTES
from ablations.rigs.readings import equals

OVERFLOW = "softmax_overflow"


def _is_finite(largest: int) -> ExactCheck:
    return equals(
        OVERFLOW,
        f"finite_up_to_{largest}",
        1.0,
        key=f"logit_{largest}",
        label=f"whether it is finite at a logit of {largest} (1 yes, 0 no)",
        at=("largest logit", largest),
    )


CLAIM = Claim(
    statement="The softmax formula as written can be computed for logits of up to 100.",
    strength="always",
    rows=("A-ACT-31",),
    source=f"{NOTES}, softmax; the bound is ours",
    reference="Goodfellow, Bengio and Courville (2016), Deep Learning, section 4.1",
    axis="largest logit",
    core=(_is_finite(50), _is_finite(80), _is_finite(100)),
    beside=(
        equals(
            OVERFLOW,
            "shifted_is_finite",
            1.0,
            key="shifted",
            label="whether the shifted form is finite at 10,000 (1 yes, 0 no)",
        ),
        equals(OVERFLOW, "deviation_of_both_forms", 0.0, 1e-6, key="same"),
    ),
    answers={
        "logit_80 !logit_100 shifted": "No: in float32 it fails at a logit of 100; with"
        " the largest logit taken off first it works for far larger ones.",
        "core": "Yes: the formula as written is finite for logits of up to 100.",
        "!core": "No: the formula as written already fails at a logit of 50.",
    },
    how="The formula was computed in float32 for largest logits of 50, 80 and 100, and"
    " with the largest taken off first for 10,000.",
)
