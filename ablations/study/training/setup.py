"""Lay a study out before anything is trained: data, splits, arms, cost, power."""

from __future__ import annotations

import importlib
import importlib.util
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ablations.running.own_code import blamed
from ablations.stats.resampled import detectable_from_spread
from ablations.stats.row_errors import FEWEST_UNITS, RowTests, detectable_by_rows
from ablations.stats.row_scores import rarer_class
from ablations.study.settings.config import (
    BATCH_OF_LARGE,
    StudyConfig,
)
from ablations.study.settings.designs import Arms, make_arms, name_of
from ablations.study.settings.digits import rounded
from ablations.study.settings.recipe import Recipe
from ablations.study.settings.score import ERRORS, SHARES, Score, about, amount
from ablations.study.settings.usual import LARGE
from ablations.study.table.splits import SEEDS_PER_SPLIT, Splits
from ablations.study.table.target_scale import TargetScale, curve_of
from ablations.study.table.told import HowToRead
from ablations.study.training.baselines import guess_seconds
from ablations.study.training.chosen_score import choose_score
from ablations.study.training.ingredients import (
    check_suits,
    suggested_factors,
)
from ablations.study.training.net import NetConfig
from ablations.study.training.runs import Candidate, Work, lay_out, share_runs
from ablations.study.training.ways import Ways
from ablations.terminal import count
from models.config import requirement

if TYPE_CHECKING:
    import pandas as pd

    from ablations.study.table.dataset import Dataset

USUAL_SPREAD = {
    **dict.fromkeys(SHARES, 0.5),
    **dict.fromkeys((*ERRORS, "rmsle"), 0.05),
    "crossentropy": 0.1,
    "r2": 0.05,
}
"""Standard deviation over splits that differences usually have.

For shares it is the factor of what chance alone makes of independent test rows, as
two nets make many of their mistakes on the same rows. A guess for a plan: the study
itself says what its splits really show.
"""

