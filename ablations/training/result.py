"""The rows a stack trains on and what its runs produced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class StackResult:
    """What a stack of R runs produced.

    The weights, state and last curve values of a run that diverged are those before
    the update that failed.

    Attributes:
        log_steps: Numbers of updates after which the curves were recorded `[T]`.
        curves: Metric name to values `[R, T]`.
        probes: Probe name to values `[R, T, L]`.
        weights: Final trainable weights, each `[R, ...]`.
        state: Final non-trainable weights, each `[R, ...]`; of batch norm the mean and
            variance of evaluation, as `TrainingConfig.batch_norm_statistics` says.
        diverged_at: Number of updates made before the loss or, at the end, a weight
            was not finite, -1 for none `[R]`.
        stopped_at: Number of updates made when early stopping ended the run, -1 `[R]`.
        best_at: Number of updates at the best monitored value, -1 `[R]`.
        outputs: For every patience of `TrainingConfig.outputs`, what the runs say of
            each held-out part: its name to outputs `[R, N, K]`, probabilities where
            the network emits logits.
    """

    log_steps: np.ndarray
    curves: dict[str, np.ndarray]
    probes: dict[str, np.ndarray]
    weights: list[np.ndarray]
    state: list[np.ndarray]
    diverged_at: np.ndarray
    stopped_at: np.ndarray
    best_at: np.ndarray
    outputs: list[dict[str, np.ndarray]] = field(default_factory=list)

    def first(self, num_runs: int) -> StackResult:
        """Return the result of the first runs."""
        return self._each(lambda array: array[:num_runs])

    def _each(self, change: Callable[[np.ndarray], np.ndarray]) -> StackResult:
        return StackResult(
            log_steps=self.log_steps,
            curves={name: change(curve) for name, curve in self.curves.items()},
            probes={name: change(probe) for name, probe in self.probes.items()},
            weights=[change(weight) for weight in self.weights],
            state=[change(weight) for weight in self.state],
            diverged_at=change(self.diverged_at),
            stopped_at=change(self.stopped_at),
            best_at=change(self.best_at),
            outputs=[
                {part: change(said) for part, said in one.items()}
                for one in self.outputs
            ],
        )
