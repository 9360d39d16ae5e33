"""The statement compares a program with an organ and names nothing that can be counted.

A network trained here would look the same whether it held or not.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.depth.recipes import BASICS

CLAIM = Claim(
    statement="Deep learning mimics the human brain and how humans learn.",
    rows=("A-INT-21",),
    source=f"Deep learning notes, chapter 1; {BASICS}, opening",
    reference="McCulloch and Pitts (1943); Rosenblatt (1958), Psychological Review 65;"
    " Crick (1989), The recent excitement about neural networks, Nature 337; Lillicrap"
    " et al. (2020), Backpropagation and the brain, Nature Reviews Neuroscience 21",
    untestable="No result on a multi-layer perceptron would speak against it."
    " Artificial neurons were drawn up after nerve cells, but how brains learn is open:"
    " Crick (1989) held that backpropagation is unlikely in a brain, and Lillicrap et"
    " al. (2020) discuss what might stand in for it.",
    answers={
        "": "Not tested: no network trained here could speak for it or against it, and"
        " how brains learn is open."
    },
    how="Nothing was trained; the literature was read.",
)
