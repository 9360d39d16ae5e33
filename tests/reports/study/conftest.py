"""Studies made by hand, whose every number is known."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ablations.study.findings.result import (
    EFFECT_COLUMNS,
    Budget,
    Recommendation,
    StudyDesign,
    StudyResult,
)
from ablations.study.settings.config import StudyConfig
from ablations.study.settings.recipe import Recipe
from ablations.study.settings.score import Score
from ablations.study.table.dataset import Note, load_dataset
from ablations.study.table.preprocessing import make_pipeline

NUM_FOLDS, NUM_REPEATS, NUM_SEEDS = 5, 2, 2
NUM_ROWS = 120
GAINS = {"plain": 0.0, "dropout=0.2": 0.03, "depth=4": -0.05, "width=16": 0.002}
VERDICTS = {"dropout=0.2": "better", "depth=4": "worse", "width=16": "undecided"}
RECIPES = {
    "plain": Recipe(width=8, batch_size=16),
    "dropout=0.2": Recipe(width=8, dropout=0.2, batch_size=16),
    "depth=4": Recipe(width=8, depth=4, batch_size=16),
    "width=16": Recipe(width=16, batch_size=16),
}
BASELINES = {"dummy": -0.3, "linear": -0.02, "random forest": 0.01}
ACCURACY = Score("accuracy", True, 0.01, "points", 100.0)
RMSE = Score("rmse", False, 0.1, "kilograms")
SPLITS = list(itertools.product(range(NUM_REPEATS), range(NUM_FOLDS)))


def make_table(task: str = "classification", target: str = "kind") -> pd.DataFrame:
    """Return rows with numbers, texts, dates, truth values and holes."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=NUM_ROWS)
    days = pd.to_timedelta(rng.integers(0, 900, NUM_ROWS), unit="D")
    color = rng.choice(["red", "green", "blue"], NUM_ROWS)
    table = pd.DataFrame(
        {
            "size": x,
            "day": (pd.Timestamp("2020-01-03") + days).strftime("%d.%m.%Y"),
            "color": color,
            "open": rng.choice(["yes", "no"], NUM_ROWS),
        }
    )
    if task == "classification":
        table[target] = np.where(x + (color == "red") > 0.3, "good", "bad")
    else:
        table[target] = 10 + 3 * x + rng.normal(size=NUM_ROWS)
    for column in ("size", "day", "color", "open"):
        table.loc[rng.random(NUM_ROWS) < 0.1, column] = None
    return table


def make_runs(
    score: Score, recipes: dict[str, Recipe], gains: dict[str, float]
) -> pd.DataFrame:
    rng = np.random.default_rng(2)
    easy = {split: rng.normal(0.0, 0.02) for split in SPLITS}
    sign = 1.0 if score.higher_is_better else -10.0
    level = 0.8 if score.higher_is_better else 12.0
    rows = []
    for arm in (*recipes, *BASELINES):
        is_net = arm in recipes
        gain = gains[arm] if is_net else BASELINES[arm]
        for repeat, split in SPLITS:
            for seed in range(NUM_SEEDS if is_net else 1):
                value = gain + easy[repeat, split] + rng.normal(0.0, 0.005)
                rows.append(
                    {
                        "arm": arm,
                        "kind": "net" if is_net else "baseline",
                        "repeat": repeat,
                        "split": split,
                        "seed": seed,
                        "learning_rate": 0.003 if is_net else math.nan,
                        "epoch": 12 if is_net else math.nan,
                        "score": level + sign * value,
                        "val_score": level + sign * value,
                        "diverged": False,
                    }
                )
    return pd.DataFrame(rows)


def make_arms(
    score: Score,
    runs: pd.DataFrame,
    recipes: dict[str, Recipe],
    dataset: Any,
) -> pd.DataFrame:
    num_inputs = make_pipeline(dataset).fit_transform(dataset.frame).shape[1]
    num_outputs = len(dataset.classes) or 1
    rows = []
    for arm, recipe in recipes.items():
        mean = runs.loc[runs["arm"] == arm, "score"].mean()
        factor, found, level = arm.partition("=")
        rows.append(
            {
                "arm": arm,
                "factor": factor if found else None,
                "level": level if found else None,
                **recipe.settings(),
                "num_parameters": recipe.model(
                    num_inputs, num_outputs
                ).parameter_count()[1],
                "mean": mean,
                "low": mean - 0.02 * abs(mean),
                "high": mean + 0.02 * abs(mean),
                "sd": 0.02,
                "val_mean": mean,
                "learning_rate": 0.003,
                "at_edge": 0.2,
                "epochs": 12.0,
                "num_runs": len(SPLITS) * NUM_SEEDS,
                "num_diverged": 0,
                "updates": 400,
                "surely_learned": True,
            }
        )
    return pd.DataFrame(rows)


