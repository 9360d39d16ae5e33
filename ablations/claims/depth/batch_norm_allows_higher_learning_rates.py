"""Behind batch norm a layer's output does not depend on the size of its weights.

A step that is too long makes weights larger, and their gradients smaller in turn, so
that training calms down instead of diverging.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.rigs.depth.recipes import BASICS, SEEDS, learns, rescues, succeeds
from ablations.rigs.depth.signals import HE, untuned
from ablations.rigs.readings import rarely


def _arm(optimizer: str, rate: float, norm: str | None = None) -> Arm:
    return untuned(
        optimizer=optimizer,
        learning_rate=rate,
        activation="relu",
        initializer=HE,
        depth=8,
        batch_norm=norm,
    )


CLAIM = Claim(
    statement="Batch normalization allows higher learning rates.",
    rows=("B-SOL-8",),
    source=f"{BASICS}, batch normalization",
    reference="Ioffe and Szegedy (2015); Bjorck et al. (2018)",
    axis="optimizer",
    core=(
        rescues(
            _arm("sgd", 0.6, "before"),
            _arm("sgd", 0.6),
            key="sgd",
            label="share of learning runs that batch norm adds, SGD at rate 0.6",
        ),
        rescues(
            _arm("adam", 0.03, "before"),
            _arm("adam", 0.03),
            key="adam",
            label="share of learning runs that batch norm adds, Adam at rate 0.03",
            quick=False,
        ),
    ),
    beside=(
        succeeds(
            _arm("sgd", 1.8, "before"),
            key="sgd_thrice",
            label="runs that learn with batch norm, SGD at rate 1.8",
        ),
        succeeds(
            _arm("adam", 0.09, "before"),
            key="adam_thrice",
            label="runs that learn with batch norm, Adam at rate 0.09",
            quick=False,
        ),
    ),
    controls=(
        rarely(
            _arm("sgd", 0.6),
            learns(),
            key="sgd_plain",
            label="runs that learn without batch norm, SGD at rate 0.6",
        ),
        succeeds(
            _arm("sgd", 0.2),
            key="sgd_third",
            label="runs that learn without batch norm, SGD at rate 0.2",
        ),
        succeeds(
            _arm("adam", 0.01),
            key="adam_third",
            label="runs that learn without batch norm, Adam at rate 0.01",
            quick=False,
        ),
    ),
    shown=(
        rarely(
            _arm("adam", 0.03),
            learns(),
            key="adam_plain",
            label="runs that learn without batch norm, Adam at rate 0.03",
            quick=False,
        ),
    ),
    seeds=SEEDS,
    answers={
        "core": (
            "Yes: at rates too high for plain networks, all eight layers learn more"
            " often with batch norm: {sgd.treatment} runs by SGD, {sgd.control}"
            " without."
        ),
        "!core": "No: where rates are too high for plain networks, batch norm does not"
        " add twenty percentage points of runs that learn.",
    },
    how=(
        "Twenty networks of eight ReLU layers with He's weights for every rate, with"
        " and without batch norm, 500 updates in batches of 32."
    ),
    caveats=(
        "To learn is to classify half of the training rows. How high the limit is with"
        " batch norm also depends on the size of the first weights. Accuracy is at"
        " inference, with moving averages of momentum 0.99."
    ),
    figure="rate_limits",
)
