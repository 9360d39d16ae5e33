"""A run that has found the right kinks still has to bring four outputs home.

After 100 updates it is caught on the way, and how far it has come depends on its start;
a run without the right kinks keeps at least one large error.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.readings import mostly
from ablations.rigs.xor import PRINTED_STEPS, PROGRAM, SOURCE, solves, within

AS_GOOD = within(0.0094, PRINTED_STEPS)
RUNS = "runs with errors as small as the printed ones"

CLAIM = Claim(
    statement="A fit as good as the printed one is typical of the printed program.",
    rows=("A-XOR-14",),
    source=f"{SOURCE}, output of the code",
    core=(mostly(PROGRAM, AS_GOOD, 0.5, key="as_good", label=RUNS),),
    shown=(solves("solved", PROGRAM, PRINTED_STEPS),),
    answers={
        "!core": (
            "No: {as_good} of runs come as close to the targets as the printed one, and"
            " only {solved} get all four rows right."
        ),
        "core": "Yes: {as_good} of runs come as close as the printed one.",
    },
    how="The printed program was run for 100 updates from {as_good.n} starts.",
    caveats="Typical is read as more often than not.",
    figure="stuck",
)
