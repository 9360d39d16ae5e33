"""A unit with weights around zero is off for half of what it is given.

A bias below zero turns most of them off; sigmoid and tanh units put out something for
nearly every row.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.activations import BASICS
from ablations.rigs.depth import recipes
from ablations.rigs.depth.starts import AXIS, WORDS, at_start
from ablations.rigs.readings import mostly, rarely

OFF = ScoreConfig(
    quantity="mean_saturated_share",
    at=0,
    at_least=0.25,
    words="have at least a quarter of their units off on a row, on average",
)
"""Of ReLU the slope is below a tenth of the largest where it is zero."""
HALF = OFF.replace(
    at_least=0.45, at_most=0.55, words="have 45 to 55 % of their units off on a row"
)


def _is_sparse(weights: str) -> SuccessRate:
    at = (AXIS, WORDS[weights])
    return mostly(at_start("relu", weights), OFF, key=weights, at=at)


def _biased(bias: float) -> SuccessRate:
    key = "biased_up" if bias > 0 else "biased_down"
    return mostly(at_start("relu", "he", bias_start=bias), OFF, key=key)


CLAIM = Claim(
    statement="In a ReLU network only a fraction of the units fires at any time.",
    rows=("B-ACT-5",),
    source=f"{BASICS}, ReLU",
    reference="Glorot, Bordes and Bengio (2011), Deep sparse rectifier neural networks",
    axis=AXIS,
    core=(_is_sparse("glorot"), _is_sparse("he"), _is_sparse("orthogonal")),
    beside=(
        mostly(at_start("relu", "he"), HALF, key="half"),
        _biased(1.0),
        _biased(-1.0),
    ),
    controls=(rarely(at_start("linear", "he"), OFF, key="linear", quick=False),),
    seeds=recipes.SEEDS,
    answers={
        "core half biased_up": "Yes: about half are off for any one row at the start,"
        " and a quarter or more if all have a bias of 1.",
        "core half": "Yes: about half are off for any one row at the start.",
        "core": "Yes: a quarter or more are off for any one row at the start.",
        "!core": "No: fewer than a quarter are off for any one row at the start.",
    },
    how="Units that are off were counted in {he.n} untrained networks of 20 layers for"
    " each start.",
    caveats="At the start only; training changes the share. Whether zeros make"
    " computing faster is another claim's matter.",
)
