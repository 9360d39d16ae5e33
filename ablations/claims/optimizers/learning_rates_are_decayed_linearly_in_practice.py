"""Habits of practice are counted in papers and programs, which no network can tell.

Whether a line is as good as another curve can be run, and is another question.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.landscapes import NOTES

CLAIM = Claim(
    statement="In practice learning rates are commonly decayed linearly.",
    strength="usually",
    rows=("A-OPT-13",),
    source=f"{NOTES}, learning rate decay",
    reference="Loshchilov and Hutter (2017), SGDR: stochastic gradient descent with"
    " warm restarts; Chen, Wolfe and Kyrillidis (2021), REX: revisiting budgeted"
    " training with an improved schedule",
    untestable="How many people use a schedule is no property of networks, so no run"
    " can tell. Chen, Wolfe and Kyrillidis (2021) name in their abstract linear decay,"
    " which they call the best one known for small budgets, and step, exponential and"
    " cosine decay beside it; nobody counted here which is most common.",
    answers={
        "": "Not tested: habits cannot be computed. Linear decay is one of several"
        " schedules that papers compare."
    },
    how="Nothing was trained; abstracts were read.",
)
