"""He's rule keeps the size of signals through many layers of rectifiers.

It draws weights of variance 2 / fan_in, Glorot's rule of 2 / (fan_in + fan_out).
With two inputs and two hidden units that is 1 against ½: a wider spread of the first
kinks, but no depth through which sizes could drift.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.xor import (
    PRINTED,
    PRINTED_STEPS,
    SMALLEST_EFFECT,
    SOURCE,
    shown_rate,
    solved,
    xor_arm,
)

GLOROT = ("glorot_uniform", "glorot_normal")

CLAIM = Claim(
    statement="He-normal weights are a good start for the leaky hidden layer.",
    rows=("A-XOR-19",),
    source=f"{SOURCE}, code",
    reference="He et al. (2015); Glorot and Bengio (2010)",
    arms={
        "he_normal": Arm(config=PRINTED),
        **{name: Arm(config=xor_arm(kernel_initializer=name)) for name in GLOROT},
    },
    predictions=tuple(
        Comparison(
            label=f"he_normal against {name}",
            treatment="he_normal",
            control=name,
            score=solved(PRINTED_STEPS),
            margin=SMALLEST_EFFECT,
        )
        for name in GLOROT
    ),
    shown=tuple(
        shown_rate(name, name, PRINTED_STEPS) for name in ("he_normal", *GLOROT)
    ),
    caveats="The output layer starts from Glorot-uniform weights in every arm.",
    findings={
        "refuted": (
            "He-normal starts are no better: {0.treatment} of runs are solved after"
            " 100 updates, against {0.control} from Glorot-uniform, {0}, and"
            " {1.control} from Glorot-normal, {1}, over {0.n} seeds."
        )
    },
)
