"""He's rule keeps the size of signals through many layers of rectifiers.

It draws weights of variance 2 / fan_in, Glorot's rule of 2 / (fan_in + fan_out). With
two inputs and two hidden units that is 1 against ½: larger first outputs and slopes but
the same first kinks, and no depth through which sizes could drift.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.readings import yes_or_no
from ablations.rigs.xor import PRINTED_STEPS, SOURCE, network, solves, solves_more

HE = network().with_levels(initializer="He normal weights")


def _glorot(kind: str) -> Arm:
    arm = network(kernel_initializer=f"glorot_{kind}")
    return arm.with_levels(initializer=f"Glorot {kind} weights")


def _better(rival: str) -> Comparison:
    weights = f"Glorot {rival} weights"
    label = f"share of runs solved from He normal minus {weights}"
    at = ("rival start", weights)
    return solves_more(rival, label, HE, _glorot(rival), PRINTED_STEPS, at=at)


CLAIM = Claim(
    statement="He-normal weights are a good start for the leaky hidden layer.",
    rows=("A-XOR-19",),
    source=f"{SOURCE}, code",
    reference="He et al. (2015); Glorot and Bengio (2010)",
    axis="rival start",
    core=(_better("uniform"), _better("normal")),
    shown=(
        solves("from_he", HE, PRINTED_STEPS),
        solves("from_uniform", _glorot("uniform"), PRINTED_STEPS),
        solves("from_normal", _glorot("normal"), PRINTED_STEPS),
    ),
    answers=yes_or_no(
        "{uniform.treatment} of runs solve XOR from He's weights, against"
        " {uniform.control} from Glorot's uniform ones."
    ),
    how="{uniform.n} networks per start were trained for 100 updates on the four rows.",
    caveats=(
        "Good is read as at least two percentage points better than Glorot's."
        " The output layer starts from Glorot-uniform weights in every run."
    ),
)