def make_baselines(runs: pd.DataFrame) -> pd.DataFrame:
    settings = {"dummy": "", "linear": "c=0.1", "random forest": "min_samples_leaf=3"}
    rows = []
    for name in BASELINES:
        mean = runs.loc[runs["arm"] == name, "score"].mean()
        rows.append(
            {
                "baseline": name,
                "mean": mean,
                "low": mean - 0.02 * abs(mean),
                "high": mean + 0.02 * abs(mean),
                "sd": 0.02,
                "settings": settings[name],
                "seconds": 0.05,
            }
        )
    return pd.DataFrame(rows)


def effect(score: Score, **fields: Any) -> dict[str, Any]:
    sign = 1.0 if score.higher_is_better else -10.0
    gain = sign * fields.pop("gain")
    row = {
        "kind": "arm",
        "factor": None,
        "level": None,
        "difference": gain,
        "low": gain - 0.01 * abs(sign),
        "high": gain + 0.01 * abs(sign),
        "p_value": 0.01,
        "p_adjusted": 0.03,
        "detectable": 0.012 * abs(sign),
        "runs_to_decide": math.nan,
        "rows_to_decide": math.nan,
        **fields,
    }
    row["comparison"] = fields.get("comparison", f"{row['arm']} vs {row['reference']}")
    row["text"] = f"{row['comparison']}: {row['verdict']}."
    return {name: row.get(name) for name in EFFECT_COLUMNS}


def make_effects(score: Score) -> pd.DataFrame:
    rows = [
        effect(
            score,
            arm=arm,
            reference="plain",
            factor=arm.partition("=")[0],
            level=arm.partition("=")[2],
            gain=GAINS[arm],
            verdict=verdict,
            runs_to_decide=40.0 if verdict == "undecided" else math.nan,
        )
        for arm, verdict in VERDICTS.items()
    ]
    rows.append(
        effect(
            score,
            arm="random forest",
            reference="dropout=0.2",
            kind="baseline",
            gain=-0.02,
            verdict="undecided",
            rows_to_decide=5000.0,
        )
    )
    return pd.DataFrame(rows)


def make_curves(recipes: dict[str, Recipe]) -> pd.DataFrame:
    rows = [
        {
            "arm": arm,
            "epoch": epoch,
            "rows": part,
            "metric": metric,
            "mean": math.exp(-epoch / 10) + offset,
            "low": math.exp(-epoch / 10) + offset - 0.05,
            "high": math.exp(-epoch / 10) + offset + 0.05,
        }
        for arm in recipes
        for metric in ("loss", "accuracy")
        for part, offset in (("train", 0.1), ("val", 0.2))
        for epoch in range(1, 21)
    ]
    return pd.DataFrame(rows)


def make_predictions(dataset: Any) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    table = {
        "row": np.arange(len(dataset)),
        "split": np.arange(len(dataset)) % NUM_FOLDS,
        "target": dataset.target,
    }
    if dataset.classes:
        sure = rng.uniform(0.5, 1.0, len(dataset))
        right = rng.random(len(dataset)) < sure
        said = np.where(right, dataset.target, 1 - dataset.target)
        table["p_1"] = np.where(said == 1, sure, 1 - sure)
        table["p_0"] = 1 - table["p_1"]
    else:
        table["predicted"] = dataset.target + rng.normal(size=len(dataset))
    return pd.DataFrame(table)


def make_result(
    source: str = "rows.csv",
    *,
    task: str = "classification",
    target: str = "kind",
    kind: str = "net",
    **changes: Any,
) -> StudyResult:
    """Return a finished study of a few nets; `changes` replace what it holds."""
    return dataclasses.replace(_made(source, task, target, kind), **changes)


