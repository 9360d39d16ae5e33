"""Read effects and interactions of factors off the arms of a factorial."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ablations.study.settings.designs import ArmDesign, Arms
from models.config import requirement


@dataclass(frozen=True)
class FactorEffect:
    """What a factorial says of one factor or of two.

    Attributes:
        factors: One factor for a main effect, two for an interaction.
        level: Level that is compared with the plain one, of the first factor.
        differences: The effect on every test `[L]`.
    """

    factors: tuple[str, ...]
    level: Any
    differences: np.ndarray


def main_effects(
    arms: Arms, scores: Mapping[str, np.ndarray], factors: Mapping[str, Sequence[Any]]
) -> list[FactorEffect]:
    """Return the effect of every level against the plain one, over all other factors.

    The mean over the arms with the level minus the mean over those with the plain one.
    """
    found = []
    for factor, levels in factors.items():
        plain = marginal(arms, scores, {factor: levels[0]})
        for level in levels[1:]:
            effect = marginal(arms, scores, {factor: level}) - plain
            found.append(FactorEffect((factor,), level, effect))
    return found


def interactions(
    arms: Arms, scores: Mapping[str, np.ndarray], factors: Mapping[str, Sequence[Any]]
) -> list[FactorEffect]:
    """Return how the effect of one factor differs between the ends of another.

    (effect of the last level of a against its first, at the last level of b) minus
    (the same at the first level of b), for every pair.
    """
    found = []
    for a, b in itertools.combinations(factors, 2):
        corners = {
            (i, j): marginal(arms, scores, {a: factors[a][i], b: factors[b][j]})
            for i in (0, -1)
            for j in (0, -1)
        }
        effect = (corners[-1, -1] - corners[0, -1]) - (corners[-1, 0] - corners[0, 0])
        found.append(FactorEffect((a, b), factors[a][-1], effect))
    return found


def has_all_corners(arms: Arms, factors: Mapping[str, Sequence[Any]]) -> bool:
    """Return whether arms cross the ends of every pair of factors."""
    return all(
        _with_levels(arms, {a: factors[a][i], b: factors[b][j]})
        for a, b in itertools.combinations(factors, 2)
        for i in (0, -1)
        for j in (0, -1)
    )


def _with_levels(arms: Arms, levels: Mapping[str, Any]) -> list[ArmDesign]:
    return [
        arm
        for arm in arms.arms
        if all(arm.levels[factor] == level for factor, level in levels.items())
    ]


def marginal(
    arms: Arms, scores: Mapping[str, np.ndarray], levels: Mapping[str, Any]
) -> np.ndarray:
    """Return the mean over the arms with some levels, test by test `[L]`."""
    chosen = _with_levels(arms, levels)
    if not chosen:
        raise requirement("levels", "must be those of an arm", dict(levels))
    return np.mean([scores[arm.name] for arm in chosen], axis=0)
