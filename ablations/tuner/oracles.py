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

    KerasTuner's oracle begins another bracket while trials run. Asked for a large
    batch, it would spend all trials on first rungs. Here a bracket begins beside others
    only if all that these and it will need is within the largest number of trials; the
    rest of the budget is spent bracket by bracket, as where trials run one after
    another. Which trials there are does not depend on the batch.
    """

    def populate_space(self, trial_id: str) -> dict[str, Any]:
        """Return the values of the next trial, IDLE where a rung must end first."""
        before = self._current_bracket, self._current_iteration
        seed_state = self._seed_state
        response = super().populate_space(trial_id)
        begun = (self._current_bracket, self._current_iteration) != before
        if begun and self.ongoing_trials and not self._fits():
            self._brackets.pop()
            self._current_bracket, self._current_iteration = before
            self._seed_state = seed_state
            return dict(IDLE)
        if response["status"] == "RUNNING":
            # KerasTuner names the bracket that was begun last.
            response["values"]["tuner/bracket"] = self._bracket_of(trial_id)
        return response

    def _fits(self) -> bool:
        """Return whether all brackets that have begun can end within the budget."""
        missing = 0
        for bracket in self._brackets:
            for rung, trials in enumerate(bracket["rounds"]):
                size = self._get_size(bracket["bracket_num"], rung)
                missing += size - len(trials)
        # The trial that is being made is in its rung, but no trial yet.
        needed = len(self.trials) + 1 + missing
        return self.max_trials is None or needed <= self.max_trials

    def _bracket_of(self, trial_id: str) -> int:
        """Return the number of the bracket that a trial has just joined."""
        return next(
            bracket["bracket_num"]
            for bracket in self._brackets
            if any(one["id"] == trial_id for rung in bracket["rounds"] for one in rung)
        )


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
    return makers[one_of("oracle", name, ORACLES)]()


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
