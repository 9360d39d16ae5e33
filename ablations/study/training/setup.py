"""Lay a study out before anything is trained: data, splits, arms, cost, power."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ablations.stats.resampled import detectable_from_spread
from ablations.study.settings.config import (
    BATCH_OF_LARGE,
    LARGE,
    MARGINS,
    SCORES,
    StudyConfig,
)
from ablations.study.settings.designs import Arms, make_arms, name_of
from ablations.study.settings.recipe import LOSSES, Recipe, with_parts
from ablations.study.settings.score import Score, amount
from ablations.study.table.splits import Splits
from ablations.study.training.net import NetConfig
from ablations.study.training.runs import Candidate, Work, lay_out
from ablations.terminal import count
from models.config import ConfigError, one_of, requirement

if TYPE_CHECKING:
    import pandas as pd

    from ablations.study.table.dataset import Dataset

UNEQUAL_CLASSES = 0.75
"""Share of the largest class from which accuracy says too little."""

USUAL_SPREAD = {
    "accuracy": 0.5,
    "balanced_accuracy": 0.5,
    "crossentropy": 0.1,
    "rmse": 0.05,
    "r2": 0.05,
}
"""Standard deviation over splits that differences usually have.

For accuracies it is the factor of what chance alone makes of independent test rows, as
two nets make many of their mistakes on the same rows. A guess for a plan: the study
itself says what its splits really show.
"""

SMALLEST_SPLIT = 8
"""Fewer training rows in a split teach a network nothing."""


@dataclass(frozen=True)
class Setup:
    """A study that is ready to be trained.

    Attributes:
        config: Its settings.
        dataset: The data.
        splits: The rows of every split.
        score: What arms are judged by.
        factors: Levels by factor.
        arms: The arms.
        recipes: Recipe by arm.
        candidates: Arms at all their rates.
        work: What has to be trained.
        epochs: Passes over the training rows.
    """

    config: StudyConfig
    dataset: Dataset
    splits: Splits
    score: Score
    factors: dict[str, tuple[Any, ...]]
    arms: Arms
    recipes: dict[str, Recipe]
    candidates: tuple[Candidate, ...]
    work: Work
    epochs: int

    @property
    def num_tests(self) -> int:
        """Comparisons in the family: arms or contrasts, and baselines."""
        num_baselines = 3 if self.config.baselines else 0
        if "factorial" not in self.config.design:
            return len(self.recipes) - 1 + num_baselines
        levels = [len(one) for one in self.factors.values()]
        pairs = len(levels) * (len(levels) - 1) // 2
        return sum(levels) - len(levels) + pairs + num_baselines

    def detectable(self) -> float:
        """Return about the smallest difference that the study will find, as a plan."""
        name = self.score.name
        spread = USUAL_SPREAD[name]
        if name in ("accuracy", "balanced_accuracy"):
            # Binomial, at 85 % right answers, on the test rows of a split.
            spread *= (2 * 0.85 * 0.15 / len(self.splits.folds[0].test)) ** 0.5
        elif name == "rmse":
            spread *= float(np.std(self.dataset.target))
        num_splits = len(self.splits.folds)
        ratio = self.splits.test_to_train
        return detectable_from_spread(spread, num_splits, ratio, self.num_tests)

    def describe(self) -> str:
        """Say what would be trained, what it takes and what it can show."""
        config, score, fold = self.config, self.score, self.splits.folds[0]
        shape = f"{len(self.dataset):,} rows, {len(self.dataset.frame.columns)} columns"
        what: str = self.dataset.task
        if self.dataset.classes:
            what += f" into {len(self.dataset.classes)} classes"
        width = max(len(name) for name in self.recipes)
        lines = [
            f"Data: {self.dataset.name}, {shape}, {what}.",
            *self._rules(),
            f"Design: {config.design}, {len(self.recipes)} arms.",
            *self._matrix(width),
            *(f"Mixed: {text}" for text in describe_aliases(self.arms)),
            f"Splits: {config.num_folds} folds x {count(config.num_repeats, 'repeat')}"
            f" x {count(config.seeds, 'seed')}; {len(fold.train):,} rows to train on,"
            f" {len(fold.val):,} to validate, {len(fold.test):,} to test;"
            f" {self._training()}.",
            f"Learning rates: {config.num_trials} for every arm in every split, chosen"
            " on its validation rows.",
            f"Runs: {self.work.num_runs:,} in"
            f" {count(len(self.work.sizes), 'compiled program')}; about"
            f" {self.work.seconds:,.0f} s on two cores.",
            f"Score: {score.name}; smallest difference that matters:"
            f" {amount(score.margin, score)}.",
            f"Detectable: about {amount(self.detectable(), score)} in"
            f" {count(self.num_tests, 'comparison')}, with 80 % chance, if splits"
            " scatter as they usually do.",
        ]
        return "\n".join(lines)

    def _rules(self) -> Iterator[str]:
        """Say by what rows are split, and what large tables are spared."""
        from ablations.study.table.folds import describe_folds

        folds = describe_folds(self.dataset, self.splits.folds)
        for note in (*self.dataset.notes, *folds):
            if note.code in ("names_repeat", "times", "groups"):
                yield note.text
        if len(self.dataset) > LARGE:
            yield (
                f"More than {LARGE:,} rows: fewer repeats, rates and usual levels, and"
                f" batches of {BATCH_OF_LARGE}, unless you say otherwise."
            )

    def _training(self) -> str:
        """Say how long nets train."""
        most = self.epochs * 2**self.config.num_doublings
        longer = f", up to {most} where the validation loss still falls"
        return f"{self.epochs} epochs{longer if most > self.epochs else ''}"

    def _matrix(self, width: int) -> Iterator[str]:
        """Return one line per arm: all levels of the reference, then what differs."""
        reference = self.arms.arms[0].levels
        usual = self.candidates[0].rates
        for arm, candidate in zip(self.arms.arms, self.candidates, strict=True):
            levels = [
                f"{factor} {name_of(level)}"
                for factor, level in arm.levels.items()
                if arm.levels is reference or level != reference[factor]
            ]
            if arm.levels is reference or candidate.rates != usual:
                rates = ", ".join(f"{rate:g}" for rate in candidate.rates)
                levels.append(f"learning rates {rates}")
            yield f"  {candidate.name:<{width}}  {', '.join(levels)}"


def describe_aliases(arms: Arms) -> list[str]:
    """Return what a fraction cannot distinguish, one text per group."""
    return [
        " = ".join(" x ".join(effect) for effect in group) for group in arms.aliases
    ]


def set_up(
    config: StudyConfig,
    *,
    frame: pd.DataFrame | None = None,
    build: Callable[..., Any] | None = None,
) -> Setup:
    """Read the data and lay the study out.

    Args:
        config: The study.
        frame: The data, in place of the file that the config names.
        build: The user's factory, in place of the one that the config names.

    Raises:
        ConfigError: If the data cannot be used or the settings do not suit them.
    """
    from ablations.study.table.dataset import load_dataset
    from ablations.study.table.folds import make_folds

    if build is not None or config.build is not None:
        from ablations.training.devices import load_backend

        # Keys of runs are made from the models that the factory builds.
        load_backend("auto")
    factory = build if build is not None else load_factory(config.build)
    if factory is None:
        config.check_names()
    elif config.factors is None:
        must = "must be given with a factory, whose factors only you know"
        raise requirement("factors", must, None)
    source = config.data if frame is None else frame
    dataset = load_dataset(
        source,
        config.target,
        config.task,
        drop=config.drop,
        keep=config.keep,
        group=config.group,
        time=config.time,
        name=config.name,
        num_splits=config.num_folds,
    )
    config = config.for_rows(len(dataset))
    folds = make_folds(dataset, config.num_folds, config.num_repeats, config.seed)
    splits = Splits(dataset, folds)
    if splits.num_rows < SMALLEST_SPLIT:
        must = f"must leave at least {SMALLEST_SPLIT} rows to train on"
        raise requirement("folds", must, splits.num_rows)
    factors = config.levels(dataset.task)
    plain = config.plain_recipe(dataset.task)
    arms = make_arms(config.design, factors)
    recipes = {arm.name: plain.with_levels(dict(arm.levels)) for arm in arms.arms}
    for recipe in recipes.values():
        one_of("loss", recipe.loss, LOSSES[dataset.task])
    batch_size = next(iter(recipes.values())).batch_size
    epochs = config.num_epochs(splits.num_rows, batch_size)
    candidates = make_candidates(config, recipes, splits, epochs, factory)
    return Setup(
        config=config,
        dataset=dataset,
        splits=splits,
        score=choose_score(config, dataset),
        factors=factors,
        arms=arms,
        recipes=recipes,
        candidates=candidates,
        work=lay_out(candidates, len(folds), config.seeds),
        epochs=epochs,
    )


def make_candidates(
    config: StudyConfig,
    recipes: Mapping[str, Recipe],
    splits: Splits,
    epochs: int,
    factory: Callable[..., Any] | None,
) -> tuple[Candidate, ...]:
    """Return every arm at each rate of its optimizer."""
    return tuple(
        Candidate(
            name,
            tuple(
                NetConfig(
                    recipe=recipe,
                    learning_rate=rate,
                    epochs=epochs,
                    splits=splits,
                    build=factory,
                )
                for rate in config.rates(recipe.optimizer)
            ),
        )
        for name, recipe in recipes.items()
    )


def choose_score(config: StudyConfig, dataset: Dataset) -> Score:
    """Return what arms are judged by.

    Raises:
        ConfigError: If the score asked for does not suit the task.
    """
    if config.score is not None:
        name = one_of("score", config.score, SCORES[dataset.task])
    elif dataset.task == "regression":
        name = "rmse"
    else:
        largest = float(np.bincount(dataset.target).max() / len(dataset))
        name = "balanced_accuracy" if largest > UNEQUAL_CLASSES else "accuracy"
    margin = config.margin
    if margin is None:
        spread = float(np.std(dataset.target)) if name == "rmse" else 1.0
        margin = MARGINS[name] * spread
    higher = name not in ("rmse", "crossentropy")
    if name.endswith("accuracy"):
        return Score(name, higher, margin, "points", 100.0)
    units = {"rmse": dataset.target_name, "r2": "of R2", "crossentropy": "nats"}
    return Score(name, higher, margin, units[name])


def load_factory(address: str | None) -> Callable[..., Any] | None:
    """Import the user's factory from `module:function` or `file.py:function`.

    Raises:
        ConfigError: If there is no such module or function, or importing it fails.
    """
    if address is None:
        return None
    module_name, _, function = address.rpartition(":")
    try:
        with _folder_is_importable(Path.cwd()):
            module = _import(module_name)
    except Exception as error:  # whatever the user's module raises
        raise ConfigError(
            f"`build` cannot be imported: {type(error).__name__}: {error}."
            f" Received: {address!r}."
        ) from None
    found = getattr(module, function, None)
    if not callable(found):
        must = f"must name a function of {module_name!r}"
        raise requirement("build", must, address)
    return found


def _import(name: str) -> Any:
    if not name.endswith(".py"):
        return importlib.import_module(name)
    spec = importlib.util.spec_from_file_location(Path(name).stem, name)
    if spec is None or spec.loader is None:
        raise ImportError(f"no file {name}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def _folder_is_importable(folder: Path) -> Iterator[None]:
    """Let modules of a folder be imported, as `python -m` would."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))


def num_parameters(setup: Setup, name: str) -> int:
    """Return the trainable parameters of an arm's network, 0 if only a factory knows.

    Networks of a factory are counted when they are built.
    """
    net = next(c for c in setup.candidates if c.name == name).nets[0]
    if net.build is not None:
        build = net.factory()
        model = build() if build else None
        weights = model.trainable_weights if model is not None else []
        return sum(int(np.prod(w.shape)) for w in weights)
    return with_parts(net.model).parameter_count()[1]
