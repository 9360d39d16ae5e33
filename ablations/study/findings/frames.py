"""Put what came out of a study into tables."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ablations.study.findings import analysis
from ablations.study.findings.analysis import Terms
from ablations.study.findings.contrasts import marginal
from ablations.study.findings.family import Family
from ablations.study.findings.recommend import Standings, choose, recommend
from ablations.study.findings.result import (
    Budget,
    Recommendation,
    StudyDesign,
    StudyResult,
)
from ablations.study.findings.scores import Scores
from ablations.study.settings.designs import name_of
from ablations.study.settings.score import Score, with_margin
from ablations.study.table.note import Note, quote_all
from ablations.study.training.chosen_score import describe_score
from ablations.study.training.ingredients import describe_ingredients
from ablations.study.training.net import MONITORED
from ablations.study.training.runs import (
    count_runs,
)
from ablations.study.training.scoring import (
    Judged,
    curve_rows,
    predictions_frame,
)
from ablations.study.training.setup import (
    Setup,
    describe_aliases,
    num_parameters,
)
from ablations.study.training.ways import DUMMY

if TYPE_CHECKING:
    import pandas as pd


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
        baselines: What is stored of every baseline, the dummy included.
    """
    import pandas as pd

    table = Scores(setup, judged, baselines)
    nets = {name: table.values(name) for name in judged}
    others = {name: table.values(name) for name in baselines if name != DUMMY}
    dummy = table.values(DUMMY)
    score, terms = make_terms(setup, nets, dummy)
    learned = analysis.learned({**nets, **others}, dummy, terms)
    family = Family(setup, score, terms, nets, others, learned)
    complexity = _complexity(setup)
    standings = Standings(
        nets=nets,
        baselines=others,
        dummy=dummy,
        chosen=analysis.chosen_anew(table.test, table.val, score.higher_is_better),
        learned=learned,
        complexity=complexity,
        against=family.against,
        rates={name: float(np.median(one.rates)) for name, one in judged.items()},
    )
    choice = choose(standings, terms)
    recommendation = recommend(standings, choice, score, terms)
    effects, interactions = family.frames(choice.net)
    arms = pd.DataFrame(
        [
            _arm_row(setup, name, judged[name], table, terms, trials[name])
            | {"surely_learned": bool(learned[name])}
            for name in setup.recipes
        ]
    )
    arms["num_parameters"] = [int(complexity[name][2]) for name in setup.recipes]
    is_net = recommendation.kind == "net"
    shown = recommendation.name if is_net else recommendation.best
    kind, notes = setup.dataset.task, _data_notes(setup)
    curves = [
        row for name, one in judged.items() for row in curve_rows(name, one, kind)
    ]
    return StudyResult(
        name=setup.dataset.name,
        config=setup.config,
        dataset=setup.dataset,
        score=score,
        design=_design(setup),
        recipes=setup.recipes,
        arms=arms,
        baselines=table.baseline_frame(terms, baselines),
        runs=table.runs_frame(),
        trials=_trials_frame(setup, places, trials),
        curves=pd.DataFrame(curves),
        effects=effects,
        interactions=interactions,
        cells=_cells(setup, nets, terms),
        predictions=predictions_frame(judged[shown].outputs, setup.splits),
        recommendation=with_doubts(recommendation, notes),
        budget=_budget(setup, judged, places),
        notes=(*notes, *_run_notes(arms)),
    )


def with_doubts(
    recommendation: Recommendation, notes: tuple[Note, ...]
) -> Recommendation:
    """Return a recommendation with the warnings that speak against it.

    No score is claimed without the warning that it may hold for known persons only, and
    nothing is given up before what the data call for was tried; that a few rows decide
    all errors is said even where their logarithms were.
    """
    given_up = recommendation.kind == "nothing"
    warned = {"names_repeat"} | ({"try_class_weights"} if given_up else set())
    doubts = (
        n.text
        for n in notes
        if (n.code in warned and n.severity == "warning")
        or (n.code == "wide_target" and given_up)
    )
    return replace(recommendation, reasons=(*recommendation.reasons, *doubts))


def make_terms(
    setup: Setup, nets: Mapping[str, np.ndarray], dummy: np.ndarray
) -> tuple[Score, Terms]:
    """Return the score with its margin, and what comparisons are judged by."""
    terms = Terms(
        tests=setup.tests,
        test_to_train=setup.splits.test_to_train,
        margin=setup.score.margin,
        higher_is_better=setup.score.higher_is_better,
        step=setup.config.num_folds,
    )
    reference = nets[setup.arms.arms[0].name]
    score = with_margin(setup.score, terms.mean(reference), terms.mean(dummy))
    return score, replace(terms, margin=score.margin)


def _design(setup: Setup) -> StudyDesign:
    """Return which arms were compared and what was spent on each."""
    config = setup.config
    return StudyDesign(
        name=config.design,
        factors=setup.factors,
        num_folds=config.num_folds,
        num_repeats=config.num_repeats,
        num_seeds=config.seeds,
        num_trials=config.num_trials,
        resolution=setup.arms.resolution,
        aliases=tuple(describe_aliases(setup.arms)),
        generators=setup.arms.generators,
    )


def _budget(
    setup: Setup, judged: Mapping[str, Judged], places: Mapping[str, np.ndarray]
) -> Budget:
    """Return what the study consists of; who trained it knows how much was new."""
    return Budget(
        num_runs=count_runs(setup.candidates, places, setup.config.seeds),
        num_trained=0,
        num_diverged=int(sum(one.diverged.sum() for one in judged.values())),
        num_structures=len(setup.work.sizes),
        epochs=setup.epochs,
        seconds=0.0,
    )


def _arm_row(
    setup: Setup,
    name: str,
    one: Judged,
    table: Scores,
    terms: Terms,
    trials: np.ndarray,
) -> dict[str, Any]:
    arm = next(arm for arm in setup.arms.arms if arm.name == name)
    candidate = next(c for c in setup.candidates if c.name == name)
    values, net = table.test[name], candidate.nets[0]
    mean, low, high = analysis.mean_and_interval(
        table.values(name), terms, is_share=setup.score.is_share
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
    }


def _complexity(setup: Setup) -> dict[str, tuple[float, ...]]:
    """Return what nets are ordered by: members, parts, parameters, place in the design.

    An ensemble has as many members as networks whose outputs it averages.
    """
    return {
        name: (
            float(recipe.ensemble),
            float(len(recipe.parts())),
            float(num_parameters(setup, name)),
            place,
        )
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


def _cells(setup: Setup, nets: Mapping[str, np.ndarray], terms: Terms) -> pd.DataFrame:
    import pandas as pd

    rows = []
    factors = setup.factors if "factorial" in setup.config.design else {}
    for a, b in itertools.combinations(factors, 2):
        for level_a, level_b in itertools.product(factors[a], factors[b]):
            values = marginal(setup.arms, nets, {a: level_a, b: level_b})
            found = analysis.mean_and_interval(
                values, terms, is_share=setup.score.is_share
            )
            row = (a, name_of(level_a), b, name_of(level_b), *found)
            rows.append(dict(zip(CELL_COLUMNS, row, strict=True)))
    return pd.DataFrame(rows, columns=list(CELL_COLUMNS))


def _data_notes(setup: Setup) -> tuple[Note, ...]:
    from ablations.study.table.folds import describe_folds

    return (
        *setup.dataset.notes,
        *describe_folds(setup.dataset, setup.splits.folds),
        *describe_score(setup.config, setup.dataset, setup.score),
        *describe_ingredients(setup.dataset, setup.recipes.values(), setup.score.name),
    )


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
