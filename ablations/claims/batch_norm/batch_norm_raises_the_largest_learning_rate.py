"""A step that is too long makes kernels larger, which batch norm divides out again.

The gradient of a larger kernel is smaller, so that training calms down. The output
layer, which has no batch norm, still bounds the rate.
"""

import math

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.batch_norm import NOTES
from ablations.rigs.normalization import networks as rig
from ablations.rigs.readings import compare, mostly, rarely

HIGHER, THREE = 1.5, 3.0
"""How many times as high a rate is that is higher, and that is much higher."""
CASES = {"three": (3, "sgd"), "six": (6, "sgd"), "adam": (6, "adam")}
LIMIT = ScoreConfig(
    quantity="log10_largest_rate",
    words="log10 of the largest rate at which four of five networks learn",
)


def _higher(key: str) -> Comparison:
    arms = rig.limit("before", *CASES[key]), rig.limit(None, *CASES[key])
    margin = math.log10(HIGHER)
    at = ("optimizer", "Adam" if key == "adam" else "plain descent")
    return compare(arms[0], "greater", arms[1], LIMIT, margin, key=key, at=at)


def _much_higher(key: str) -> Comparison:
    told = _higher(key)
    label = f"{told.label}, three times as high"
    margin = math.log10(THREE)
    return told.replace(key=f"{key}_times_3", label=label, margin=margin)


def _ends(key: str) -> tuple[SuccessRate, SuccessRate]:
    """Predict that the limits of both arms lie in the interval that is searched."""
    low, high = (
        ScoreConfig(quantity=f"learns_at_{end}", at_least=1.0, words=words)
        for end, words in (
            ("lowest", "learn at the lowest rate tried"),
            ("highest", "learn at the highest rate tried"),
        )
    )
    plain, norm = rig.limit(None, *CASES[key]), rig.limit("before", *CASES[key])
    return (
        mostly(plain, low, key=f"{key}_lowest"),
        rarely(norm, high, key=f"{key}_highest"),
    )


CLAIM = Claim(
    statement="Batch norm allows for higher learning rates.",
    rows=("A-BN-13",),
    source=f"{NOTES}, benefits",
    reference="Ioffe and Szegedy (2015); Bjorck et al. (2018), Understanding batch"
    " normalization",
    axis="optimizer",
    core=tuple(map(_higher, CASES)),
    beside=tuple(map(_much_higher, CASES)),
    controls=tuple(end for key in CASES for end in _ends(key)),
    standard_only=True,
    seeds=rig.SEEDS,
    answers={
        "core": "Yes: with batch norm six layers learn at rates up to {six.power} times"
        " as high by plain descent, and {adam.power} times by Adam.",
        "three six !adam": "Under plain descent, yes: six layers learn at rates"
        " {six.power} times as high; under Adam the largest rate is hardly higher.",
        "!core": "No: the largest rates at which networks learn are hardly higher with"
        " it.",
    },
    how="The largest rate at which four of five networks learn within 300 updates was"
    " searched on {six.n} draws of 1,024 rows, with batch norm and without.",
    caveats="To learn is to classify half of the training rows. Weights are He's; how"
    " high the limit is also depends on them. Limits are told apart by a third."
    f" {rig.ALL_ROWS}",
)
