"""AdaGrad divides by a root.

Inversely proportional would be: four times the sum, a quarter of the rate.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.optimizers import ADAGRAD
from ablations.rigs.readings import equals

SUMS = "fourfold_sums"
divisor = partial(equals, SUMS, "divisor_of_the_rate", tolerance=0.01)

CLAIM = Claim(
    statement="AdaGrad's learning rate is inversely proportional to the sum of squared"
    " gradients.",
    strength="always",
    rows=("A-OPT-25",),
    source=f"{ADAGRAD}, why sparse features get larger updates",
    reference="Duchi, Hazan and Singer (2011), Adaptive subgradient methods for online"
    " learning and stochastic optimization",
    core=(
        divisor(
            expected=4.0,
            key="fourfold",
            label="divisor of the rate when the sum grows fourfold",
        ),
    ),
    beside=(
        divisor(
            expected=2.0,
            key="root",
            label="divisor of the rate when the root of the sum doubles",
        ),
        equals(SUMS, "share_of_updates_at_which_the_rate_falls", 1.0, key="falls"),
    ),
    answers={
        "!core root falls": "No, to its root: when the sum grows fourfold, the rate is"
        " divided by {root}; but it does fall with every update.",
        "core": "Yes: when the sum grows fourfold, the rate is a quarter.",
        "!core": "No: when the sum grows fourfold, the rate is divided by {fourfold}.",
    },
    how="Updates of Keras's AdaGrad were divided by their gradients, as sums grew from"
    " 1 to 4 and to 16.",
)
