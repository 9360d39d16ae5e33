"""Under one gradient the velocity is a geometric series.

It ends at one over one less the coefficient: the closer to one, the longer the step,
and the more updates it takes.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.optimizers import MOMENTUM
from ablations.rigs.readings import at_most, equals

TERMINAL = "terminal_velocity"


def _ends_at(coefficient: float, times: float) -> ExactCheck:
    """Predict the length of the last step, to a hundredth."""
    name = str(coefficient).replace(".", "_")
    return equals(
        TERMINAL,
        f"times_at_{name}",
        times,
        times / 100,
        key=f"times_{name}",
        label=f"last step over a plain one, coefficient {coefficient}",
        at=("coefficient", coefficient),
    )


def _soon(coefficient: float) -> ExactCheck:
    name = str(coefficient).replace(".", "_")
    label = f"updates to 99 % of the last step, coefficient {coefficient}"
    quantity, key = f"updates_to_reach_it_at_{name}", f"soon_{name}"
    return at_most(TERMINAL, quantity, 100, key=key, label=label)


CLAIM = Claim(
    statement="Under one gradient momentum speeds up until its step is one over (1 -"
    " coefficient) times as long as a plain one: ten times at 0.9.",
    strength="always",
    rows=("A-OPT-19",),
    source=f"{MOMENTUM}, terminal velocity",
    reference="Goodfellow, Bengio and Courville (2016), Deep learning, section 8.3.2",
    axis="coefficient",
    core=(
        _ends_at(0.9, 10.0),
        _ends_at(0.5, 2.0),
        _ends_at(0.99, 100.0),
        equals(
            TERMINAL, "share_of_steps_longer_than_the_one_before", 1.0, key="growing"
        ),
    ),
    beside=(_soon(0.9), _soon(0.99)),
    answers={
        "core soon_0_9": "Yes: steps grow to {times_0_9} times a plain one, nearly all"
        " of it within {soon_0_9} updates.",
        "core": "Yes: steps grow to {times_0_9} times a plain one.",
        "!core": "No: steps neither keep growing nor end at the printed length.",
    },
    how="The printed rule took 2,000 updates under one gradient, with coefficients of"
    " 0.5, 0.9 and 0.99.",
)
