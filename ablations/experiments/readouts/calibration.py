"""Ask how often networks are right when they say how sure they are."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from ablations.experiments.readouts.trained_networks import (
    Arrays,
    ReadoutConfig,
    Trained,
    check_logits,
)
from models.numpy_mlp import check_followable, softmax

NUM_BINS = 15
TEMPERATURES = np.exp(np.linspace(np.log(0.2), np.log(10.0), 60))


class CalibrationConfig(ReadoutConfig):
    """Compare what networks say of test rows with how often they are right.

    Rows are sorted by the largest probability and cut into fifteen bins of equally
    many; `calibration_error` is the mean over bins of the distance between the mean of
    that probability and the share of rows told right. `scaled_calibration_error` is the
    same after logits were divided by the temperature with the least cross-entropy on
    validation rows. `confidence` is the mean of the largest probability.

    A bin of n rows has an error by chance even where every probability is right, of
    about 0.8 sqrt(p (1 - p) / n).

    References:
        Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks",
        2017.
    """

    chunk_size: ClassVar[int] = 20
    seconds_per_run: ClassVar[float] = 0.05

    kind: Literal["calibration"] = "calibration"

    def check(self) -> None:
        """Refuse networks that cannot be followed, or whose outputs are no logits."""
        super().check()
        check_followable(self.model)
        check_logits(self.training)

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return the errors of probabilities, and how sure and how right they are."""
        errors = ("calibration_error", "scaled_calibration_error")
        return ("loss", *errors, "confidence", "test_accuracy")

    def read(self, trained: Trained) -> Arrays:
        """Read the probabilities of every seed's test rows."""
        data = trained.data
        logits = trained.networks.logits(np.asarray(data.x_test))  # [S, N, K]
        held_out = trained.networks.logits(np.asarray(data.x_val))
        found: dict[str, list[float]] = {
            name: [] for name in self.recorded_metrics() if name != "loss"
        }
        for place in range(len(trained.seeds)):
            of_run = data.of_runs(np.array([place]))
            said, right = sureness(logits[place], labels_of(of_run.y_test))
            heat = best_temperature(held_out[place], labels_of(of_run.y_val))
            scaled, _ = sureness(logits[place] / heat, labels_of(of_run.y_test))
            found["calibration_error"].append(calibration_error(said, right))
            found["scaled_calibration_error"].append(calibration_error(scaled, right))
            found["confidence"].append(float(said.mean()))
            found["test_accuracy"].append(float(right.mean()))
        last = trained.result.curves["loss"][:, -1]
        return {name: np.array(values) for name, values in found.items()} | {
            "loss": last
        }


def labels_of(y: np.ndarray | None) -> np.ndarray:
    """Return the classes `[N]` of one-hot rows, those of one run `[N, K]`."""
    rows = np.asarray(y)
    return (rows[0] if rows.ndim == 3 else rows).argmax(axis=-1)


def sureness(logits: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the largest probability of rows, and whether that class is right `[N]`."""
    p = softmax(logits)
    return p.max(axis=-1), p.argmax(axis=-1) == labels


def calibration_error(said: np.ndarray, right: np.ndarray) -> float:
    """Return the mean distance between said and true shares over bins of equal size."""
    order = np.argsort(said, kind="stable")
    bins = np.array_split(order, min(NUM_BINS, len(order)))
    gaps = [abs(said[rows].mean() - right[rows].mean()) * len(rows) for rows in bins]
    return float(np.sum(gaps) / len(order))


def best_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """Return the temperature of `TEMPERATURES` with the least cross-entropy."""
    rows = np.arange(len(labels))
    losses = [
        -np.log(np.maximum(softmax(logits / heat)[rows, labels], 1e-12)).mean()
        for heat in TEMPERATURES
    ]
    return float(TEMPERATURES[int(np.argmin(losses))])
