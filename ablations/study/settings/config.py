"""Describe a study: the data, the factors, the design and how much to spend."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from ablations.study.settings.designs import DESIGNS
from ablations.study.settings.recipe import LOSSES, Option, Recipe
from ablations.study.settings.usual import LARGE, NUM_CROSSED, PAIRS, usual_levels
from ablations.toml_file import read_toml
from models.config import (
    ConfigError,
    FrozenConfig,
    NonNegativeInt,
    Positive,
    PositiveInt,
    one_of,
    requirement,
)
from models.frozen import at_most

PRESETS: dict[str, dict[str, int]] = {
    "quick": {"folds": 5, "repeats": 2, "trials": 3},
    "standard": {"folds": 5, "repeats": 3, "trials": 5},
    "full": {"folds": 10, "repeats": 5, "trials": 7},
}
"""What a study spends unless told."""

SPENT_ON_LARGE: dict[str, dict[str, int]] = {
    "quick": {"repeats": 1, "trials": 3},
    "standard": {"repeats": 1, "trials": 3},
    "full": {"repeats": 2, "trials": 5},
}
BATCH_OF_LARGE = 128

SCORES = {
    "classification": (
        "accuracy",
        "balanced_accuracy",
        "crossentropy",
        "auc",
        "average_precision",
        "f1",
    ),
    "regression": ("rmse", "mae", "r2", "rmsle"),
}
"""Scores by task."""

OTHER_NAMES = {"log_loss": "crossentropy"}
"""What scores are also called."""

RATES = {
    "sgd": 0.03,
    "momentum": 0.01,
    "nesterov": 0.01,
    "adagrad": 0.01,
    "adadelta": 1.0,
    "rmsprop": 0.001,
    "adam": 0.001,
    "adamw": 0.001,
    "nadam": 0.001,
    "adamax": 0.001,
    "lion": 0.0001,
    "muon": 0.001,
}
"""The middle of the learning rates that are tried with each optimizer."""

MIN_EPOCHS, MAX_EPOCHS = 10, 50
USUAL_UPDATES = 1000

MOST_DOUBLINGS = 2
"""How often the epochs are doubled, at most, where the validation loss still falls."""

ALWAYS_SUGGESTED = ("target_transform",)
"""Factors without which nets may learn nothing, where the data call for them."""

LONGEST_NAME = 40
RESERVED = frozenset(
    "arm at_edge diverged epochs factor high learning_rate level low mean num_diverged"
    " num_inputs num_outputs num_parameters num_runs sd seconds surely_learned task"
    " updates val_mean".split()
)
"""Names that a factor of the user's own cannot have."""

MOST_SEEDS = 100
"""Most trainings per split."""

MOST_SPLITS = 1000
"""Most splits, of all repeats together."""

MOST_EPOCHS = 10_000

MOST_TRIALS = 21
"""Most rates around the usual one: they then reach five powers of ten to both sides."""

LARGEST_SEED = 2**32 - 1
"""Largest seed of a study: those of its trainings have 63 bits."""


