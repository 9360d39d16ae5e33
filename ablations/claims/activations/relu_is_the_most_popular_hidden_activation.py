"""Popularity is counted in programs and papers, which no network can tell.

A count depends on what is counted: small networks, or today's language models.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.activations import NOTES

CLAIM = Claim(
    statement="ReLU is the most popular activation of hidden layers.",
    strength="always",
    rows=("A-ACT-18",),
    source=f"{NOTES}, ReLU",
    reference="Ramachandran, Zoph and Le (2017), Searching for activation functions;"
    " Hendrycks and Gimpel (2016), Gaussian error linear units",
    untestable="How many people use an activation is no property of networks, so no"
    " run can tell. Ramachandran et al. (2017) wrote in their abstract that the most"
    " successful and widely used activation was ReLU; many large language models since"
    " then use GELU or gated variants of Swish, which was not counted here.",
    answers={
        "": "Not tested: popularity cannot be computed. In 2017 a paper on activations"
        " called ReLU the most widely used."
    },
    how="Nothing was trained; abstracts were read.",
)
