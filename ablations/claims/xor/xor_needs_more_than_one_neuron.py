"""A neuron sees its inputs only through one weighted sum.

The sums of the two mixed inputs and of the two equal inputs have the same mean, so a
monotone activation cannot put the first pair above ½ and the second below.
One that falls and rises can: the square of x1 - x2 is XOR, and so is half a cosine wave
in x1 + x2.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck, SuccessRate
from ablations.rigs.xor import NEVER, SOURCE, single_neuron, solved

MONOTONE = ("linear", "sigmoid", "tanh", "relu", "leaky_relu")
HALF_WAVE = {"name": "cosine", "output_scale": -0.5, "output_shift": 0.5}
ACTIVATIONS = {name: name for name in (*MONOTONE, "square")} | {"cosine": HALF_WAVE}

CLAIM = Claim(
    statement="XOR needs more than one neuron.",
    rows=("A-XOR-5",),
    source=f"{SOURCE}, logistic regression",
    reference="Minsky and Papert (1969), Perceptrons",
    arms={
        f"{name} neuron": Arm(config=single_neuron(activation))
        for name, activation in ACTIVATIONS.items()
    },
    predictions=(
        ExactCheck(
            label="best hand-set neuron with a monotone activation",
            measurement="single_neurons",
            quantity="best_accuracy_if_monotone",
            expected=0.75,
            relation="at_most",
        ),
        *(
            ExactCheck(
                label=f"largest error of a hand-set {name} neuron",
                measurement="single_neurons",
                quantity=f"error_of_{name}",
                expected=0.5,
                relation="at_least",
            )
            for name in ("square", "cosine")
        ),
        *(
            SuccessRate(
                label=f"trained {name} neuron",
                arm=f"{name} neuron",
                score=solved(),
                bound=NEVER,
                direction="at_most",
            )
            for name in ACTIVATIONS
        ),
    ),
    caveats="The notes argue from logistic regression, whose sigmoid is monotone.",
    findings={
        "conditional": (
            "True of monotone activations: a hand-set neuron gets at most {0} of"
            " the rows right, and a trained sigmoid neuron solves XOR in {4} of"
            " {4.n} runs. False of others: a square or a cosine solves it exactly by"
            " hand, and when trained in {8.brief} and {9.brief} of runs."
        )
    },
)
