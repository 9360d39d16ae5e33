"""Say models and comparisons in words that need no sign and no glossary."""

from __future__ import annotations

from ablations.study.findings.analysis import ArmDifference
from ablations.study.settings.score import (
    Score,
    about,
    amount,
    number_of,
    size_and_side,
)

LINEAR = {
    True: "a linear model (ridge regression)",
    False: "a linear model (logistic regression)",
}
"""What the linear baseline is called, by whether the target is a number."""

MODELS = {
    "random forest": "a random forest",
    "gradient boosting": "gradient boosting (of decision trees)",
    "dummy": "always giving the same answer",
}
"""What the other baselines are called in a sentence."""


def model_name(baseline: str, score: Score) -> str:
    """Return what a baseline is called in a sentence.

    Args:
        baseline: Its short name, as in tables.
        score: Tells the task, by which linear models have their names.
    """
    if baseline == "linear":
        return LINEAR[score.is_of_numbers]
    return MODELS.get(baseline, baseline)


def range_of(one: ArmDifference, score: Score) -> str:
    """Write the 95 % interval of a difference, the worse end first, the unit once."""
    low, high = one.estimate.low, one.estimate.high
    if score.is_share:  # which no difference exceeds, however few splits there are
        low, high = max(low, -1.0), min(high, 1.0)
    ends = sorted((low, high), reverse=not score.higher_is_better)
    sides = [size_and_side(end, score) for end in ends]
    if low * high > 0:
        # Both on one side: the nearer end first.
        near, far = sorted((low, high), key=abs)
        between = f"{number_of(near, score)} to {size_and_side(far, score)}"
    else:
        between = f"from {_bare(sides[0], score)} to {_bare(sides[1], score)}"
    return f"95 % interval: {between}; {len(one.differences)} splits"


def _bare(side: str, score: Score) -> str:
    """Leave a long unit out that was told before."""
    unit = score.unit if score.is_of_logarithms else f"in the unit of {score.unit!r}"
    return side.replace(f" {unit}", "")


def text_of(arm: str, reference: str, one: ArmDifference, score: Score) -> str:
    """Say what a comparison came to, in one sentence."""
    found = one.estimate.estimate
    against = f"{arm} against {reference}"
    if one.verdict == "not tested":
        return f"{against}: not tested, as neither was surely better than guessing."
    if one.error == found == 0:
        return f"{against}: no difference on any test row."
    ends = range_of(one, score)
    if one.verdict in ("better", "worse"):
        size = about(found, score)
        return f"{against}: really {one.verdict}, by {size} ({ends})."
    if one.verdict == "same":
        margin = amount(score.margin, score)
        return f"{against}: surely less than {margin} apart ({ends})."
    seen = size_and_side(found, score)
    # Alone it would be sure; the verdict counts how many comparisons there are.
    alone = one.estimate.low > 0 or one.estimate.high < 0
    among = " among so many comparisons" if alone else ""
    return f"{against}: {seen}, which may be chance{among} ({ends})."
