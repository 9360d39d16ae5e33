"""One hidden unit passes on a monotone function of one weighted sum.

That is a linear rule again, whatever the output layer does with it.
Two units have two kinks, enough for an output that rises and falls along a diagonal.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck, SuccessRate
from ablations.rigs.xor import NEVER, PRINTED, RELU, SOURCE, solved, width_arm

ONE_UNIT = {"one ReLU unit": "relu", "one leaky unit": "leaky_relu"}
TWO_UNITS = {"two ReLU units": RELU, "two leaky units": PRINTED}

CLAIM = Claim(
    statement="Two neurons in one hidden layer suffice for XOR, and one does not.",
    rows=("A-XOR-9",),
    source=f"{SOURCE}, solution",
    reference="Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.1",
    arms={
        **{
            name: Arm(config=width_arm(1, activation))
            for name, activation in ONE_UNIT.items()
        },
        **{name: Arm(config=config) for name, config in TWO_UNITS.items()},
    },
    predictions=(
        ExactCheck(
            label="largest error of a hand-set network with two units",
            measurement="hidden_units",
            quantity="error_of_two_units",
            expected=0.0,
        ),
        ExactCheck(
            label="best accuracy of hand-set networks with one unit",
            measurement="hidden_units",
            quantity="best_accuracy_of_one_unit",
            expected=0.75,
            relation="at_most",
        ),
        *(
            SuccessRate(label=f"trained, {name}", arm=name, score=solved(), bound=0.05)
            for name in TWO_UNITS
        ),
        *(
            SuccessRate(
                label=f"trained, {name}",
                arm=name,
                score=solved(),
                bound=NEVER,
                direction="at_most",
            )
            for name in ONE_UNIT
        ),
    ),
    caveats=(
        "That two units suffice means that some runs find a solution, not that most do."
        " One hidden unit is enough if the output also reads the inputs."
    ),
    findings={
        "supported": (
            "A hand-made network with two units has error {0}; trained, {2} of"
            " {2.n} ReLU networks and {3.brief} of leaky ones learn XOR with two"
            " units, and {4} and {5.brief} with one."
        )
    },
)
