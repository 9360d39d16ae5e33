"""Store the variables of equal blocks as one array, the others as they are.

Outside a program a network is a list of arrays `[R, ...]`, one per variable, in the
order of the model. Inside a program that loops over K equal blocks, the K copies of a
variable are one array `[R, K, ...]`; such arrays follow the others, which keep their
order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Packing:
    """Which variables of a model are stored alone and which together.

    Attributes:
        alone: Places, in the order of the model, of the variables stored alone.
        copies: For every array that holds copies, their places, one per block.
    """

    alone: tuple[int, ...]
    copies: tuple[tuple[int, ...], ...] = ()

    @classmethod
    def of_blocks(cls, size: int, copies: Sequence[Sequence[int]]) -> Packing:
        """Return the packing of `size` variables, of which some are copies."""
        together = {place for places in copies for place in places}
        return cls(
            tuple(place for place in range(size) if place not in together),
            tuple(tuple(places) for places in copies),
        )

    def axes(self) -> list[int]:
        """Return how many leading axes each packed array has: runs, or also blocks."""
        return [1] * len(self.alone) + [2] * len(self.copies)

    def sizes(self) -> list[int]:
        """Return how many variables each packed array holds."""
        return [1] * len(self.alone) + [len(places) for places in self.copies]

    def pack(self, arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Return the packed arrays of a list `[R, ...]` in the order of the model."""
        together = [
            np.stack([arrays[place] for place in places], axis=1)
            for places in self.copies
        ]
        return [*(arrays[place] for place in self.alone), *together]

    def unpack(self, packed: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Return the arrays `[R, ...]` in the order of the model."""
        by_place = dict(zip(self.alone, packed, strict=False))
        for places, array in zip(self.copies, packed[len(self.alone) :], strict=True):
            by_place |= {place: array[:, b] for b, place in enumerate(places)}
        return [by_place[place] for place in sorted(by_place)]

    def order(self) -> list[int]:
        """Return where each variable of the model is among the packed ones.

        Counted is what one writes down for packed arrays side by side: one number for
        an array that is alone, K for one that holds copies.
        """
        places = [*self.alone, *(place for copies in self.copies for place in copies)]
        return [int(place) for place in np.argsort(places)]

    def columns(self, ops: Any, numbers: Sequence[Any]) -> Any:
        """Return `[R, V]`, one column per variable of the model.

        Args:
            ops: Numpy, or another module with its functions.
            numbers: For every packed array its number per run `[R]`, or per run and
                block `[R, K]`.
        """
        alone, together = numbers[: len(self.alone)], numbers[len(self.alone) :]
        columns = [*(number[:, None] for number in alone), *together]
        joined = ops.concatenate(columns, axis=1)
        order = np.array(self.order(), np.int32)
        return ops.take(joined, order, axis=1) if self.copies else joined
