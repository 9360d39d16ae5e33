"""Judge all comparisons of a study together, and lay them out as frames."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ablations.study.findings import analysis, contrasts
from ablations.study.findings.analysis import ArmDifference, Terms
from ablations.study.findings.result import EFFECT_COLUMNS
from ablations.study.findings.sentences import model_name, text_of
from ablations.study.settings.designs import name_of
from ablations.study.settings.score import Score
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
    """Comparisons of a study, judged: arms with each other, and nets with baselines.

    Arms or contrasts share one chance of a false finding, and nets and baselines
    another: the one question is what an ingredient does, the other whether to use a
    network at all. Of the nets only the one that is named is shown, but all are judged,
    since it was picked by what came out.
    """

    def __init__(
        self,
        setup: Setup,
        score: Score,
        terms: Terms,
        nets: Mapping[str, np.ndarray],
        baselines: Mapping[str, np.ndarray],
        learned: Mapping[str, bool],
    ) -> None:
        """Compare all that the design asks for.

        Args:
            setup: The study.
            score: What nets are judged by, with its margin.
            terms: What comparisons are judged by.
            nets: Value of every test `[L]` by net, the reference first.
            baselines: The same by baseline, without the dummy.
            learned: Whether each of them is surely better than the dummy.
        """
        self._setup, self._score = setup, score
        self._keys: list[dict[str, Any]] = []
        self._open: list[np.ndarray] = []
        self._tested: list[bool] = []
        if "factorial" in setup.config.design:
            self._add_contrasts(nets, any(learned[name] for name in nets))
        else:
            self._add_arms(nets, learned)
        self._judged = analysis.judge_family(self._open, terms, self._tested)
        pairs = [(net, baseline) for net in nets for baseline in baselines]
        judged = analysis.judge_family(
            [analysis.difference(nets[a], baselines[b]) for a, b in pairs],
            terms,
            [learned[a] or learned[b] for a, b in pairs],
            chosen_later=True,
        )
        self.against = dict(zip(pairs, judged, strict=True))

    def _add(self, key: dict[str, Any], values: np.ndarray, is_tested: bool) -> None:
        self._keys.append({"factor": None, "level": None, **key})
        self._open.append(values)
        self._tested.append(is_tested)

    def _add_arms(
        self, nets: Mapping[str, np.ndarray], learned: Mapping[str, bool]
    ) -> None:
        reference, *others = self._setup.arms.arms
        for arm in others:
            key = {
                "kind": "arm",
                "factor": arm.factor,
                "level": None if arm.factor is None else name_of(arm.level),
                "arm": arm.name,
                "reference": reference.name,
            }
            values = analysis.difference(nets[arm.name], nets[reference.name])
            self._add(key, values, learned[arm.name] or learned[reference.name])

    def _add_contrasts(self, nets: Mapping[str, np.ndarray], any_net: bool) -> None:
        arms, factors = self._setup.arms, self._setup.factors
        for effect in contrasts.main_effects(arms, nets, factors):
            factor, level = effect.factors[0], name_of(effect.level)
            key = {
                "kind": "main",
                "factor": factor,
                "level": level,
                "arm": f"{factor}={level}",
                "reference": f"{factor}={name_of(factors[factor][0])}",
            }
            self._add(key, effect.differences, any_net)
        if not contrasts.has_all_corners(arms, factors):
            return
        for effect in contrasts.interactions(arms, nets, factors):
            a, b = effect.factors
            key = {"kind": "interaction", "factor_a": a, "factor_b": b}
            self._add(key, effect.differences, any_net)

    def _shown(self, net: str) -> list[tuple[dict[str, Any], ArmDifference]]:
        """Return what frames show: the family of arms, and one net with baselines."""
        rows = list(zip(self._keys, self._judged, strict=True))
        for (name, baseline), one in self.against.items():
            if name == net:
                key = {"kind": "baseline", "arm": net, "reference": baseline}
                rows.append(({"factor": None, "level": None, **key}, one))
        return rows

    def frames(self, net: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the frame of effects and that of interactions.

        Args:
            net: The net that is compared with baselines.
        """
        import pandas as pd

        effects, pairs = [], []
        for key, one in self._shown(net):
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
            "text": text_of(arm, self._called(key), one, self._score),
        }

    def _called(self, key: Mapping[str, Any]) -> str:
        """Return what a sentence calls that with which a row compares."""
        name = str(key["reference"])
        is_baseline = key["kind"] == "baseline"
        return model_name(name, self._score) if is_baseline else name

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
        text = text_of(arm, reference, one, self._score)
        return {**key, **numbers, "aliases": ", ".join(mixed), "text": text}
