"""Below zero an ELU puts out negative numbers, which pull its mean toward zero.

They end at minus alpha while positive ones have no end, so the mean need not be zero.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.rigs.activations import BASICS
from ablations.rigs.depth import recipes
from ablations.rigs.depth.starts import AXIS, WORDS, shift, shifted
from ablations.rigs.readings import compare, mostly, rarely

WEIGHTS = ("glorot", "he", "orthogonal")
NEAR = shift().replace(
    better=None, at_most=0.1, words="have means within a tenth of a deviation of zero"
)


def _is_near(weights: str) -> SuccessRate:
    at = (AXIS, WORDS[weights])
    return mostly(shifted("elu", weights), NEAR, key=f"near_{weights}", at=at)


def _is_nearer(weights: str) -> Comparison:
    """Predict means nearer to zero than those of ReLU by a tenth of a deviation."""
    arms = shifted("elu", weights), shifted("relu", weights)
    at = (AXIS, WORDS[weights])
    return compare(arms[0], "less", arms[1], shift(), 0.1, key=weights, at=at)


CLAIM = Claim(
    statement="ELU prevents bias shift: the mean activation of a layer stays near"
    " zero.",
    rows=("B-ACT-28",),
    source=f"{BASICS}, table of activations",
    reference="Clevert, Unterthiner and Hochreiter (2016), Fast and accurate deep"
    " network learning by exponential linear units",
    axis=AXIS,
    core=tuple(map(_is_near, WEIGHTS)),
    beside=tuple(map(_is_nearer, WEIGHTS)),
    controls=(rarely(shifted("relu", "he"), NEAR, key="relu"),),
    seeds=recipes.SEEDS,
    standard_only=True,
    answers={
        "near_glorot near_orthogonal !near_he he": "With Xavier's or orthogonal"
        " weights, yes; with He's, means lie {he.treatment} deviations from zero, less"
        " than ReLU's {he.control}.",
        "!core glorot he orthogonal": "Not quite: means are nearer to zero than those"
        " of ReLU, but not within a tenth of a deviation.",
        "core": "Yes: mean activations stay within a tenth of a deviation of zero.",
        "!core": "No: mean activations are further than a tenth of a deviation from"
        " zero.",
    },
    how="Mean activations of {near_he.n} untrained networks of 20 layers were measured"
    " for each start, over units and rows.",
    caveats="At the start only.",
)
