"""Ask KerasTuner's oracles which learning rates to try next."""

from __future__ import annotations

import tempfile
import warnings
from typing import Any

import numpy as np


def propose(asked: dict[str, Any]) -> np.ndarray:
    """Return the next learning rates that an oracle proposes `[count]`.

    They follow from the specification alone: the oracle is made anew, is told the
    history, and then asked. Rates are drawn in logarithms. A rate without a score
    counts as the worst that was seen.

    Args:
        asked: What `ablations.evidence.tuning.proposal_specification` gives.

    References:
        O'Malley et al. (2019), KerasTuner. https://keras.io/keras_tuner/api/oracles
    """
    import keras_tuner

    space = keras_tuner.HyperParameters()
    low, high = asked["bounds"]
    space.Float("learning_rate", low, high, sampling="log")
    oracle_class = {
        "random": keras_tuner.oracles.RandomSearchOracle,
        "bayesian": keras_tuner.oracles.BayesianOptimizationOracle,
    }[asked["proposal"]]
    oracle = oracle_class(
        objective=keras_tuner.Objective("score", "max"),
        max_trials=asked["trials"],
        seed=asked["seed"],
        hyperparameters=space,
    )
    seen = [score for _, score in asked["history"] if score is not None]
    worst = min(seen, default=0.0)
    with (
        tempfile.TemporaryDirectory() as folder,
        # The Gaussian process of three points may well not converge.
        warnings.catch_warnings(action="ignore"),
    ):
        oracle._set_project_dir(folder, "oracle")
        oracle.verbose = 0
        for rate, score in asked["history"]:
            trial = oracle.create_trial("one")
            trial.hyperparameters.values["learning_rate"] = rate
            score = worst if score is None else score
            oracle.update_trial(trial.trial_id, {"score": score})
            trial.status = "COMPLETED"
            oracle.end_trial(trial)
        # Several trials at once need several tuners.
        trials = [oracle.create_trial(f"{i}") for i in range(asked["count"])]
    rates = [trial.hyperparameters.values["learning_rate"] for trial in trials]
    # Twelve digits, as for grids.
    return np.array([float(f"{rate:.12g}") for rate in rates])
