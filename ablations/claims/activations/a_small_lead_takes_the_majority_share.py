"""A lead multiplies the winner's odds by its exponential.

The number of others divides them. So half needs a lead of the logarithm of how many
others there are: zero against one other, about seven against 999.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.activations import NOTES
from ablations.rigs.readings import at_least, equals

LEADS = "softmax_leads"
CLASSES = (2, 3, 10, 1000)


def _wins(classes: int, lead: str) -> ExactCheck:
    """Predict over half for the winner, all others being equal."""
    name = lead.replace(".", "_")
    return at_least(
        LEADS,
        f"share_of_{classes}_by_{name}",
        0.5,
        key=f"of_{classes}_by_{name}",
        label=f"winner's share of {classes:,} classes, lead {lead}",
        at=("classes", classes),
    )


CLAIM = Claim(
    statement="Under softmax a small lead in the logits takes the majority of the"
    " probability.",
    strength="usually",
    rows=("A-ACT-26",),
    source=f"{NOTES}, winner takes most",
    axis="classes",
    core=tuple(_wins(k, lead) for lead in ("0.1", "1") for k in CLASSES),
    beside=(
        equals(LEADS, "share_of_10_at_that_lead", 0.5, 1e-6, key="law_10"),
        equals(LEADS, "share_of_1000_at_that_lead", 0.5, 1e-6, key="law_1000"),
    ),
    answers={
        "of_2_by_0_1 of_2_by_1 !of_3_by_0_1 of_3_by_1 !of_10_by_0_1 !of_10_by_1"
        " !of_1000_by_0_1 !of_1000_by_1": "It depends on the classes: of two any lead"
        " takes the majority; of ten, a lead of one takes {of_10_by_1.percent}.",
        "core": "Yes: a lead of a tenth takes over half, even among 1,000 classes.",
        "!core": "No: no lead takes over half, even of two classes.",
    },
    how="The winner's share was computed for leads of 0.1 and 1 over 1 to 999 equal"
    " classes; half needs the logarithm of their number.",
    caveats="A small lead is read as a tenth of a logit and as one; the notes name"
    " none, and their example has a lead of two.",
)
