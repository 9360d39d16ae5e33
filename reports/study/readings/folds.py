"""Pair the runs of a study fold by fold, so that figures show what was tested."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ablations.study.settings.designs import name_of

if TYPE_CHECKING:
    import pandas as pd

    from ablations.study.findings.result import StudyResult


def fold_scores(result: StudyResult, arms: Any) -> pd.Series:
    """Return the mean score of some arms (or one) in every fold, by repeat and split.

    A fold in which one of the arms has no score is left out.
    """
    names = [arms] if isinstance(arms, str) else list(arms)
    runs = result.runs
    mine = runs[runs["arm"].isin(names)]
    table = mine.pivot_table(
        index=["repeat", "split"], columns="arm", values="score", dropna=False
    )
    if set(names) - set(table.columns):
        return table.iloc[:0].mean(axis=1)
    return table[names].dropna().mean(axis=1)


def fold_differences(result: StudyResult, effect: dict[str, Any]) -> np.ndarray:
    """Return the difference that an effect is the mean of, in every fold `[J]`.

    Args:
        result: The study.
        effect: A row of its effects; a `main` effect is that of all arms at a level
            against all at the first level of the factor.
    """
    if effect["kind"] == "main":
        factor = str(effect["factor"])
        plain = name_of(result.design.factors[factor][0])
        one, other = (
            [n for n, r in result.recipes.items() if name_of(r.level(factor)) == level]
            for level in (str(effect["level"]), plain)
        )
    else:
        one, other = effect["arm"], effect["reference"]
    if not len(one) or not len(other):
        return np.empty(0)
    treated, control = fold_scores(result, one), fold_scores(result, other)
    return (treated - control).dropna().to_numpy(np.float64)
