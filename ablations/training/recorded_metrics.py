"""Measure what is recorded of every run: each metric as it would be at inference."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from keras import ops

from ablations.training.config import MOVING
from ablations.training.metrics import (
    HELD_OUT,
    METRICS,
    OF_ROWS,
    mean_over_rows,
    outputs_of,
    rows_and_metric,
)
from ablations.training.stacked_model import StackedModel
from models.config import one_of

Tensor = Any
Carry = dict[str, Any]
Run = dict[str, Any]


class RecordedMetrics:
    """The metrics that a training records, and the one that it stops by.

    Args:
        stacked: The network, and the training that names the metrics.
        rows_are_apart: Whether what the network says of a row at inference, and its
            penalty, do not depend on the other rows.

    Raises:
        ConfigError: If a metric is unknown.
    """

    def __init__(self, stacked: StackedModel, rows_are_apart: bool) -> None:
        """Check the names."""
        self._stacked, self._training = stacked, stacked.training
        self._rows_are_apart = rows_are_apart
        for name in stacked.training.measured:
            one_of("metrics", rows_and_metric(name)[1], METRICS)

    def measure(self, carry: Carry, run: Run, state: list[Tensor]) -> dict[str, Tensor]:
        """Return every metric of every run as it would be at inference, `[R]` each.

        `state` is that of evaluation; names that begin with `MOVING` have the carry's.

        All rows pass one of our networks at once, which takes one program in place of
        three; in a network of the user, rows might have to do with each other.
        """
        names = sorted(set(self._training.measured))
        values: dict[str, Tensor] = {}
        for is_moving in (False, True):
            asked = {
                name: rows_and_metric(name)
                for name in names
                if name.startswith(MOVING) == is_moving
            }
            known = carry if is_moving else {**carry, "s": state}
            for group in self._groups(sorted({part for part, _ in asked.values()})):
                mine = {name: one for name, one in asked.items() if one[0] in group}
                values |= self._measure_together(known, run, group, mine)
        return values

    def outputs(
        self, weights: list[Tensor], state: list[Tensor], run: Run
    ) -> dict[str, Tensor]:
        """Return what every run says of its held-out rows `[R, N, K]`, by part.

        Args:
            weights: Packed trainable weights, each `[R, ...]`.
            state: Packed non-trainable weights, each `[R, ...]`.
            run: `attributes` and `data`.
        """
        said: dict[str, Tensor] = {}
        for group in self._groups([f"_{part}" for part in HELD_OUT]):
            p, _, rows = self._forward({"w": weights, "s": state}, run, group)
            p = outputs_of(self._training, p)
            said |= {part.removeprefix("_"): p[:, rows[part]] for part in group}
        return said

    def _groups(self, parts: list[str]) -> list[list[str]]:
        """Return which parts of the rows pass the network at once."""
        together = self._rows_are_apart and parts
        return [parts] if together else [[part] for part in parts]

    def _forward(
        self, carry: Carry, run: Run, parts: list[str]
    ) -> tuple[Tensor, Tensor, dict[str, slice]]:
        """Return outputs `[R, N, K]`, penalties `[R]` and which rows each part has."""
        x = _joined([run["data"][f"x{part}"] for part in parts])
        p, penalty = self._stacked.forward(carry["w"], carry["s"], run["attributes"], x)
        sizes = [run["data"][f"x{part}"].shape[-2] for part in parts]
        ends = np.cumsum(sizes).tolist()
        rows = {
            part: slice(end - size, end)
            for part, size, end in zip(parts, sizes, ends, strict=True)
        }
        return p, penalty, rows

    def _measure_together(
        self,
        carry: Carry,
        run: Run,
        parts: list[str],
        asked: dict[str, tuple[str, str]],
    ) -> dict[str, Tensor]:
        """Return metrics, each of one part of the rows, from one forward pass."""
        y = _joined([run["data"][f"y{part}"] for part in parts])
        y = self._stacked.targets(y)  # [1 or R, N, K]
        p, penalty, rows = self._forward(carry, run, parts)
        weights = {
            part: self._stacked.targets(run["data"][f"weight{part}"])  # [1 or R, N]
            for part in parts
            if f"weight{part}" in run["data"]
        }
        often = Counter(metric for _, metric in asked.values())
        of_rows = {
            metric: OF_ROWS[metric](self._training, y, p)
            for metric in OF_ROWS
            if often[metric] > 1
        }
        values = {}
        for name, (part, metric) in asked.items():
            mine, w = rows[part], weights.get(part)
            if metric in of_rows:
                value = mean_over_rows(of_rows[metric][:, mine], w)
            else:
                value = METRICS[metric](self._training, y[:, mine], p[:, mine], w)
            values[name] = value + penalty if metric == "loss" else value
        return values


def _joined(arrays: list[Tensor]) -> Tensor:
    """Return rows `[..., N, D]` one after the other."""
    return ops.concatenate(arrays, axis=-2) if len(arrays) > 1 else arrays[0]
