"""He's rule keeps the size of signals through many layers of rectifiers.

It draws weights of variance 2 / fan_in, Glorot's rule of 2 / (fan_in + fan_out).
With two inputs and two hidden units that is 1 against ½: a wider spread of the first
kinks, but no depth through which sizes could drift.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.xor import PRINTED_STEPS, SOURCE, network, solves, solves_more

HE = network().with_levels(initializer="He normal weights")
UNIFORM = network(kernel_initializer="glorot_uniform").with_levels(
    initializer="Glorot uniform weights"
)
NORMAL = network(kernel_initializer="glorot_normal").with_levels(
    initializer="Glorot normal weights"
)

CLAIM = Claim(
    statement="He-normal weights are a good start for the leaky hidden layer.",
    rows=("A-XOR-19",),
    source=f"{SOURCE}, code",
    reference="He et al. (2015); Glorot and Bengio (2010)",
    axis="rival start",
    core=(
        solves_more(
            "uniform",
            "share of runs solved from He normal minus Glorot uniform weights",
            HE,
            UNIFORM,
            PRINTED_STEPS,
            at=("rival start", "Glorot uniform weights"),
        ),
        solves_more(
            "normal",
            "share of runs solved from He normal minus Glorot normal weights",
            HE,
            NORMAL,
            PRINTED_STEPS,
            at=("rival start", "Glorot normal weights"),
        ),
    ),
    shown=(
        solves("from_he", HE, PRINTED_STEPS),
        solves("from_uniform", UNIFORM, PRINTED_STEPS),
        solves("from_normal", NORMAL, PRINTED_STEPS),
    ),
    answers={
        "!core": (
            "No: {uniform.treatment} of runs solve XOR from He's weights, against"
            " {uniform.control} from Glorot's uniform ones."
        ),
        "core": (
            "Yes: {uniform.treatment} of runs solve XOR from He's weights, against"
            " {uniform.control} from Glorot's uniform ones."
        ),
    },
    how="{uniform.n} networks per start were trained for 100 updates on the four rows.",
    caveats="The output layer starts from Glorot-uniform weights in every run.",
)
