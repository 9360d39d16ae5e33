"""Turn the rows of a split into arrays; every statistic is of the training rows.

Numbers are standardized, the median standing in for what is missing (or turned into the
normal scores of their ranks first, where the scaling is by quantiles); dates become
elapsed days (standardized too) and points on the circle of the year, week and day;
truth values stay 0 and 1; categories become columns of zeros and ones. Columns with
missing values get one more that says where.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ablations.study.table.dataset import Dataset
from ablations.study.table.folds import Fold
from ablations.study.table.hazards import MAX_CATEGORIES, MIN_CATEGORY_ROWS, OUTLIER
from ablations.study.table.source import different_names
from ablations.study.table.target_scale import TargetScale, curve_of
from ablations.study.table.weights import weights_of

if TYPE_CHECKING:
    import pandas as pd
    from sklearn.pipeline import Pipeline

MIN_TRAINING_ROWS = 2
"""A category in fewer training rows counts as other in that split."""


@dataclass(frozen=True)
class Preparation:
    """What of the preparation of rows is an ingredient.

    Attributes:
        scaling: `standard`, or `quantile` for normal scores of the ranks of numbers.
        target_transform: `none`, `log` or `quantile`.
        class_weight: `none` or `balanced`.
    """

    scaling: str = "standard"
    target_transform: str = "none"
    class_weight: str = "none"


PLAIN = Preparation()

LOGARITHM = Preparation(target_transform="log")


@dataclass(frozen=True, eq=False)
class Prepared:
    """The arrays of one split.

    Attributes:
        x_train, x_val, x_test: Inputs of each part [N, D], float32.
        y_train, y_val, y_test: Of classes, 1 for the right one and 0 for the others
            [N, K]; of a regression, the target as it is learned [N, 1]; float32.
        feature_names: What each of the D inputs is.
        pipeline: Turns a frame of the columns (as read, or raw) into inputs [N, D].
        scale: How a target is transformed and standardized by the training rows; None
            for classes.
        weight_train, weight_val, weight_test: How much each row counts [N], float32 of
            mean 1; None where all count alike. Class weights are not in those of the
            test rows.
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_val: np.ndarray
    y_val: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    feature_names: tuple[str, ...]
    pipeline: Pipeline
    scale: TargetScale | None = None
    weight_train: np.ndarray | None = None
    weight_val: np.ndarray | None = None
    weight_test: np.ndarray | None = None

    def in_units(self, said: np.ndarray) -> np.ndarray:
        """Return answers `[...]`, of numbers in the unit of the target."""
        return said if self.scale is None else self.scale.back(said)

    def said_of(self, other: Prepared, said: np.ndarray) -> np.ndarray:
        """Return answers `[...]` to other targets of these rows as answers to these."""
        if self is other or self.scale is None:
            return said
        return self.scale.forward(self.scale.floored(other.in_units(said)))


def prepare(
    dataset: Dataset,
    fold: Fold,
    preparation: Preparation = PLAIN,
    alike: Prepared | None = None,
) -> Prepared:
    """Fit the preparation on the training rows of a split and prepare all its rows.

    Args:
        dataset: The data.
        fold: The split.
        preparation: How rows are prepared where a recipe has a say.
        alike: The same split with the same scaling, whose inputs are taken over.
    """
    parts = {"train": fold.train, "val": fold.val, "test": fold.test}
    made: dict[str, Any]
    if alike is None:
        pipeline = make_pipeline(dataset, preparation.scaling)
        pipeline.fit(dataset.frame.iloc[fold.train])
        made = {
            f"x_{part}": pipeline.transform(dataset.frame.iloc[rows]).astype(np.float32)
            for part, rows in parts.items()
        }
        names = _feature_names(pipeline)
    else:
        made = {f"x_{part}": getattr(alike, f"x_{part}") for part in parts}
        names, pipeline = alike.feature_names, alike.pipeline
    scale = None
    if dataset.classes:
        targets = np.eye(len(dataset.classes), dtype=np.float32)[dataset.target]
    else:
        curve = curve_of(dataset, preparation.target_transform)
        scale = TargetScale.fit(dataset.target[fold.train], curve)
        targets = scale.forward(dataset.target).astype(np.float32)[:, None]
    weights = weights_of(
        dataset.weights, dataset.target, parts, preparation.class_weight
    )
    made |= {f"y_{part}": targets[rows] for part, rows in parts.items()}
    made |= {f"weight_{part}": weight for part, weight in weights.items()}
    return Prepared(**made, feature_names=names, pipeline=pipeline, scale=scale)


