"""Judge all comparisons of a study together, and lay them out as frames."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ablations.study.findings import analysis
from ablations.study.findings.analysis import ArmDifference, Terms
from ablations.study.findings.recommend import CHOSEN_NET
from ablations.study.findings.result import EFFECT_COLUMNS
from ablations.study.findings.sentences import model_name, text_of
from ablations.study.settings.designs import name_of
from ablations.study.training.setup import Setup

if TYPE_CHECKING:
    import pandas as pd

INTERACTION_COLUMNS = (
    "factor_a",
    "factor_b",
    "difference",
    "low",
    "high",
    "p_value",
    "p_adjusted",
    "verdict",
    "detectable",
    "runs_to_decide",
    "rows_to_decide",
    "aliases",
    "text",
)


class Family:
    """All comparisons of a study, which share one chance of a false finding."""

    def __init__(
        self,
        setup: Setup,
        terms: Terms,
        scores: Mapping[str, np.ndarray],
        baselines: Mapping[str, np.ndarray],
        chosen: np.ndarray,
        learned: Mapping[str, bool],
    ) -> None:
        """Compare all that the design asks for, and judge it as one family."""
        self._setup, self._terms = setup, terms
        self._keys: list[dict[str, Any]] = []
        self._open: list[ArmDifference] = []
        self._tested: list[bool] = []
        any_net = any(learned[name] for name in scores)
        if "factorial" in setup.config.design:
            self._add_contrasts(scores, any_net)
        else:
            self._add_arms(scores, learned)
        for name, values in baselines.items():
            key = {"kind": "baseline", "arm": CHOSEN_NET, "reference": name}
            one = analysis.compare(chosen, values, terms)
            self._add(key, one, any_net or learned[name])
        self._judged = analysis.judge_family(self._open, terms, self._tested)

    def _add(self, key: dict[str, Any], one: ArmDifference, is_tested: bool) -> None:
        self._keys.append({"factor": None, "level": None, **key})
        self._open.append(one)
        self._tested.append(is_tested)

    def _add_arms(
        self, scores: Mapping[str, np.ndarray], learned: Mapping[str, bool]
    ) -> None:
        reference, *others = self._setup.arms.arms
        for arm in others:
            one = analysis.compare(
                scores[arm.name], scores[reference.name], self._terms
            )
            key = {
                "kind": "arm",
                "factor": arm.factor,
                "level": None if arm.factor is None else name_of(arm.level),
                "arm": arm.name,
                "reference": reference.name,
            }
            self._add(key, one, learned[arm.name] or learned[reference.name])

    def _add_contrasts(self, scores: Mapping[str, np.ndarray], any_net: bool) -> None:
        arms, factors = self._setup.arms, self._setup.factors
        for effect in analysis.main_effects(arms, scores, factors):
            factor, level = effect.factors[0], name_of(effect.level)
            key = {
                "kind": "main",
                "factor": factor,
                "level": level,
                "arm": f"{factor}={level}",
                "reference": f"{factor}={name_of(factors[factor][0])}",
            }
            zero = np.zeros_like(effect.differences)
            one = analysis.compare(effect.differences, zero, self._terms)
            self._add(key, one, any_net)
        if not analysis.has_all_corners(arms, factors):
            return
        for effect in analysis.interactions(arms, scores, factors):
            a, b = effect.factors
            key = {"kind": "interaction", "factor_a": a, "factor_b": b}
            zero = np.zeros_like(effect.differences)
            one = analysis.compare(effect.differences, zero, self._terms)
            self._add(key, one, any_net)

    def against_baselines(self) -> dict[str, ArmDifference]:
        """Return the judged comparisons with the baselines, by name."""
        return {
            key["reference"]: one
            for key, one in zip(self._keys, self._judged, strict=True)
            if key["kind"] == "baseline"
        }

    def frames(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the frame of effects and that of interactions."""
        import pandas as pd

        effects, pairs = [], []
        for key, one in zip(self._keys, self._judged, strict=True):
            found = one.estimate
            numbers = {
                "difference": found.estimate,
                "low": found.low,
                "high": found.high,
                "p_value": found.p_value,
                "p_adjusted": one.p_adjusted,
                "verdict": one.verdict,
                "detectable": one.detectable,
                **self._needed(one),
            }
            if key["kind"] == "interaction":
                pairs.append(self._pair_row(key, one, numbers))
            else:
                effects.append(self._effect_row(key, one, numbers))
        return (
            pd.DataFrame(effects, columns=list(EFFECT_COLUMNS)),
            pd.DataFrame(pairs, columns=list(INTERACTION_COLUMNS)),
        )

    def _needed(self, one: ArmDifference) -> dict[str, float]:
        """Return the further runs per arm, and the rows in all, that would decide."""
        num_splits, seeds = len(one.differences), self._setup.config.seeds
        runs = rows = math.nan
        if one.splits_to_decide is not None:
            runs = (one.splits_to_decide - num_splits) * seeds
        if one.rows_to_decide is not None:
            rows = math.ceil(one.rows_to_decide * len(self._setup.dataset))
        return {"runs_to_decide": runs, "rows_to_decide": rows}

    def _effect_row(
        self, key: dict[str, Any], one: ArmDifference, numbers: dict[str, Any]
    ) -> dict[str, Any]:
        arm, reference = key["arm"], key["reference"]
        return {
            **key,
            **numbers,
            "comparison": f"{arm} against {reference}",
            "text": text_of(arm, self._called(key), one, self._setup.score),
        }

    def _called(self, key: Mapping[str, Any]) -> str:
        """Return what a sentence calls that with which a row compares."""
        name = str(key["reference"])
        is_baseline = key["kind"] == "baseline"
        return model_name(name, self._setup.score) if is_baseline else name

    def _pair_row(
        self, key: dict[str, Any], one: ArmDifference, numbers: dict[str, Any]
    ) -> dict[str, Any]:
        a, b = key["factor_a"], key["factor_b"]
        factors = self._setup.factors
        ends = [name_of(factors[f][i]) for f in (a, b) for i in (0, -1)]
        arm = f"The effect of {a} ({ends[0]} to {ends[1]}) with {b} {ends[3]}"
        reference = f"that with {b} {ends[2]}"
        mixed = [
            " x ".join(effect)
            for group in self._setup.arms.aliases
            if (a, b) in group
            for effect in group
            if effect != (a, b)
        ]
        text = text_of(arm, reference, one, self._setup.score)
        return {**key, **numbers, "aliases": ", ".join(mixed), "text": text}
