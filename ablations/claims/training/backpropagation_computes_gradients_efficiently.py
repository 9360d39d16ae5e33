"""One pass back visits every layer once and gives all entries of the gradient.

Differences need a forward pass for each entry, so that a network with more parameters
pays twice: for more entries, and for longer passes.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.backpropagation import BASICS
from ablations.rigs.readings import Said, at_least, at_most

COST = "gradient_cost"
POWERS = (2, 3, 4, 5, 6)
FEW, MANY = 5.0, 10.0
"""Forward passes that a gradient may cost, and times that differences must cost."""


def _said(key: str, power: int, words: str) -> Said:
    at = ("parameters", float(10**power))
    label = f"{words}, {10**power:,} parameters"
    return {"key": f"{key}_{power}", "at": at, "label": label}


def _is_cheap(power: int) -> ExactCheck:
    """Predict that a gradient costs few forward passes, by the end of the interval."""
    said = _said("cheap", power, "most forward passes that a gradient costs")
    quantity = f"most_gradient_over_forward_at_{power}"
    return at_most(COST, quantity, FEW, **said).replace(timed=True)


def _saves(power: int) -> ExactCheck:
    """Predict that differences take many times as long."""
    said = _said("saves", power, "time by differences over that by backpropagation")
    quantity = f"differences_over_gradient_at_{power}"
    return at_least(COST, quantity, MANY, **said).replace(timed=True)


CLAIM = Claim(
    statement="Backpropagation computes gradients efficiently.",
    rows=("B-TRN-10",),
    source=f"{BASICS}, backpropagation",
    reference="Griewank and Walther (2008), Evaluating derivatives",
    axis="parameters",
    core=(*map(_is_cheap, POWERS), *map(_saves, POWERS)),
    beside=(
        at_least(
            COST,
            "power_of_parameters_in_differences",
            0.8,
            key="power",
            label="power of the number of parameters by which differences lose",
        ).replace(timed=True),
    ),
    standard_only=True,
    answers={
        "core": "Yes: a gradient costs at most {cheap_6} forward passes with a million"
        " parameters; by differences it takes {saves_6} times as long.",
        "!core": "No: a gradient costs over five forward passes at every size, and"
        " differences hardly more.",
        "cheap_6 saves_6": "For large networks: with a million parameters a gradient"
        " costs at most {cheap_6} forward passes, by differences {saves_6} times as"
        " much.",
    },
    how="Gradients of networks of three layers, with a hundred to a million parameters,"
    " were timed in turn with forward passes and with differences.",
    caveats="NumPy with one thread on 16 rows; numbers differ between machines and each"
    " time. A gradient includes the forward pass it needs; of differences twenty"
    " entries at most were computed, and their time counts for all.",
)