@functools.cache
# Of the strings that pandas has, those that hold half of a surrogate pair, too.
@pd.option_context("mode.string_storage", "python")
def _made(source: str, task: str, target: str, kind: str) -> StudyResult:
    """Return a finished study, which all tests share and none may change."""
    dataset = load_dataset(make_table(task, target), target, task, name="rows")
    regression = task == "regression"
    score = RMSE if regression else ACCURACY
    loss = "mse" if regression else "crossentropy"
    recipes = {name: r.replace(loss=loss) for name, r in RECIPES.items()}
    runs = make_runs(score, recipes, GAINS)
    arms = make_arms(score, runs, recipes, dataset)
    name = {"net": "dropout=0.2", "baseline": "linear", "nothing": "dummy"}[kind]
    mean = float(runs.loc[runs["arm"] == name, "score"].mean())
    return StudyResult(
        name="rows",
        config=StudyConfig(data=source, target=target),
        dataset=dataset,
        score=score,
        design=StudyDesign(
            "one_at_a_time",
            {"dropout": (0.0, 0.2), "depth": (2, 4), "width": (8, 16)},
            NUM_FOLDS,
            NUM_REPEATS,
            NUM_SEEDS,
            3,
        ),
        recipes=recipes,
        arms=arms,
        baselines=make_baselines(runs),
        runs=runs,
        trials=pd.DataFrame(
            [
                {
                    "arm": "plain",
                    "repeat": 0,
                    "split": 0,
                    "learning_rate": 0.003,
                    "val_score": 0.8,
                    "chosen": True,
                    "diverged": False,
                }
            ]
        ),
        curves=make_curves(recipes),
        effects=make_effects(score),
        interactions=pd.DataFrame(),
        cells=pd.DataFrame(),
        predictions=make_predictions(dataset),
        recommendation=Recommendation(
            kind=kind,
            name=name,
            learning_rate=0.003 if kind == "net" else None,
            score=mean,
            low=mean - 0.02 * abs(mean),
            high=mean + 0.02 * abs(mean),
            honest_score=mean - 0.01 * abs(mean),
            best="dropout=0.2",
            not_surely_worse=("dropout=0.2", "width=16"),
            better_than_baseline="undecided",
            sentence=f"Use {name!r}.",
            reasons=("It is the simplest of those that are not worse.",),
        ),
        budget=Budget(600, 600, 1, 4, 40, 95.0),
        notes=(Note("edge", "warning", "The best rate is at the edge for 'plain'."),),
        versions={"processor": "Test", "cores": 2, "keras": "3.0"},
        command=f"ablations study --data {source} --target {target}",
    )


def make_factorial() -> StudyResult:
    """Return a study of two crossed factors that need each other."""
    levels = {"activation": ("tanh", "relu"), "dropout": (0.0, 0.2)}
    names, recipes, gains = [], {}, {}
    for activation, dropout in itertools.product(*levels.values()):
        name = f"{activation}, dropout {dropout:g}"
        names.append(name)
        recipes[name] = Recipe(width=8, activation=activation, dropout=dropout)
        gains[name] = 0.08 * (activation == "relu") * (dropout > 0)
    runs = make_runs(ACCURACY, recipes, gains)
    cells = pd.DataFrame(
        [
            {
                "factor_a": "activation",
                "level_a": activation,
                "factor_b": "dropout",
                "level_b": dropout,
                "mean": 0.8 + gains[f"{activation}, dropout {dropout:g}"],
                "low": 0.78 + gains[f"{activation}, dropout {dropout:g}"],
                "high": 0.82 + gains[f"{activation}, dropout {dropout:g}"],
            }
            for activation, dropout in itertools.product(*levels.values())
        ]
    )
    interactions = pd.DataFrame(
        [
            {
                "factor_a": "activation",
                "factor_b": "dropout",
                "difference": 0.08,
                "low": 0.05,
                "high": 0.11,
                "p_value": 0.001,
                "p_adjusted": 0.003,
                "verdict": "better",
                "aliases": "",
                "text": "They need each other.",
            }
        ]
    )
    effects = pd.DataFrame(
        [
            effect(
                ACCURACY,
                kind="main",
                comparison=f"{factor} {level} against {plain}",
                factor=factor,
                level=level,
                arm=f"{factor}={level}",
                reference=f"{factor}={plain}",
                gain=0.04,
                verdict="better",
            )
            for factor, (plain, level) in levels.items()
        ]
    )
    best = names[-1]
    base = make_result()
    chosen = base.recommendation
    mean = float(runs.loc[runs["arm"] == best, "score"].mean())
    return make_result(
        design=StudyDesign(
            "full_factorial", levels, NUM_FOLDS, NUM_REPEATS, NUM_SEEDS, 3
        ),
        recipes=recipes,
        arms=make_arms(ACCURACY, runs, recipes, base.dataset),
        runs=runs,
        effects=effects,
        interactions=interactions,
        cells=cells,
        curves=make_curves(recipes),
        recommendation=Recommendation(
            **{
                **vars(chosen),
                "name": best,
                "best": best,
                "score": mean,
                "sentence": f"Use {best!r}.",
            }
        ),
    )


@pytest.fixture(scope="session")
def study() -> Callable[..., StudyResult]:
    """Return a function that makes a finished study by hand, with changes."""
    return make_result


@pytest.fixture(scope="session")
def factorial() -> StudyResult:
    """Return a study of two crossed factors that need each other."""
    return make_factorial()


@pytest.fixture
def table() -> Callable[..., pd.DataFrame]:
    """Return a function that makes the rows that the studies are of."""
    return make_table


@pytest.fixture
def rows_file(tmp_path: Path) -> Callable[..., str]:
    """Return a function that writes those rows to a CSV file."""

    def write(task: str = "classification", **options: Any) -> str:
        path = tmp_path / "rows.csv"
        make_table(task).to_csv(path, index=False, **options)
        return str(path)

    return write
