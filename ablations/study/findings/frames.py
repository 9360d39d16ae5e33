"""Put what came out of a study into tables."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ablations.study.findings import analysis
from ablations.study.findings.analysis import Comparison, Terms
from ablations.study.findings.recommend import CHOSEN_NET, Evidence, recommend
from ablations.study.findings.result import EFFECT_COLUMNS, Budget, Design, StudyResult
from ablations.study.findings.sentences import model_name, text_of
from ablations.study.settings.designs import name_of
from ablations.study.table.note import Note, quote_all
from ablations.study.training.baselines import (
    DUMMY,
    wanted_baselines,
)
from ablations.study.training.net import MONITORED
from ablations.study.training.runs import (
    count_runs,
)
from ablations.study.training.scoring import (
    Judged,
    curve_rows,
    scores_of,
    with_penalty,
)
from ablations.study.training.setup import (
    Setup,
    describe_aliases,
    num_parameters,
)

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


CELL_COLUMNS = (
    "factor_a",
    "level_a",
    "factor_b",
    "level_b",
    "mean",
    "low",
    "high",
)


AT_EDGE = 0.5
"""Share of splits with the best rate at an end of the grid that deserves a word."""


def analyze(
    setup: Setup,
    judged: Mapping[str, Judged],
    places: Mapping[str, np.ndarray],
    trials: Mapping[str, np.ndarray],
    baselines: Mapping[str, Mapping[str, np.ndarray]],
) -> StudyResult:
    """Compare what was trained.

    Args:
        setup: The study.
        judged: Judged runs by arm.
        places: Place of the chosen rate in every split `[J]`, by arm.
        trials: What rates were chosen by `[rates, J]`, by arm.
        baselines: Metrics of every baseline `[J]`, the dummy included.
    """
    import pandas as pd

    table = _Scores(setup, judged, baselines)
    terms = Terms(
        setup.splits.test_to_train,
        setup.score.margin,
        setup.score.higher_is_better,
        setup.config.num_folds,
    )
    chosen = analysis.chosen_anew(table.test, table.val, setup.score.higher_is_better)
    others = {k: v for k, v in table.baselines.items() if k != DUMMY}
    dummy = table.baselines[DUMMY]
    learned = analysis.learned({**table.test, **others}, dummy, terms)
    family = _Family(setup, terms, table.test, others, chosen, learned)
    effects, interactions = family.frames()
    complexity = _complexity(setup)
    recommendation = recommend(
        Evidence(
            scores=table.test,
            baselines=others,
            dummy=dummy,
            chosen=chosen,
            learned=learned,
            complexity=complexity,
            against_baselines=family.against_baselines(),
            rates={name: float(np.median(one.rates)) for name, one in judged.items()},
        ),
        setup.score,
        terms,
    )
    arms = pd.DataFrame(
        [
            _arm_row(setup, name, judged[name], table, trials[name], learned[name])
            for name in setup.recipes
        ]
    )
    arms["num_parameters"] = [int(complexity[name][1]) for name in setup.recipes]
    design = Design(
        name=setup.config.design,
        factors=setup.factors,
        num_folds=setup.config.num_folds,
        num_repeats=setup.config.num_repeats,
        num_seeds=setup.config.seeds,
        num_trials=setup.config.num_trials,
        resolution=setup.arms.resolution,
        aliases=tuple(describe_aliases(setup.arms)),
        generators=setup.arms.generators,
    )
    kind = setup.dataset.task
    curves = [
        row for name, one in judged.items() for row in curve_rows(name, one, kind)
    ]
    num_diverged = int(sum(one.diverged.sum() for one in judged.values()))
    return StudyResult(
        name=setup.dataset.name,
        config=setup.config,
        dataset=setup.dataset,
        score=setup.score,
        design=design,
        recipes=setup.recipes,
        arms=arms,
        baselines=table.baseline_frame(terms, baselines),
        runs=table.runs_frame(),
        trials=_trials_frame(setup, places, trials),
        curves=pd.DataFrame(curves),
        effects=effects,
        interactions=interactions,
        cells=_cells(setup, table.test, terms),
        predictions=pd.DataFrame(),
        recommendation=recommendation,
        budget=Budget(
            num_runs=count_runs(setup.candidates, places, setup.config.seeds),
            num_trained=0,
            num_diverged=num_diverged,
            num_structures=len(setup.work.sizes),
            epochs=setup.epochs,
            seconds=0.0,
        ),
        notes=(*_data_notes(setup), *_run_notes(arms)),
    )


class _Scores:
    """Hold the score of every arm on every split, and the rows of the frame of runs."""

    def __init__(
        self,
        setup: Setup,
        judged: Mapping[str, Judged],
        baselines: Mapping[str, Mapping[str, np.ndarray]],
    ) -> None:
        self._setup, self._judged = setup, judged
        splits, name = setup.splits, setup.score.name
        plain = {
            key: {
                k.removeprefix("curve."): np.asarray(v, float) for k, v in one.items()
            }
            for key, one in baselines.items()
        }
        self._told = {
            key: {part: scores_of(one, part, splits) for part in ("val", "test")}
            for key, one in plain.items()
        }
        self._all = {
            key: {
                part: with_penalty(
                    scores_of(one.metrics, part, splits),
                    one.diverged,
                    self._told[DUMMY][part],
                )
                for part in ("val", "test")
            }
            for key, one in judged.items()
        }
        self.test = {k: one["test"][name].mean(axis=1) for k, one in self._all.items()}
        self.val = {k: one["val"][name].mean(axis=1) for k, one in self._all.items()}
        self.baselines = {k: one["test"][name] for k, one in self._told.items()}

    def runs_frame(self) -> pd.DataFrame:
        """Return one row per judged run."""
        import pandas as pd

        folds, name, rows = self._setup.splits.folds, self._setup.score.name, []
        for arm, one in self._judged.items():
            tested, val = self._all[arm]["test"], self._all[arm]["val"][name]
            for j, s in np.ndindex(one.epochs.shape):
                rows.append(
                    {
                        "arm": arm,
                        "kind": "net",
                        "repeat": folds[j].repeat,
                        "split": folds[j].split,
                        "seed": s,
                        "learning_rate": float(one.rates[j]),
                        "epoch": int(one.epochs[j, s]),
                        "score": float(tested[name][j, s]),
                        "val_score": float(val[j, s]),
                        **{k: float(v[j, s]) for k, v in tested.items()},
                        "diverged": bool(one.diverged[j, s]),
                    }
                )
        for arm, told in self._told.items():
            for j, fold in enumerate(folds):
                rows.append(
                    {
                        "arm": arm,
                        "kind": "baseline",
                        "repeat": fold.repeat,
                        "split": fold.split,
                        "seed": 0,
                        "learning_rate": math.nan,
                        "epoch": 0,
                        "score": float(told["test"][name][j]),
                        "val_score": float(told["val"][name][j]),
                        **{k: float(v[j]) for k, v in told["test"].items()},
                        "diverged": False,
                    }
                )
        return pd.DataFrame(rows)

    def baseline_frame(
        self, terms: Terms, stored: Mapping[str, Mapping[str, np.ndarray]]
    ) -> pd.DataFrame:
        """Return one row per baseline."""
        import pandas as pd

        wanted = {b.name: b for b in wanted_baselines(True)}
        rows = []
        for name, values in self.baselines.items():
            mean, low, high = analysis.mean_and_interval(
                values, terms.test_to_train, is_share=self._setup.score.is_share
            )
            numbers = stored[name]["setting"].astype(int)
            settings = wanted[name].settings[int(np.bincount(numbers).argmax())]
            rows.append(
                {
                    "baseline": name,
                    "mean": mean,
                    "low": low,
                    "high": high,
                    "sd": float(np.std(values, ddof=1)),
                    "settings": ", ".join(f"{k}={v:g}" for k, v in settings.items()),
                    "seconds": float(np.mean(stored[name]["seconds"])),
                }
            )
        return pd.DataFrame(rows)


class _Family:
    """Hold all comparisons of a study, which share one chance of a false finding."""

    def __init__(
        self,
        setup: Setup,
        terms: Terms,
        scores: Mapping[str, np.ndarray],
        baselines: Mapping[str, np.ndarray],
        chosen: np.ndarray,
        learned: Mapping[str, bool],
    ) -> None:
        self._setup, self._terms = setup, terms
        self._keys: list[dict[str, Any]] = []
        self._open: list[Comparison] = []
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

    def _add(self, key: dict[str, Any], one: Comparison, is_tested: bool) -> None:
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

    def against_baselines(self) -> dict[str, Comparison]:
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

    def _needed(self, one: Comparison) -> dict[str, float]:
        """Return the further runs per arm, and the rows in all, that would decide."""
        num_splits, seeds = len(one.differences), self._setup.config.seeds
        runs = rows = math.nan
        if one.splits_to_decide is not None:
            runs = (one.splits_to_decide - num_splits) * seeds
        if one.rows_to_decide is not None:
            rows = math.ceil(one.rows_to_decide * len(self._setup.dataset))
        return {"runs_to_decide": runs, "rows_to_decide": rows}

    def _effect_row(
        self, key: dict[str, Any], one: Comparison, numbers: dict[str, Any]
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
        self, key: dict[str, Any], one: Comparison, numbers: dict[str, Any]
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


def _arm_row(
    setup: Setup,
    name: str,
    one: Judged,
    table: _Scores,
    trials: np.ndarray,
    has_learned: bool,
) -> dict[str, Any]:
    arm = next(arm for arm in setup.arms.arms if arm.name == name)
    candidate = next(c for c in setup.candidates if c.name == name)
    values, net = table.test[name], candidate.nets[0]
    mean, low, high = analysis.mean_and_interval(
        values, setup.splits.test_to_train, is_share=setup.score.is_share
    )
    best = trials.argmin(axis=0)
    last = len(candidate.nets) - 1
    at_edge = float(np.isin(best, (0, last)).mean()) if last >= 2 else 0.0
    return {
        "arm": name,
        "factor": arm.factor,
        "level": None if arm.factor is None else name_of(arm.level),
        **setup.recipes[name].settings(),
        "mean": mean,
        "low": low,
        "high": high,
        "sd": float(np.std(values, ddof=1)),
        "val_mean": float(table.val[name].mean()),
        "learning_rate": float(np.median(one.rates)),
        "at_edge": at_edge,
        "epochs": float(one.epochs.mean()),
        "num_runs": int(one.epochs.size),
        "num_diverged": int(one.diverged.sum()),
        "updates": int(net.training.total_steps(setup.splits.num_rows)),
        "surely_learned": bool(has_learned),
    }


def _complexity(setup: Setup) -> dict[str, tuple[float, ...]]:
    """Return what nets are ordered by: parts, parameters, place in the design."""
    return {
        name: (float(len(recipe.parts())), float(num_parameters(setup, name)), place)
        for place, (name, recipe) in enumerate(setup.recipes.items())
    }


def _trials_frame(
    setup: Setup, places: Mapping[str, np.ndarray], trials: Mapping[str, np.ndarray]
) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for candidate in setup.candidates:
        values = trials[candidate.name]
        for place, j in np.ndindex(values.shape):
            fold = setup.splits.folds[j]
            rows.append(
                {
                    "arm": candidate.name,
                    "repeat": fold.repeat,
                    "split": fold.split,
                    "learning_rate": candidate.rates[place],
                    f"val_{MONITORED[setup.dataset.task]}": float(values[place, j]),
                    "chosen": bool(places[candidate.name][j] == place),
                    "diverged": not math.isfinite(values[place, j]),
                }
            )
    return pd.DataFrame(rows)


def _cells(
    setup: Setup, scores: Mapping[str, np.ndarray], terms: Terms
) -> pd.DataFrame:
    import itertools

    import pandas as pd

    rows = []
    factors = setup.factors if "factorial" in setup.config.design else {}
    for a, b in itertools.combinations(factors, 2):
        for level_a, level_b in itertools.product(factors[a], factors[b]):
            values = analysis.marginal(setup.arms, scores, {a: level_a, b: level_b})
            found = analysis.mean_and_interval(
                values, terms.test_to_train, is_share=setup.score.is_share
            )
            row = (a, name_of(level_a), b, name_of(level_b), *found)
            rows.append(dict(zip(CELL_COLUMNS, row, strict=True)))
    return pd.DataFrame(rows, columns=list(CELL_COLUMNS))


def _data_notes(setup: Setup) -> tuple[Note, ...]:
    from ablations.study.table.folds import describe_folds

    return (*setup.dataset.notes, *describe_folds(setup.dataset, setup.splits.folds))


def _run_notes(arms: pd.DataFrame) -> list[Note]:
    """Return what a reader must know about tuning and failures."""
    notes = []
    edge = arms.loc[arms["at_edge"] > AT_EDGE, "arm"].tolist()
    if edge:
        text = (
            "The best learning rate was the smallest or the largest of those tried in"
            f" most splits for {quote_all(edge)}: other rates might do better."
        )
        notes.append(Note("rate_at_edge", "warning", text))
    lost = arms.loc[arms["num_diverged"] > 0]
    if len(lost):
        number = int(lost["num_diverged"].sum())
        text = (
            f"{number} judged run(s) of {quote_all(lost['arm'].tolist())} diverged;"
            " they count with the score of the dummy."
        )
        notes.append(Note("diverged", "warning", text))
    return notes