class StudyConfig(FrozenConfig):
    """Describe a study, as its TOML file does.

    Attributes:
        data: A CSV, Parquet or `.xlsx` file, or `sklearn:NAME`.
        target: Column to predict; None takes the column `target`.
        task: None finds it from the target.
        drop: Columns to leave out.
        keep: Columns to use though they look like names of the rows, or are the time.
        group: Column that says which rows belong together (one patient's, say): they
            are in one part of every split. It is no input.
        time: Column that says which rows are later: later ones test. It is no input
            unless kept.
        numeric: Columns that hold numbers, whatever they look like.
        categorical: Columns that hold classes, though they look like numbers.
        ordered: Levels of columns whose texts have an order; they become 0, 1, 2 ...
        text_is_missing: The texts that mean missing, beside the empty one; None takes
            the usual ones, such as "NA", "?" and "null".
        sample_weight: Column that says how much each row counts, in training and in
            scores; it is no input.
        target_transform: What is learned in place of the numbers to predict, `none`,
            `log` or `quantile`; scores are in their own unit. None takes `none`, and
            compares it with `log` where each factor is changed alone and the target
            spans orders of magnitude.
        name: What the study is called; None takes that of the data.
        preset: How much to spend where nothing else is said.
        design: One of `DESIGNS`.
        factors: Levels by factor, the plain one first; what is not named is not
            varied. None takes the usual factors.
        recipe: Ingredients that are not varied, where they are not the plain ones.
        build: The user's own factory, as `module:function`; its factors may have any
            names.
        folds: Splits of a cross-validation, or test parts one after the other.
        repeats: Cross-validations; 1 with `time`, and in tables of many rows.
        seeds: Trainings per split.
        trials: Learning rates tried for every arm in every split.
        learning_rates: The rates to try, for all optimizers; None takes `trials` of
            them around the usual one of the optimizer, a factor of about 3 apart; that
            is for batches of 32 and grows with the square root of the recipe's.
        epochs: Passes over the training rows; None takes what makes about 1,000
            updates, between 10 and 50, and doubles it for all nets, at most twice,
            where the validation loss still falls.
        score: What arms are judged by; None takes accuracy (where classes are very
            unequal, the area under the ROC curve), or the root mean squared error
            (where the target spans orders of magnitude, that of its logarithm).
        margin: Smallest difference that matters; None takes a tenth of the error of the
            reference, and at most a point of accuracy, or 0.1 of RMSLE.
        baselines: Whether to train models that are no networks, for comparison.
        seed: Chooses the splits, and the seeds of all trainings.
        store: File that keeps the runs; None puts it into the folder of the report.
    """

    data: str = Field(min_length=1)
    target: str | None = None
    task: Literal["classification", "regression"] | None = None
    drop: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    group: str | None = None
    time: str | None = None
    numeric: tuple[str, ...] = ()
    categorical: tuple[str, ...] = ()
    ordered: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    text_is_missing: tuple[str, ...] | None = None
    sample_weight: str | None = None
    target_transform: Literal["none", "log", "quantile"] | None = None
    name: str | None = None
    preset: str = "standard"
    design: str = "one_at_a_time"
    factors: dict[str, tuple[Option, ...]] | None = None
    recipe: dict[str, Option] = Field(default_factory=dict)
    build: str | None = None
    folds: PositiveInt | None = None
    repeats: PositiveInt | None = None
    seeds: Annotated[PositiveInt, at_most(MOST_SEEDS)] = 1
    trials: Annotated[PositiveInt, at_most(MOST_TRIALS)] | None = None
    learning_rates: tuple[Positive, ...] | None = None
    epochs: Annotated[PositiveInt, at_most(MOST_EPOCHS)] | None = None
    score: str | None = None
    margin: Positive | None = None
    baselines: bool = True
    seed: NonNegativeInt = 0
    store: str | None = None

    @field_validator("preset")
    @classmethod
    def _known_preset(cls, value: str) -> str:
        return one_of("preset", value, PRESETS)

    @field_validator("design")
    @classmethod
    def _known_design(cls, value: str) -> str:
        return one_of("design", value, DESIGNS)

    @field_validator("score")
    @classmethod
    def _known_score(cls, value: str | None) -> str | None:
        if value is None:
            return None
        names = [name for scores in SCORES.values() for name in scores]
        return OTHER_NAMES.get(value) or one_of("score", value, names)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.folds is not None and self.folds < 2:
            raise requirement("folds", "must be at least 2", self.folds)
        if self.time is not None and self.group is not None:
            must = "must be left out with `group`: rows are split by one of the two"
            raise requirement("time", must, self.time)
        if self.time is not None and self.repeats not in (None, 1):
            must = "must be 1 with `time`, as there is one order of time"
            raise requirement("repeats", must, self.repeats)
        if self.num_splits < 4:
            must = "and `repeats` must make at least 4 splits together"
            raise requirement("folds", must, self.num_splits)
        if self.num_splits > MOST_SPLITS:
            must = f"and `repeats` must make at most {MOST_SPLITS:,} splits together"
            raise requirement("folds", must, self.num_splits)
        if self.seed > LARGEST_SEED:
            raise requirement("seed", f"must be at most {LARGEST_SEED}", self.seed)
        rates = self.learning_rates
        if rates is not None and (not rates or list(rates) != sorted(set(rates))):
            raise requirement("learning_rates", "must increase", rates)
        if rates is not None and self.trials not in (None, len(rates)):
            must = f"must be {len(rates)}, the number of `learning_rates`, or left out"
            raise requirement("trials", must, self.trials)
        if self.build is not None and ":" not in self.build:
            raise requirement("build", "must be like 'module:function'", self.build)
        for field, levels in self._named():
            if self.target_transform is not None and "target_transform" in levels:
                must = f"must be left out where it is one of the `{field}`"
                raise requirement("target_transform", must, self.target_transform)
            for name, values in levels.items():
                self._check_levels(field, name, values)
        return self

    def _named(self) -> list[tuple[str, Mapping[str, Any]]]:
        return [("factors", self.factors or {}), ("recipe", self.recipe)]

    def _check_levels(self, field: str, name: str, values: Any) -> None:
        if name == "options":
            raise requirement(field, "must not be called 'options'", name)
        if name not in Recipe.model_fields:
            if not name.isidentifier() or len(name) > LONGEST_NAME or name in RESERVED:
                must = "must name a factor by a word that no table of the study has"
                raise requirement(field, must, name)
            return
        for value in values if isinstance(values, tuple) else (values,):
            try:
                Recipe.model_validate({name: value})
            except ConfigError as error:
                text = str(error).replace(f"`{name}`", f"`{field}.{name}`", 1)
                raise ConfigError(text) from None

    def check_names(self) -> None:
        """Check that every factor is one of ours, where there is no factory.

        Raises:
            ConfigError: If one is not.
        """
        known = [name for name in Recipe.model_fields if name != "options"]
        for field, levels in self._named():
            for name in levels:
                one_of(field, name, known)

    @property
    def num_folds(self) -> int:
        """Splits of a cross-validation."""
        return self.folds or PRESETS[self.preset]["folds"]

    @property
    def num_repeats(self) -> int:
        """Cross-validations."""
        if self.time is not None:
            return 1
        return self.repeats or PRESETS[self.preset]["repeats"]

    @property
    def num_splits(self) -> int:
        """Splits in all."""
        return self.num_folds * self.num_repeats

    @property
    def num_trials(self) -> int:
        """Learning rates that every arm tries in every split."""
        if self.learning_rates is not None:
            return len(self.learning_rates)
        return self.trials or PRESETS[self.preset]["trials"]

    def rates(self, optimizer: str) -> tuple[float, ...]:
        """Return the learning rates to try with an optimizer, increasing."""
        if self.learning_rates is not None:
            return self.learning_rates
        middle = (self.num_trials - 1) / 2
        # Larger batches bear larger rates.
        usual = RATES[optimizer] * (int(self.recipe.get("batch_size", 32)) / 32) ** 0.5
        return tuple(
            float(f"{usual * 10 ** ((i - middle) / 2):.1g}")
            for i in range(self.num_trials)
        )

    def levels(
        self,
        task: str,
        suggested: Mapping[str, tuple[Option, ...]] | None = None,
        num_rows: int = 0,
    ) -> dict[str, tuple[Option, ...]]:
        """Return the levels of every factor, the plain one first.

        Args:
            task: What is predicted.
            suggested: Levels of factors that the data call for, which are varied beside
                the usual ones where each factor is changed alone; beside those that
                were named only what is in `ALWAYS_SUGGESTED` is.
            num_rows: Rows of the table; of many, fewer of the usual levels are tried.
        """
        losses, called_for = LOSSES[task][:2], dict(suggested or {})
        alone = self.design == "one_at_a_time"
        if self.factors is not None:
            usual = {k: v for k, v in called_for.items() if k in ALWAYS_SUGGESTED}
            usual = usual if alone else {}
        elif alone:
            usual = {**usual_levels(self.preset, num_rows), **called_for}
            if "loss" in usual:
                usual["loss"] = losses
        else:
            crossed = "factorial" in self.design
            names = list(PAIRS)[: NUM_CROSSED if crossed else None]
            usual = {name: PAIRS[name] for name in names}
        given = {*self.recipe, *({"target_transform"} if self.target_transform else ())}
        own = self.factors or {}
        given |= own.keys()
        return {**own, **{k: v for k, v in usual.items() if k not in given}}

    def plain_recipe(self, task: str) -> Recipe:
        """Return the recipe that factors change."""
        plain = Recipe(
            loss=LOSSES[task][0], target_transform=self.target_transform or "none"
        )
        return plain.with_levels(dict(self.recipe))

    def for_rows(self, num_rows: int) -> StudyConfig:
        """Return the study as it is for so many rows: with many, each takes less."""
        if num_rows <= LARGE:
            return self
        spent: dict[str, Any] = {
            name: value
            for name, value in SPENT_ON_LARGE[self.preset].items()
            if getattr(self, name) is None
        }
        if self.learning_rates is not None:
            spent.pop("trials", None)
        if "batch_size" not in {**self.recipe, **(self.factors or {})}:
            spent["recipe"] = {**self.recipe, "batch_size": BATCH_OF_LARGE}
        return self.replace(**spent)

    def num_epochs(self, num_rows: int, batch_size: int) -> int:
        """Return the passes over so many training rows, equal for all arms."""
        if self.epochs is not None:
            return self.epochs
        per_epoch = max(1, num_rows // batch_size)
        return max(MIN_EPOCHS, min(MAX_EPOCHS, round(USUAL_UPDATES / per_epoch)))

    @property
    def num_doublings(self) -> int:
        """How often the epochs may be doubled."""
        return MOST_DOUBLINGS if self.epochs is None else 0


def read_config(path: str | os.PathLike[str], **changes: Any) -> StudyConfig:
    """Read a study file; what is given by keyword counts in its place.

    Raises:
        ConfigError: If the file cannot be read or is no study; names it.
    """
    fields = read_toml(path)
    given = {name: value for name, value in changes.items() if value is not None}
    return StudyConfig.model_validate({**fields, **given})


def parse_factor(text: str) -> tuple[str, tuple[Option, ...]]:
    """Read `dropout=0,0.2,0.5` as a factor and its levels.

    Raises:
        ConfigError: If it is not `NAME=LEVEL,LEVEL`.
    """
    name, found, levels = text.partition("=")
    values = [part.strip() for part in levels.split(",")]
    if not found or not name.strip() or not all(values):
        raise requirement("factor", "must be like dropout=0,0.2,0.5", text)
    return name.strip(), tuple(parse_level(value) for value in values)


def parse_level(text: str) -> Option:
    """Read a level: a number where it is one, a truth value, else a word."""
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        try:
            number = kind(text)
            if math.isfinite(number):
                return number
        except (ValueError, OverflowError):
            continue
    return text
