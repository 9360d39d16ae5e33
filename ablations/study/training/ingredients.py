"""Say which ingredients suit the data, and which the data call for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from ablations.study.settings.digits import rounded
from ablations.study.settings.recipe import LOSSES, Option, Recipe
from ablations.study.table.hazards import VERY_UNEQUAL_SHARE
from ablations.study.table.note import Note, quote
from ablations.study.table.target_scale import curve_of, spans_orders
from models.config import one_of, requirement

if TYPE_CHECKING:
    from ablations.study.table.dataset import Dataset

UNEQUAL_CLASSES = 0.75
"""Share of the largest class from which accuracy says too little."""


def check_suits(recipe: Recipe, dataset: Dataset) -> None:
    """Check that a recipe suits what is predicted.

    Raises:
        ConfigError: If it does not; names the ingredient.
    """
    one_of("loss", recipe.loss, LOSSES[dataset.task])
    if recipe.class_weight != "none" and not dataset.classes:
        must = "must be 'none' where numbers are predicted"
        raise requirement("class_weight", must, recipe.class_weight)
    curve_of(dataset, recipe.target_transform)


def suggested_factors(dataset: Dataset) -> dict[str, tuple[Option, ...]]:
    """Return levels of factors that the data call for, the plain one first.

    Class weights where classes are very unequal, and the logarithm of a target that
    spans orders of magnitude.
    """
    suggested: dict[str, tuple[Option, ...]] = {}
    if has_unequal_classes(dataset):
        suggested["class_weight"] = ("none", "balanced")
    if spans_orders(dataset):
        suggested["target_transform"] = ("none", "log")
    return suggested


def has_unequal_classes(dataset: Dataset) -> bool:
    """Return whether one class has so many rows that accuracy says too little."""
    return _largest_share(dataset) > UNEQUAL_CLASSES


def _largest_share(dataset: Dataset) -> float:
    if not dataset.classes:
        return 0.0
    return float(np.bincount(dataset.target).max() / len(dataset))


def describe_ingredients(
    dataset: Dataset, recipes: Iterable[Recipe], score: str
) -> list[Note]:
    """Return what the data call for, and what is done to weigh and transform them.

    Args:
        dataset: The data.
        recipes: Those of all arms.
        score: Name of what arms are judged by.
    """
    recipes = list(recipes)
    notes = _about_classes(dataset, {recipe.class_weight for recipe in recipes})
    notes += _about_target(dataset, {one.target_transform for one in recipes}, score)
    if dataset.weights is not None:
        text = (
            f"Rows count by column {quote(dataset.weight_name)}, in training and in all"
            " scores; it is no input."
        )
        notes.append(Note("sample_weights", "info", text))
    return notes


def _about_classes(dataset: Dataset, class_weights: set[str]) -> list[Note]:
    if class_weights != {"none"}:
        text = (
            "Where class weights are balanced, every class counts alike in the loss of"
            " the training rows; what a net says is then no estimate of how frequent a"
            " class is. No score is weighted so."
        )
        return [Note("class_weights", "info", text)]
    if not has_unequal_classes(dataset):
        return []
    severe = _largest_share(dataset) >= VERY_UNEQUAL_SHARE
    text = (
        "With classes this unequal a net may learn little but the largest one. Class"
        " weights let all count alike in the loss: compare with `--factor"
        " class_weight=none,balanced`."
    )
    return [Note("try_class_weights", "warning" if severe else "info", text)]


def _about_target(dataset: Dataset, transforms: set[str], score: str) -> list[Note]:
    notes = []
    who = f"The target {quote(dataset.target_name)}"
    if spans_orders(dataset):
        low, high = (rounded(f(dataset.target)) for f in (np.min, np.max))
        text = f"{who} spans orders of magnitude, from {low} to {high}"
        if transforms == {"none"}:
            text += (
                ": a few large numbers decide what is learned. Try its logarithm, with"
                " `--target-transform log`, or compare both, with `--factor"
                " target_transform=none,log`."
            )
            notes.append(Note("wide_target", "warning", text))
        else:
            tried = "log" in transforms and "none" in transforms
            text += "; nets that learn its logarithm are among the arms" * tried
            text += "."
            if score != "rmsle":
                text += (
                    " A few large numbers decide the errors, so that it takes many rows"
                    " to be sure of a difference; `--score rmsle` judges by errors of"
                    " the logarithm."
                )
            notes.append(Note("wide_target", "info", text))
    if "log" in transforms and curve_of(dataset, "log") == "log1p":
        text = f"{who} has zeros: `log` is the logarithm of 1 plus the target."
        notes.append(Note("log_of_one_more", "info", text))
    if transforms != {"none"}:
        text = (
            "Answers of nets that learn a transformed target are turned back into its"
            " own unit before they are scored; no such answer lies outside of the"
            " numbers of the training rows."
        )
        notes.append(Note("transformed_target", "info", text))
    return notes
