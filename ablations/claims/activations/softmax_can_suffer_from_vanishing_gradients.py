"""A share near zero or one hardly moves when a logit does.

A squared error passes through these slopes and vanishes with them; the logarithm of
cross-entropy divides by the share and cancels them.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.activations import BASICS
from ablations.rigs.readings import at_most

WORDS = {"squared_error": "squared error", "cross_entropy": "cross-entropy"}


def _vanishes(loss: str, lead: int = 20) -> ExactCheck:
    """Predict a hundredth of the largest gradient where a wrong class leads so far."""
    key = loss if lead == 20 else f"{loss}_{lead}"
    return at_most(
        "softmax_gradients",
        f"relative_gradient_of_{loss}_at_{lead}",
        0.01,
        key=key,
        label=f"gradient over the largest, {WORDS[loss]}, wrong by {lead} logits",
        at=("loss", WORDS[loss]),
    )


CLAIM = Claim(
    statement="Softmax can suffer from vanishing gradients.",
    strength="can",
    rows=("B-ACT-33",),
    source=f"{BASICS}, table of activations",
    reference="Golik, Doetsch and Ney (2013), Cross-entropy vs. squared error training:"
    " a theoretical and experimental comparison",
    axis="loss",
    core=(_vanishes("squared_error"), _vanishes("cross_entropy")),
    beside=(_vanishes("squared_error", 5), _vanishes("cross_entropy", 5)),
    answers={
        "squared_error !cross_entropy": "Yes with squared error: nothing is left when a"
        " wrong class leads by 20. Cross-entropy, the usual loss, keeps the whole"
        " gradient.",
        "core": "Yes: with either loss a confident mistake leaves no gradient.",
        "!core": "No: with either loss a confident mistake leaves a gradient.",
    },
    how="Gradients by the logits of two classes were computed by automatic"
    " differentiation for leads of the wrong class up to 20.",
    caveats="The gradient at the logits; what layers below make of it is a matter of"
    " other claims.",
)
