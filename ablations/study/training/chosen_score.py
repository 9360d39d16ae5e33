"""Choose what the models of a study are judged by, and say why."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ablations.study.settings.config import SCORES, StudyConfig
from ablations.study.settings.score import LOG_UNITS, SHARES, Score
from ablations.study.table.note import Note, quote
from ablations.study.table.target_scale import curve_of, spans_orders
from ablations.study.training.ingredients import has_unequal_classes
from models.config import one_of, requirement

if TYPE_CHECKING:
    from ablations.study.table.dataset import Dataset


def choose_score(config: StudyConfig, dataset: Dataset) -> Score:
    """Return what arms are judged by.

    Raises:
        ConfigError: If the score asked for does not suit the task or the target.
    """
    if config.score is not None:
        name = one_of("score", config.score, SCORES[dataset.task])
    elif dataset.task == "regression":
        name = "rmsle" if spans_orders(dataset) else "rmse"
    else:
        name = "auc" if has_unequal_classes(dataset) else "accuracy"
    margin = math.nan if config.margin is None else config.margin
    if name in SHARES:
        return Score(name, True, margin, "points", 100.0)
    if name == "rmsle":
        return Score(name, False, margin, _log_unit(dataset))
    units = {"r2": "of R2", "crossentropy": "nats"}
    unit = units.get(name, dataset.target_name)
    return Score(name, name == "r2", margin, unit)


def _log_unit(dataset: Dataset) -> str:
    """Return what logarithms of the target are counted in."""
    least = float(dataset.target.min())
    if least < 0:
        must = (
            "must not be 'rmsle' where the target has negative numbers; the smallest of"
            f" {quote(dataset.target_name)} is {least:g}"
        )
        raise requirement("score", must, "rmsle")
    return LOG_UNITS[curve_of(dataset, "log")]


def scores_of(dataset: Dataset, judged_by: str) -> tuple[str, ...]:
    """Return the scores that a study shows, beside the one that it judges by.

    Errors of the logarithm are told where they are what is judged, or where the target
    spans orders of magnitude.
    """
    names = SCORES[dataset.task]
    if judged_by == "rmsle" or spans_orders(dataset):
        return names
    return tuple(name for name in names if name != "rmsle")


def describe_score(
    config: StudyConfig, dataset: Dataset, score: Score
) -> tuple[Note, ...]:
    """Return what a reader must know of the score, where it is not the usual one."""
    if score.name == "rmsle":
        return (_about_logarithms(config, dataset, score),)
    if config.score is not None or score.name != "auc":
        return ()
    shares = np.bincount(dataset.target) / len(dataset)
    largest = int(shares.argmax())
    text = (
        f"{100 * shares[largest]:.0f} % of the rows are of the class"
        f" {quote(dataset.classes[largest])}, so models are judged by AUC: how often a"
        " row of a class gets a higher probability of it than a row of another class."
        " Guessing has 50 %, and no threshold enters. Other scores are in the tables;"
        " for judging by one of them set `score`, such as average_precision or f1."
    )
    return (Note("unequal_classes", "info", text),)


def _about_logarithms(config: StudyConfig, dataset: Dataset, score: Score) -> Note:
    """Say what errors of the logarithm are, and what they are not."""
    why = (
        "Models are judged by RMSLE,"
        if config.score is not None
        else f"The target {quote(dataset.target_name)} spans orders of magnitude, so"
        " that models are judged by RMSLE,"
    )
    whose = "" if score.is_of_ratios else " of 1 plus the target"
    text = (
        f"{why} the root mean squared error of the logarithm{whose}: to be off by the"
        " same factor counts alike for small and large numbers, and 0.1 is about 10 %."
        " A model that is good at this answers with typical numbers, whose sum is too"
        " small; for errors in the unit of the target set `score` to mae or rmse."
        " Always the same answer is the geometric mean, and an answer below the"
        " smallest number of the training rows counts as that number."
    )
    return Note("judged_by_ratio", "info", text)
