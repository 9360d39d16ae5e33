"""Below zero an ELU takes an exponential of its input, where ReLU puts out zero.

Above zero both pass on what they are given.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.activations import BASICS, takes_longer

CLAIM = Claim(
    statement="ELU is slower to compute than ReLU.",
    rows=("B-ACT-29",),
    source=f"{BASICS}, table of activations",
    reference="Clevert, Unterthiner and Hochreiter (2016), Fast and accurate deep"
    " network learning by exponential linear units",
    core=(takes_longer("forward", "elu"),),
    beside=(takes_longer("backward", "elu"), takes_longer("step", "elu")),
    answers={
        "core step_elu": (
            "Yes: ELU takes at least {forward_elu.least} times as long as ReLU, and an"
            " update of two wide layers at least {step_elu.least} times."
        ),
        "core !step_elu": "Yes: ELU takes at least {forward_elu} times as long as ReLU;"
        " an update of two wide layers takes hardly longer.",
        "!core": "No: ELU does not surely take longer than ReLU.",
    },
    how="Both on a layer of 256 units and 256 rows, and updates of two such layers,"
    " were timed in turn.",
    caveats="Times are those of NumPy on one thread of one machine. Each ratio is the"
    " lower end of the 95 % interval of a median.",
)
