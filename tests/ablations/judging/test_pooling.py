"""The task is the unit of what is pooled, and every level has a mean of its own."""

import numpy as np
import pytest
from scipy import stats

from ablations.claims.registry import all_claims
from ablations.judging.outcome import Outcome
from ablations.judging.pooling import across_tasks
from ablations.rigs.regularization.families import FAMILIES

CLAIM = all_claims()["dropout_prevents_overfitting"].claim
EFFECTS = np.linspace(-0.2, 0.1, len(FAMILIES))


def found(prediction, place: int, error: float = 0.02) -> Outcome:
    """Return an outcome with this standard error; wrong labels gain 0.1 more."""
    level = CLAIM.condition_of(prediction)
    effect = EFFECTS[place] - 0.1 * (level == ("labels", "wrong labels"))
    reach = stats.t.ppf(0.975, 19) * error
    return Outcome.of(
        prediction,
        outcome="undecided",
        text="",
        estimate=effect,
        low=effect - reach,
        high=effect + reach,
        n=20,
        bound=prediction.bound,
        direction="at_most",
        unit=prediction.score.words,
        confidence=0.95,
    )


def outcomes() -> list[Outcome]:
    told = [found(p, k % len(FAMILIES)) for k, p in enumerate(CLAIM.core)]
    return [
        Outcome(**{**vars(o), "factor": "labels", "value": level})
        for o, p in zip(told, CLAIM.core, strict=True)
        for _, level in [CLAIM.condition_of(p)]
    ]


def test_each_level_of_the_axis_is_pooled_over_its_tasks():
    wrong, true = across_tasks(CLAIM, outcomes())
    assert (wrong.level, true.level) == ("wrong labels", "true labels")
    assert wrong.compared == true.compared == "dropout less none"
    for each, mean in ((wrong, -0.15), (true, -0.05)):
        assert each.effect.n == len(FAMILIES)
        assert each.effect.mean == pytest.approx(mean)
        spread = EFFECTS.var(ddof=1) - 0.02**2
        assert each.effect.spread**2 == pytest.approx(spread)


def test_where_a_task_stands_twice_or_is_missing_nothing_is_pooled():
    core = outcomes()
    few = [o for o in core if "spirals" not in o.key and "boxes" not in o.key]
    assert across_tasks(CLAIM, few) == []
    assert across_tasks(CLAIM, [*core, *core]) == []
