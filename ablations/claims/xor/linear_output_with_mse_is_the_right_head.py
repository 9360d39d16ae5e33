"""Both heads send back the same kind of signal, the output minus the target.

They differ once a row is right: the linear output still has to hit its target exactly,
the sigmoid only has to stay on its side of ½.
"""

from typing import Any

from ablations.protocol.arm import Arm, TuneConfig
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.xor import SMALLEST_EFFECT, SOURCE, solved, xor_arm

BUDGETS = (100, 500)
RATES = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
HEADS: dict[str, dict[str, Any]] = {
    "linear and MSE": {"output_activation": "linear", "loss": "mse"},
    "sigmoid and BCE": {
        "output_activation": "sigmoid",
        "loss": "binary_crossentropy",
    },
}

FINDING = (
    "With rates tuned for each head, the linear head with MSE solves XOR in"
    " {0.treatment} of runs after 100 updates and {1.treatment} after 500, the"
    " sigmoid head with cross-entropy in {0.control} and {1.control}: {0} and {1}"
    " over {0.n} seeds."
)

CLAIM = Claim(
    statement="A linear output with the mean squared error is the right head for XOR.",
    rows=("A-XOR-23",),
    source=f"{SOURCE}, code",
    arms={
        f"{name}, {steps} updates": Arm(
            config=xor_arm(num_steps=steps, **head),
            tune=TuneConfig(learning_rates=RATES, score=solved(steps), seeds=400),
        )
        for name, head in HEADS.items()
        for steps in BUDGETS
    },
    predictions=tuple(
        Comparison(
            label=f"linear against sigmoid head after {steps} updates",
            treatment=f"linear and MSE, {steps} updates",
            control=f"sigmoid and BCE, {steps} updates",
            score=solved(steps),
            margin=SMALLEST_EFFECT,
            direction="no_less",
        )
        for steps in BUDGETS
    ),
    caveats="Each head has its own learning rate, chosen on other seeds.",
    findings={"refuted": FINDING, "inconclusive": FINDING},
)