def _feature_names(pipeline: Pipeline) -> tuple[str, ...]:
    """Return different names; columns may be called as what is made of others."""
    # The name of the step stands before each, with two underscores.
    made = [name.partition("__")[2] for name in pipeline.get_feature_names_out()]
    return tuple(different_names(made)[0])


def make_pipeline(dataset: Dataset, scaling: str = "standard") -> Pipeline:
    """Return the preparation of a data set, not yet fitted.

    Which columns it makes is decided by all rows (which categories there are, where
    values are missing, whether months vary), so that all splits have the same inputs;
    no number that enters an input is.
    """
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import StandardScaler

    from ablations.study.table import encoders

    frame = dataset.frame
    named = {
        kind: [name for name in frame.columns if dataset.kinds[name] == kind]
        for kind in ("numeric", "date", "boolean", "categorical")
    }
    holes = [name for name in frame.columns if frame[name].isna().any()]
    steps: list[tuple[str, Any, list[str]]] = []

    def impute(strategy: str) -> SimpleImputer:
        return SimpleImputer(strategy=strategy, keep_empty_features=True)

    if named["numeric"]:
        numeric = [
            ("fill", impute("median")),
            *([("rank", encoders.NormalScores())] if scaling == "quantile" else []),
            ("scale", StandardScaler()),
            ("clip", encoders.Clip(OUTLIER)),
        ]
        steps.append(("numeric", Pipeline(numeric), named["numeric"]))
    if named["date"]:
        parts = {name: encoders.varying_parts(frame[name]) for name in named["date"]}
        date = [
            ("parts", encoders.DateParts(parts)),
            ("fill", impute("median")),
            ("scale", StandardScaler()),
            ("clip", encoders.Clip(OUTLIER)),
        ]
        steps.append(("date", Pipeline(date), named["date"]))
    if named["boolean"]:
        steps.append(("boolean", impute("most_frequent"), named["boolean"]))
    if named["categorical"]:
        vocabulary = {
            name: choose_categories(frame[name]) for name in named["categorical"]
        }
        one_hot = encoders.OneHot(vocabulary, MIN_TRAINING_ROWS)
        steps.append(("categorical", one_hot, named["categorical"]))
    to_mark = [name for name in holes if dataset.kinds[name] != "categorical"]
    if to_mark:
        steps.append(("missing", encoders.IsMissing(), to_mark))
    columns = ColumnTransformer(steps)
    return Pipeline(
        [
            ("read", encoders.ColumnReader(dict(dataset.readings))),
            ("encode", columns),
        ]
    )


def choose_categories(column: pd.Series) -> tuple[str, ...]:
    """Return what gets a column of zeros and ones: categories, others, missing.

    The most frequent categories come first; of two as frequent, the one that sorts
    first. Others and missing are there only if the data have such rows.
    """
    from ablations.study.table.encoders import MISSING, OTHER

    counts = column.dropna().value_counts()
    found = sorted((-int(count), str(name)) for name, count in counts.items())
    frequent = [name for count, name in found if -count >= MIN_CATEGORY_ROWS]
    chosen = frequent[:MAX_CATEGORIES]
    if len(chosen) < len(found):
        chosen.append(OTHER)
    if column.isna().any():
        chosen.append(MISSING)
    return tuple(chosen)