SECONDS_BESIDE = 15.0
"""About what it takes to start and to write the report."""

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
    def ways(self) -> Ways:
        """How baselines have rows prepared: as the nets do."""
        nets = [candidate.nets[0] for candidate in self.candidates]
        return Ways(
            tuple(dict.fromkeys(net.rows.preparation for net in nets)),
            self.score.name,
            self.score.higher_is_better,
            rarer_class(self.dataset.target) if self.dataset.classes else 1,
        )

    @property
    def tests(self) -> RowTests:
        """Which row is tested in which split, and which rows count as one."""
        dataset, folds = self.dataset, self.splits.folds
        # The parts of a split by time have other shares of the classes.
        is_stratified = bool(dataset.classes) and dataset.roles.times is None
        return RowTests.of(
            [fold.test for fold in folds],
            [fold.repeat for fold in folds],
            units=dataset.roles.groups,
            strata=dataset.target if is_stratified else None,
        )

    @property
    def num_tests(self) -> int:
        """Comparisons in the family of arms or contrasts."""
        if "factorial" not in self.config.design:
            return len(self.recipes) - 1
        levels = [len(one) for one in self.factors.values()]
        pairs = len(levels) * (len(levels) - 1) // 2
        return sum(levels) - len(levels) + pairs

    def detectable(self) -> float:
        """Return about the smallest difference that the study will find, as a plan."""
        name = self.score.name
        spread = USUAL_SPREAD[name]
        if name in SHARES:
            # Binomial, at 85 % right answers, on the test rows of a split.
            spread *= (2 * 0.85 * 0.15 / len(self.splits.folds[0].test)) ** 0.5
        elif name in ERRORS:
            spread *= float(np.std(self.dataset.target))
        elif name == "rmsle":
            curve = curve_of(self.dataset, "log")
            spread *= TargetScale.fit(self.dataset.target, curve).std
        num_units = self.tests.num_units
        if num_units >= FEWEST_UNITS:
            return detectable_by_rows(
                spread, self.config.num_folds, num_units, self.num_tests
            )
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
            f" {count(len(self.work.sizes), 'compiled program')}; {self._duration()}.",
            f"Score: {score.name}; smallest difference that matters: {self._margin()}.",
            f"Detectable: {about(self.detectable(), score)} in"
            f" {count(self.num_tests, 'comparison')}, with 80 % chance, if splits"
            " scatter as they usually do.",
        ]
        return "\n".join(lines)

    def _rules(self) -> Iterator[str]:
        """Say by what rows are split, and what large tables are spared."""
        from ablations.study.table.folds import describe_folds

        folds = describe_folds(self.dataset, self.splits.folds)
        for note in folds:
            if note.code in ("times", "groups"):
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

    def _duration(self) -> str:
        """Say about how long the study takes."""
        beside = SECONDS_BESIDE
        if self.config.baselines:
            beside += guess_seconds(self.splits)
        least = beside + self.work.seconds()
        most = beside + self.work.seconds(2**self.config.num_doublings)
        said = f"about {rounded(least, 2)} s on two cores"
        if not self.config.num_doublings:
            return said
        return f"{said}, or {rounded(most, 2)} s if nets train longer"

    def _margin(self) -> str:
        """Say the margin, or what it will follow from."""
        if math.isfinite(self.score.margin):
            return amount(self.score.margin, self.score)
        said = f"a tenth of the error of {self.arms.arms[0].name!r}"
        most = self.score.largest_margin
        if not math.isfinite(most):
            return said
        return f"{said}, at most {amount(most, self.score)}"

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
    dataset = load_dataset(
        config.data if frame is None else frame,
        config.target,
        config.task,
        drop=config.drop,
        keep=config.keep,
        group=config.group,
        time=config.time,
        weight=config.sample_weight,
        how=HowToRead.of(config),
        name=config.name,
        num_splits=config.num_folds,
    )
    config = config.for_rows(len(dataset))
    folds = make_folds(dataset, config.num_folds, config.num_repeats, config.seed)
    suggested = suggested_factors(dataset)
    factors = config.levels(dataset.task, suggested, len(dataset))
    arms = make_arms(config.design, factors)
    recipes = _make_recipes(config, dataset, arms)
    is_balanced = any(one.class_weight != "none" for one in recipes.values())
    splits = Splits(dataset, folds, weighted=is_balanced, seed=config.seed)
    if splits.num_rows < SMALLEST_SPLIT:
        must = f"must leave at least {SMALLEST_SPLIT} rows to train on"
        raise requirement("folds", must, splits.num_rows)
    batch_size = next(iter(recipes.values())).batch_size
    epochs = config.num_epochs(splits.num_rows, batch_size)

    def at_every_rate(recipe: Recipe) -> tuple[NetConfig, ...]:
        same: dict[str, Any] = {"epochs": epochs, "splits": splits, "build": factory}
        return tuple(
            NetConfig(recipe=recipe, learning_rate=rate, **same)
            for rate in config.rates(recipe.optimizer)
        )

    candidates = share_runs(
        [Candidate(name, at_every_rate(recipe)) for name, recipe in recipes.items()]
    )
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


def _make_recipes(
    config: StudyConfig, dataset: Dataset, arms: Arms
) -> dict[str, Recipe]:
    """Return the recipe of every arm, checked."""
    plain = config.plain_recipe(dataset.task)
    recipes = {arm.name: plain.with_levels(dict(arm.levels)) for arm in arms.arms}
    most = SEEDS_PER_SPLIT // config.seeds
    for recipe in recipes.values():
        check_suits(recipe, dataset)
        if recipe.ensemble > most:
            must = f"must be at most {most}, as a split has {SEEDS_PER_SPLIT} seeds"
            raise requirement("ensemble", must, recipe.ensemble)
    return recipes


def load_factory(address: str | None) -> Callable[..., Any] | None:
    """Import the user's factory from `module:function` or `file.py:function`.

    Raises:
        ConfigError: If there is no such module or function, or importing it fails.
    """
    if address is None:
        return None
    module_name, _, function = address.rpartition(":")
    what = f"`build` cannot be imported from {address!r}"
    with _folder_is_importable(Path.cwd()), blamed(what):
        module = _import(module_name)
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
    return net.model.parameter_count()[1]
