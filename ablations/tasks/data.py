"""The rows that runs train on."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from models.config import requirement


@dataclass(frozen=True)
class Data:
    """The rows to train on, shared `[N, D]` or one set per run `[R, N, D]`.

    Targets have one axis per row and one per output, `[N, K]` or `[R, N, K]`.
    Validation and test rows are laid out alike and may be fewer or more.
    Weights, `[N]` or `[R, N]`, say how much each row counts in the loss and in the
    metrics of its part; their mean should be 1, and without them all rows count alike.

    Raises:
        ConfigError: If shapes do not fit together or there are no rows.
    """

    x: np.ndarray
    y: np.ndarray
    x_val: np.ndarray | None = None
    y_val: np.ndarray | None = None
    x_test: np.ndarray | None = None
    y_test: np.ndarray | None = None
    weight: np.ndarray | None = None
    weight_val: np.ndarray | None = None
    weight_test: np.ndarray | None = None

    def __post_init__(self) -> None:
        """Check that rows have targets and that all arrays have the same layout."""
        if self.x.ndim not in (2, 3) or not self.num_rows:
            must = "must have rows, shaped [N, D] or [R, N, D]"
            raise requirement("data.x", must, self.x.shape)
        self._check_targets("y", self.x, self.y)
        self._check_further_rows("val", self.x_val, self.y_val)
        self._check_further_rows("test", self.x_test, self.y_test)
        for part in ("", "_val", "_test"):
            self._check_weights(part)

    def _check_further_rows(
        self, name: str, x: np.ndarray | None, y: np.ndarray | None
    ) -> None:
        if x is None and y is None:
            return
        if x is None or y is None:
            missing, other = ("x", "y") if x is None else ("y", "x")
            must = f"must be given where `data.{other}_{name}` is"
            raise requirement(f"data.{missing}_{name}", must, None)
        alike = x.ndim == self.x.ndim and x.shape[-2]
        if not (alike and x.shape[-1] == self.x.shape[-1]) or (
            self.per_run and len(x) != len(self.x)
        ):
            must = f"must be laid out as `data.x` {self.x.shape}"
            raise requirement(f"data.x_{name}", must, x.shape)
        self._check_targets(f"y_{name}", x, y)

    def _check_targets(self, name: str, x: np.ndarray, y: np.ndarray) -> None:
        if y.ndim != x.ndim or y.shape[:-1] != x.shape[:-1]:
            must = f"must have the rows of the inputs {x.shape} and a last axis of"
            raise requirement(f"data.{name}", f"{must} outputs", y.shape)

    def _check_weights(self, part: str) -> None:
        weight, x = getattr(self, f"weight{part}"), getattr(self, f"x{part}")
        if weight is not None and (x is None or weight.shape != x.shape[:-1]):
            rows = None if x is None else x.shape
            must = f"must have one weight for each row of `data.x{part}` {rows}"
            raise requirement(f"data.weight{part}", must, weight.shape)

    @property
    def num_rows(self) -> int:
        """Number of training rows of one run."""
        return self.x.shape[-2]

    @property
    def per_run(self) -> bool:
        """Whether every run has rows of its own."""
        return self.x.ndim == 3

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the arrays that are there, by name, as float32."""
        arrays = {part.name: getattr(self, part.name) for part in fields(self)}
        return {
            name: np.asarray(array, np.float32)
            for name, array in arrays.items()
            if array is not None
        }

    def of_runs(self, index: np.ndarray) -> Data:
        """Return the data of the runs at these positions."""
        if not self.per_run:
            return self
        return Data(**{name: array[index] for name, array in self.arrays().items()})
