"""Behind batch norm a layer's output does not depend on the size of its weights.

A step that is too long makes weights larger, and their gradients smaller in turn, so
that training calms down instead of diverging.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.rigs.depth import recipes
from ablations.rigs.depth.recipes import learns, rescues, succeeds
from ablations.rigs.depth.signals import HE, untuned
from ablations.rigs.readings import rarely


def _arm(optimizer: str, rate: float, norm: str | None = None) -> Arm:
    told = {"optimizer": optimizer, "learning_rate": rate, "batch_norm": norm}
    return untuned(activation="relu", initializer=HE, depth=8, **told)


NORM = "before"
SGD, SGD_NORM = _arm("sgd", 0.6), _arm("sgd", 0.6, NORM)
ADAM, ADAM_NORM = _arm("adam", 0.03), _arm("adam", 0.03, NORM)
"""Rates at which plain networks hardly ever learn; at a third of these they do."""

SEEDS = recipes.FRESH_SEEDS.replace(standard=60, first=2_000)
"""More than elsewhere: about one plain network in eight learns at these rates, and
whether few do can seldom be told from twenty."""

SGD_3, ADAM_3 = _arm("sgd", 1.8, NORM), _arm("adam", 0.09, NORM)
"""Three times these rates."""

CLAIM = Claim(
    statement="Batch normalization allows higher learning rates.",
    rows=("B-SOL-8",),
    source=f"{recipes.BASICS}, batch normalization",
    reference="Ioffe and Szegedy (2015); Bjorck et al. (2018)",
    axis="optimizer",
    core=(rescues(SGD_NORM, SGD, "sgd"), rescues(ADAM_NORM, ADAM, "adam", quick=False)),
    beside=(succeeds(SGD_3, "sgd_3"), succeeds(ADAM_3, "adam_3", quick=False)),
    controls=(
        rarely(SGD, learns(), key="sgd_plain"),
        succeeds(_arm("sgd", 0.2), "sgd_third"),
        succeeds(_arm("adam", 0.01), "adam_third", quick=False),
    ),
    shown=(
        rarely(ADAM, learns(), key="adam_plain", quick=False),
        recipes.shown_moving(SGD_3, "sgd_3"),
        recipes.shown_moving(ADAM_3, "adam_3", quick=False),
    ),
    seeds=SEEDS,
    answers={
        "core": "Yes: with batch norm {sgd.treatment} networks learn by SGD at a rate"
        " where {sgd.control} plain ones do, and Adam gains too.",
        "!core": "No: rates too high for plain networks are too high with it as well.",
    },
    how="Networks of eight ReLU layers with He's weights, {sgd.n} for every rate with"
    " and without batch norm, were trained for 500 updates in batches of 32 on 1,024"
    " rows of ten classes.",
    caveats=f"{recipes.LEARNING} How high the limit is also depends on the size of the"
    f" first weights. {recipes.AT_INFERENCE}",
    figure="rate_limits",
)
