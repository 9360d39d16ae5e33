"""A run that has found the right kinks still has to bring four outputs home.

After 100 updates it is caught on the way, and how far it has come depends on its start;
a run without the right kinks keeps at least one large error.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.xor import PRINTED, PRINTED_STEPS, SOURCE, shown_rate, within

CLAIM = Claim(
    statement="A fit as good as the printed one is typical of the printed program.",
    rows=("A-XOR-14",),
    source=f"{SOURCE}, output of the code",
    arms={"printed program": Arm(config=PRINTED)},
    predictions=(
        SuccessRate(
            label="errors as small as printed",
            arm="printed program",
            score=within(0.0094, PRINTED_STEPS),
            bound=0.5,
        ),
    ),
    shown=(shown_rate("all four rows right", "printed program", PRINTED_STEPS),),
    caveats="Typical is read as more often than not.",
    figure="stuck",
    findings={
        "refuted": (
            "Only {0} of {0.n} runs fit as well as the printed one;"
            " {shown[0].brief} get all four rows right at all."
        )
    },
)
