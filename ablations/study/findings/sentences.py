"""Say models, amounts and comparisons in words that need no sign and no glossary."""

from __future__ import annotations

from ablations.study.findings.analysis import Comparison
from ablations.study.findings.score import Score

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
        return LINEAR[score.name in ("rmse", "r2")]
    return MODELS.get(baseline, baseline)


def amount(difference: float, score: Score) -> str:
    """Write how large a difference is, without its sign, and in which unit.

    Examples:
        >>> accuracy = Score("accuracy", True, 0.01, "points", 100.0)
        >>> amount(-0.01, accuracy), amount(0.034, accuracy)
        ('1 point', '3.4 points')
        >>> amount(-2.5, Score("rmse", False, 1.0, "price"))
        "2.5 in the unit of 'price'"
    """
    number = f"{abs(difference) * score.factor:.2g}"
    if "e" in number:
        number = f"{float(number):,.15g}"
    if score.name == "rmse":
        return f"{number} in the unit of {score.unit!r}"
    unit = score.unit
    if number == "1" and unit in ("points", "nats"):
        unit = unit.removesuffix("s")
    return f"{number} {unit}"


def size_and_side(difference: float, score: Score) -> str:
    """Write a difference with the word that says which way it points.

    Examples:
        >>> size_and_side(-2.5, Score("crossentropy", False, 0.02, "nats"))
        '2.5 nats better'
    """
    if not difference:
        return "no difference"
    is_better = (difference > 0) == score.higher_is_better
    return f"{amount(difference, score)} {'better' if is_better else 'worse'}"


def range_of(one: Comparison, score: Score) -> str:
    """Write the 95 % interval of a difference, the worse end first, the unit once."""
    found = one.estimate
    ends = sorted((found.low, found.high), reverse=not score.higher_is_better)
    sides = [size_and_side(end, score) for end in ends]
    if found.low * found.high > 0:
        # Both on one side: the nearer end first.
        near, far = sorted((found.low, found.high), key=abs)
        number = amount(near, score).partition(" ")[0]
        between = f"{number} to {size_and_side(far, score)}"
    else:
        between = f"from {_bare(sides[0], score)} to {_bare(sides[1], score)}"
    return f"95 % interval: {between}; {len(one.differences)} splits"


def _bare(side: str, score: Score) -> str:
    """Leave a long unit out that was told before."""
    return side.replace(f" in the unit of {score.unit!r}", "")


def text_of(arm: str, reference: str, one: Comparison, score: Score) -> str:
    """Say what a comparison came to, in one sentence."""
    found = one.estimate.estimate
    against = f"{arm} against {reference}"
    if one.verdict == "not tested":
        return f"{against}: not tested, as neither was surely better than guessing."
    ends = range_of(one, score)
    if one.verdict in ("better", "worse"):
        size = amount(found, score)
        return f"{against}: really {one.verdict}, by about {size} ({ends})."
    if one.verdict == "same":
        margin = amount(score.margin, score)
        return f"{against}: surely less than {margin} apart ({ends})."
    seen = size_and_side(found, score)
    # Alone it would be sure; the verdict counts how many comparisons there are.
    alone = one.estimate.low > 0 or one.estimate.high < 0
    among = " among so many comparisons" if alone else ""
    return f"{against}: {seen}, which may be chance{among} ({ends})."
