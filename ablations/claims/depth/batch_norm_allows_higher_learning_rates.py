"""Behind batch norm a layer's output does not depend on the size of its weights.

A step that is too long makes weights larger, and their gradients smaller in turn, so
that training calms down instead of diverging.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.rigs.depth import recipes
from ablations.rigs.depth.recipes import learns, rescues, succeeds
from ablations.rigs.depth.signals import HE, untuned
from ablations.rigs.readings import Said, rarely


def _arm(optimizer: str, rate: float, norm: str | None = None) -> Arm:
    return untuned(
        activation="relu",
        initializer=HE,
        optimizer=optimizer,
        batch_norm=norm,
        depth=8,
        learning_rate=rate,
    )


NORM = "before"
SGD, SGD_NORM = _arm("sgd", 0.6), _arm("sgd", 0.6, NORM)
ADAM, ADAM_NORM = _arm("adam", 0.03), _arm("adam", 0.03, NORM)
"""Rates at which plain networks hardly ever learn; at a third of these they do."""


def _said(key: str, optimizer: str, words: str) -> Said:
    label = f"runs that learn {words}, {optimizer}"
    return {"key": key, "label": label, "quick": optimizer == "SGD"}


CLAIM = Claim(
    statement="Batch normalization allows higher learning rates.",
    rows=("B-SOL-8",),
    source=f"{recipes.BASICS}, batch normalization",
    reference="Ioffe and Szegedy (2015); Bjorck et al. (2018)",
    axis="optimizer",
    core=(
        rescues(SGD_NORM, SGD, **_said("sgd", "SGD", "thanks to batch norm at 0.6")),
        rescues(
            ADAM_NORM, ADAM, **_said("adam", "Adam", "thanks to batch norm at 0.03")
        ),
    ),
    beside=(
        succeeds(
            _arm("sgd", 1.8, NORM), **_said("sgd_3", "SGD", "with batch norm at 1.8")
        ),
        succeeds(
            _arm("adam", 0.09, NORM),
            **_said("adam_3", "Adam", "with batch norm at 0.09"),
        ),
    ),
    controls=(
        rarely(SGD, learns(), **_said("sgd_plain", "SGD", "without batch norm at 0.6")),
        succeeds(
            _arm("sgd", 0.2), **_said("sgd_third", "SGD", "without batch norm at 0.2")
        ),
        succeeds(
            _arm("adam", 0.01),
            **_said("adam_third", "Adam", "without batch norm at 0.01"),
        ),
    ),
    shown=(
        rarely(
            ADAM, learns(), **_said("adam_plain", "Adam", "without batch norm at 0.03")
        ),
    ),
    seeds=recipes.SEEDS,
    answers={
        "core": (
            "Yes: with batch norm {sgd.treatment} networks learn by SGD at a rate where"
            " {sgd.control} plain ones do, and Adam gains too."
        ),
        "!core": "No: rates too high for plain networks are too high with it as well.",
    },
    how=(
        "Networks of eight ReLU layers with He's weights, {sgd.n} for every rate with"
        " and without batch norm, were trained for 500 updates in batches of 32."
    ),
    caveats=(
        "To learn is to classify half of the training rows. How high the limit is also"
        f" depends on the size of the first weights. {recipes.AT_INFERENCE}"
    ),
    figure="rate_limits",
)
