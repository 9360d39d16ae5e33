"""Across a valley each update multiplies the distance by one less rate times curvature.

Over one that factor is negative and SGD changes sides, over two it grows. The flat
direction wants a high rate, and the steep one sets its limit.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.landscapes import NOTES
from ablations.rigs.readings import at_least, equals

SWINGS = "ravine_swings"
RATES = {"half": "0.5", "one_and_a_half": "1.5", "above_two": "2.1"}


def _never_settles(key: str, rate: str) -> ExactCheck:
    """Predict that the last swing is as wide as the first."""
    return at_least(
        SWINGS,
        f"last_swing_at_{rate.replace('.', '_')}",
        1.0,
        key=key,
        label=f"hundredth step across the ravine over the first, rate {rate} over the"
        " curvature",
        at=("rate times curvature", float(rate)),
    )


def _changes_sides(key: str, rate: str) -> ExactCheck:
    """Predict that every second update or more goes over the bottom."""
    return at_least(
        SWINGS,
        f"changes_of_side_at_{rate.replace('.', '_')}",
        0.5,
        key=f"sides_{key}",
        label=f"share of updates that change sides, rate {rate} over the curvature",
        at=("rate times curvature", float(rate)),
    )


CLAIM = Claim(
    statement="In a ravine, steep one way and flat the other, SGD oscillates"
    " uncontrollably.",
    strength="usually",
    rows=("A-OPT-6",),
    source=f"{NOTES}, issues with non-convex surfaces",
    reference="Nesterov (2004), Introductory lectures on convex optimization; Cohen et"
    " al. (2021), Gradient descent on neural networks typically occurs at the edge of"
    " stability",
    axis="rate times curvature",
    core=(
        *(_never_settles(key, rate) for key, rate in RATES.items()),
        *(_changes_sides(key, rate) for key, rate in RATES.items()),
    ),
    beside=(
        equals(
            *(SWINGS, "share_of_rates_as_the_bounds_say", 1.0),
            key="bounds",
            label="share of rates at which it changes sides above one and grows above"
            " two only",
        ),
        at_least(
            *(SWINGS, "updates_along_the_ravine", 1000.0),
            key="along",
            label="updates until a hundredth is left along a ravine 1,000 times"
            " flatter, rate 1 over the curvature",
        ),
    ),
    answers={
        "core": "Yes: at all three rates it changes sides and the swings go on as wide"
        " as they began.",
        "!core": "No: at all three rates it seldom changes sides and the swings die"
        " out.",
        "!half !one_and_a_half above_two !sides_half sides_one_and_a_half"
        " sides_above_two": "Mixed: at rates above one over the steepest curvature SGD"
        " changes sides, but only above two over it do the swings grow.",
        "!half !one_and_a_half above_two": "It depends on the rate: below two over the"
        " steepest curvature swings die out, above it they grow.",
        "!half one_and_a_half above_two": "It depends on the rate: at half over the"
        " steepest curvature swings die out, at one and a half they do not.",
    },
    how="A thousand noisy descents of 100 updates were computed across a ravine, at"
    " three rates.",
    caveats="The curvature is that across the ravine. Real losses change it on the way,"
    " which is a matter of other claims.",
)
