"""Every weight's velocity is the same multiple of the sum of its own gradients.

A rule with a rate for each weight divides by what that weight has seen.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.optimizers import HUNDREDTH, MOMENTUM
from ablations.rigs.readings import DIGITS, at_least, equals

RATES, FEATURE = "feature_rates", "feature"
RARE = "distance_per_gradient_of_a_rare_feature_over_a_frequent_one"

CLAIM = Claim(
    statement="Momentum does not adjust its learning rate to single features.",
    strength="always",
    rows=("A-OPT-23",),
    source=f"{MOMENTUM}, limitations",
    axis=FEATURE,
    core=(
        *(
            equals(
                *(RATES, f"growth_of_updates_at_scale_{times}", times, times * DIGITS),
                key=key,
                label=f"growth of updates when gradients are {times:,} times as large",
                at=(FEATURE, f"{times:,} times as large"),
            )
            for key, times in {"ten": 10, "thousand": 1000}.items()
        ),
        equals(RATES, RARE, 1.0, HUNDREDTH, key="rare", at=(FEATURE, "rare")),
    ),
    controls=(
        equals(
            *(RATES, "growth_of_adaptive_updates_at_scale_10", 1, HUNDREDTH),
            key="adam",
            label="growth of updates when gradients are 10 times as large, Adam",
        ),
        at_least(
            *(RATES, f"adaptive_{RARE}", 2.0),
            key="adagrad",
            label="distance per gradient of a rare feature over a frequent, AdaGrad",
        ),
    ),
    answers={
        "core": "Yes: updates grow with the scale of a feature and are no larger for a"
        " rare one; under Adam and AdaGrad they are adjusted.",
        "!core": "No: updates are adjusted to the scale of a feature and to how rare it"
        " is.",
    },
    how="Updates of Keras were compared before and after gradients were multiplied,"
    " and the printed rule for gradients that come with one update of 100.",
)
