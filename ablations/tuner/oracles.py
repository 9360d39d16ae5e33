"""KerasTuner's oracles, so that they can propose a batch of trials at a time.

What an oracle writes is what the KerasTuner class of the same kind reads.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import keras_tuner
import numpy as np
from keras_tuner.oracles import (
    BayesianOptimizationOracle,
    HyperbandOracle,
    RandomSearchOracle,
)

from ablations.tuner.settings import LEVELS, ORACLES
from models.config import one_of, requirement

FACTOR = 3
"""Hyperband keeps one trial of so many, and trains it so many times longer."""

POINTS = 512
"""Points at which the acquisition function is first looked at, and then again around
the best of these."""

RESTARTS = 2
"""Restarts of the search for the kernel's length and height."""

FEW_POINTS = 1000
"""Spaces of so many combinations are drawn from until all have been tried."""

STOPPED = {"status": "STOPPED", "values": None}
IDLE = {"status": "IDLE", "values": None}


class BatchBayesianOracle(BayesianOptimizationOracle):
    """Propose the points of a batch by one Gaussian process.

    The process (Matern 5/2, the same noise and normalization) and the acquisition
    function, `mean - beta * deviation` for a score to minimize, are KerasTuner's.
    Three things are not:

    - The function is minimized over `POINTS` uniform points, then over as many around
      the best ones, all at once; KerasTuner follows 50 gradients one after another,
      which takes longer than to train a small network.
    - The kernel is fitted when scores have come in. A point of the same batch joins
      with the pessimistic score that KerasTuner gives running trials, the mean and a
      deviation, with the kernel as it is.
    - A failed trial counts as the worst score seen, in place of not at all, so that
      the search leaves the place where it failed.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take what KerasTuner's oracle takes."""
        super().__init__(*args, **kwargs)
        self._fitted: dict[str, Any] = {"ended": -1}

    @property
    def initial_points(self) -> int:
        """Number of trials that are drawn at random before the process is asked."""
        return self.num_initial_points or max(3 * len(self.hyperparameters.space), 3)

    def populate_space(self, trial_id: str) -> dict[str, Any]:
        """Return the values of the next trial, as KerasTuner's method does."""
        scored = [t for t in self.trials.values() if t.status == "COMPLETED"]
        space = self._nonfixed_space()
        ended = len(self.end_order)
        if not scored or not space or ended < self.initial_points:
            return self._random_populate_space()
        x, y, waiting = self._known()
        generator = np.random.default_rng([self.seed, len(self.start_order)])
        if self._fitted["ended"] != ended:
            self._fitted = {"ended": ended, "process": self._fit(x, y)}
        process = self._fitted["process"]
        if len(waiting):
            # All running trials at once: each is pessimistic, given what is known.
            mean, deviation = process.predict(waiting, return_std=True)
            process = self._refit(
                process, np.vstack([x, waiting]), np.append(y, mean + deviation)
            )
        best = self._minimize(process, x[np.argmin(y)], generator)
        for point in best:
            values = self._vector_to_values(point)
            if not self._duplicate(values):
                return {"status": "RUNNING", "values": values}
        return self._random_populate_space()

    def _known(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return points `[N, P]` and scores to minimize `[N]`, and running points."""
        sign = -1.0 if self.objective.direction == "max" else 1.0
        ended, waiting = [], []
        for trial in self.trials.values():
            vector = [
                self._share(hp, trial.hyperparameters) for hp in self._nonfixed_space()
            ]
            if trial.status == "COMPLETED":
                ended.append((vector, sign * trial.score))
            elif trial.status in ("FAILED", "INVALID"):
                ended.append((vector, math.inf))
            else:
                waiting.append(vector)
        y = np.array([score for _, score in ended])
        known = np.isfinite(y)
        y[~known] = y[known].max() if known.any() else 0.0
        size = len(self._nonfixed_space())
        return (
            np.array([vector for vector, _ in ended]),
            y,
            np.array(waiting).reshape(-1, size),
        )

    def _share(self, hp: Any, values: keras_tuner.HyperParameters) -> float:
        """Return where a trial is in the range of a hyperparameter, from 0 to 1."""
        known = values.is_active(hp) and hp.name in values.values
        return hp.value_to_prob(values.values[hp.name] if known else hp.default)

    def _fit(self, x: np.ndarray, y: np.ndarray) -> Any:
        process = self._make_gpr()
        process.n_restarts_optimizer = RESTARTS
        # A kernel at the edge of what is tried is as good as any.
        with warnings.catch_warnings(action="ignore"):
            return process.fit(x, y)

    def _refit(self, process: Any, x: np.ndarray, y: np.ndarray) -> Any:
        """Return the process of more points, its kernel as it is."""
        again = self._make_gpr()
        again.kernel, again.optimizer = process.kernel_, None
        return again.fit(x, y)

    def _minimize(
        self, process: Any, best: np.ndarray, generator: np.random.Generator
    ) -> np.ndarray:
        """Return points `[10, P]`, the best first, by the acquisition function."""
        size = (POINTS, len(best))
        points = generator.uniform(size=size)
        order = np.argsort(self._acquire(process, points))
        centers = np.vstack([best, points[order[:7]]])
        near = np.repeat(centers, POINTS // len(centers), axis=0)
        near = np.clip(near + generator.normal(0.0, 0.08, near.shape), 0.0, 1.0)
        points = np.vstack([points[order[:10]], near])
        order = np.argsort(self._acquire(process, points))
        # A share of 1 would be the first value beyond the last one.
        return np.minimum(points[order[:10]], 1.0 - 1e-9)

    def _acquire(self, process: Any, points: np.ndarray) -> np.ndarray:
        mean, deviation = process.predict(points, return_std=True)
        return mean - self.beta * deviation


class RungHyperbandOracle(HyperbandOracle):
    """Propose rungs of Hyperband, of as many brackets as the budget allows, at a time.

    KerasTuner's oracle begins another bracket while trials run, and a bracket that the
    budget does not let end: asked for a large batch, or for few trials of many epochs,
    it spends all of them on first rungs, and no trial is trained for all epochs.
    Here the brackets come in the same order, from the one that halves most often, and

    - a bracket begins beside others only if all that these and it will need is within
      the largest number of trials;
    - a bracket that does not fit in what is left is passed over for the next smaller
      one that does; at last trials are trained for all epochs at once;
    - where the space has no further point, a first rung is as large as it has become,
      and the rungs above it are as large as planned or as the one below them.

    Which trials there are does not depend on the batch.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take what KerasTuner's oracle takes; no bracket has begun."""
        super().__init__(*args, **kwargs)
        self._brackets = []
        self._current_bracket = self._get_num_brackets()

    def populate_space(self, trial_id: str) -> dict[str, Any]:
        """Return the values of the next trial, IDLE where a rung must end first."""
        self._brackets = [b for b in self._brackets if not self._is_complete(b)]
        for bracket in self._brackets:
            values = self._next_of(bracket, trial_id)
            if values is not None:
                return {"status": "RUNNING", "values": values}
        if not self.ongoing_trials:
            # What is left was to go on from trials that failed.
            self._brackets = []
        before = self._current_bracket, self._current_iteration
        self._increment_bracket_num()
        if not self._fits(self._current_bracket):
            if self.ongoing_trials:
                self._current_bracket, self._current_iteration = before
                return dict(IDLE)
            smaller = range(self._current_bracket - 1, 0, -1)
            self._current_bracket = next(filter(self._fits, smaller), 0)
        self._start_new_bracket()
        values = self._next_of(self._brackets[-1], trial_id)
        if values is not None:
            return {"status": "RUNNING", "values": values}
        self._brackets.pop()
        if self.ongoing_trials:
            self._current_bracket, self._current_iteration = before
            return dict(IDLE)
        return dict(STOPPED)

    def _sizes(self, bracket: dict[str, Any]) -> list[int]:
        """Return how many trials every rung of a bracket is to have."""
        rungs = bracket["rounds"]
        number = bracket["bracket_num"]
        sizes = [self._get_size(number, rung) for rung in range(len(rungs))]
        if bracket.get("closed"):
            sizes[0] = len(rungs[0])
        return [min(sizes[: rung + 1]) for rung in range(len(rungs))]

    def _is_complete(self, bracket: dict[str, Any]) -> bool:
        return len(bracket["rounds"][-1]) == self._sizes(bracket)[-1]

    def _next_of(self, bracket: dict[str, Any], trial_id: str) -> dict[str, Any] | None:
        """Return the values of the next trial of a bracket, None if none can run."""
        number, rungs = bracket["bracket_num"], bracket["rounds"]
        sizes = self._sizes(bracket)
        if len(rungs[0]) < sizes[0]:
            values = self._random_values()
            if values is None:
                bracket["closed"] = True
                return self._next_of(bracket, trial_id) if rungs[0] else None
            rungs[0].append({"past_id": None, "id": trial_id})
            return values | self._settings(number, 0)
        for rung in range(1, len(rungs)):
            chosen = {one["past_id"] for one in rungs[rung]}
            candidates = [
                trial
                for trial in (self.trials[one["id"]] for one in rungs[rung - 1])
                if trial.status == "COMPLETED" and trial.trial_id not in chosen
            ]
            # As many as will not go on may still run.
            if len(candidates) > sizes[rung - 1] - sizes[rung]:
                pick = max if self.objective.direction == "max" else min
                best = pick(candidates, key=lambda trial: trial.score)
                rungs[rung].append({"past_id": best.trial_id, "id": trial_id})
                values = dict(best.hyperparameters.values)
                values["tuner/trial_id"] = best.trial_id
                return values | self._settings(number, rung)
        return None

    def _settings(self, number: int, rung: int) -> dict[str, Any]:
        """Return what KerasTuner says of a trial beside its values."""
        return {
            "tuner/epochs": self._get_epochs(number, rung),
            "tuner/initial_epoch": self._get_epochs(number, rung - 1) if rung else 0,
            "tuner/bracket": number,
            "tuner/round": rung,
        }

    def _fits(self, number: int) -> bool:
        """Return whether all that have begun and this bracket fit in the budget."""
        if self.max_trials is None:
            return True
        missing = sum(self._get_size(number, rung) for rung in range(number + 1))
        for bracket in self._brackets:
            rungs = zip(self._sizes(bracket), bracket["rounds"], strict=True)
            missing += sum(size - len(rung) for size, rung in rungs)
        return len(self.trials) + missing <= self.max_trials


class FullFactorialOracle(keras_tuner.Oracle):
    """Propose every combination of all values once.

    A range counts with `LEVELS` values, both ends included. KerasTuner's grid goes
    through the combinations in order, so that a small budget sees the last
    hyperparameters change and the first ones never; where the budget is smaller than
    the grid, this one draws from it without replacement.
    Conditional hyperparameters count as one combination where they are not active.
    """

    def __init__(self, *args: Any, levels: int = LEVELS, **kwargs: Any) -> None:
        """Take what KerasTuner's oracles take, and the values of a range."""
        super().__init__(*args, **kwargs)
        self.levels = levels
        self._places: list[int] | None = None

    def populate_space(self, trial_id: str) -> dict[str, Any]:
        """Return the next combination, STOPPED after the last one."""
        axes = [(hp, self.axis(hp)) for hp in self.hyperparameters.space]
        size = math.prod(len(values) for _, values in axes)
        if self._places is None:
            self._places = self._order(size)
        while self._places:
            values = self._combination(axes, self._places.pop())
            if not self._duplicate(values):
                return {"status": "RUNNING", "values": values}
        return dict(STOPPED)

    def _order(self, size: int) -> list[int]:
        """Return the places in the grid to visit, the first one last."""
        if self.max_trials is None or self.max_trials >= size:
            return list(reversed(range(size)))
        generator = np.random.default_rng(self.seed)
        # Inactive hyperparameters may make combinations equal.
        wanted = min(4 * self.max_trials, size)
        return [int(place) for place in generator.choice(size, wanted, replace=False)]

    def axis(self, hp: Any) -> list[Any]:
        """Return the values of a hyperparameter that the grid has."""
        if getattr(hp, "step", None) is None and hasattr(hp, "min_value"):
            shares = np.linspace(0.0, 1.0, self.levels) if self.levels > 1 else [0.5]
            found = [hp.prob_to_value(float(share)) for share in shares]
            # Twelve digits, so that the ends are what was asked for.
            found = [float(f"{v:.12g}") if isinstance(v, float) else v for v in found]
            return list(dict.fromkeys(found))
        return list(hp.values)

    def _combination(self, axes: list[tuple[Any, list[Any]]], place: int) -> dict:
        """Return the values at a place of the grid, the last one changing first."""
        chosen = {}
        for hp, values in reversed(axes):
            place, digit = divmod(place, len(values))
            chosen[hp.name, id(hp)] = values[digit]
        space = keras_tuner.HyperParameters()
        for hp, _ in axes:
            space.merge([hp])
            if space.is_active(hp):
                space.values[hp.name] = chosen[hp.name, id(hp)]
        return space.values


def make_oracle(
    name: str,
    objective: keras_tuner.Objective,
    num_trials: int,
    max_epochs: int,
    seed: int,
    *,
    levels: int = LEVELS,
    num_points: int | None = None,
) -> keras_tuner.Oracle:
    """Return an oracle that proposes at most so many trials.

    Failed trials never stop it, however many there are in a row.

    Args:
        name: One of `ORACLES`.
        objective: What is optimized.
        num_trials: Largest number of trials.
        max_epochs: Epochs of the longest trial, for Hyperband.
        seed: Seed of the proposals.
        levels: Values that the grid takes from a range.
        num_points: Combinations of values in the space, None where there is no end.

    Raises:
        ConfigError: If there is no such oracle.
    """
    settings = {
        "objective": objective,
        # KerasTuner takes 0 for no seed.
        "seed": seed + 1,
        # It is compared with the number of failures, which thus never reach it.
        "max_consecutive_failed_trials": num_trials + 1,
    }
    makers: dict[str, Callable[[], keras_tuner.Oracle]] = {
        "random": lambda: RandomSearchOracle(max_trials=num_trials, **settings),
        "bayesian": lambda: BatchBayesianOracle(max_trials=num_trials, **settings),
        "hyperband": lambda: _hyperband(num_trials, max_epochs, settings),
        "grid": lambda: FullFactorialOracle(
            max_trials=num_trials, levels=levels, **settings
        ),
    }
    if num_trials < 1:
        raise requirement("trials", "must be a positive integer", num_trials)
    oracle = makers[one_of("oracle", name, ORACLES)]()
    if num_points is not None and num_points <= FEW_POINTS:
        # Draws that bring nothing new in a row, after which a space is exhausted: the
        # chance to miss a last point is below 1e-8.
        oracle._max_collisions = max(oracle._max_collisions, 20 * num_points)
    return oracle


def _hyperband(num_trials: int, max_epochs: int, settings: dict[str, Any]) -> Any:
    """Return Hyperband that begins anew until the trials are spent."""
    oracle = RungHyperbandOracle(
        max_epochs=max_epochs,
        factor=FACTOR,
        hyperband_iterations=num_trials,
        **settings,
    )
    oracle.max_trials = num_trials
    return oracle
