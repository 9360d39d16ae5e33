"""Re-estimate what batch norm divides by: on all training rows, not on averages.

Keras evaluates batch norm with moving averages of the batches that it has seen. With a
momentum of m they are m**k of their start after k updates, so that they lag in short
trainings, most of all where weights move fast. Here every layer takes the mean and
variance of the training rows instead, as they pass the layers below with statistics
taken in the same way.

References:
    Ioffe and Szegedy (2015), section 3.1, algorithm 2, lines 8 to 11.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import keras


def batch_norms(
    layers: Iterable[keras.layers.Layer],
) -> list[keras.layers.BatchNormalization]:
    """Return the layers that keep moving averages of the batches they see."""
    return [one for one in layers if isinstance(one, keras.layers.BatchNormalization)]


@contextlib.contextmanager
def statistics_of_rows(
    layers: Iterable[keras.layers.BatchNormalization],
) -> Iterator[None]:
    """Let batch norm take, use and keep the statistics of the rows that pass.

    A model that is called at inference then does all else as at inference: dropout and
    noise are off. A layer that is not trainable goes on with what it has.
    """
    before = [(vars(layer), dict(vars(layer))) for layer in layers]
    try:
        for layer in layers:
            vars(layer).update(
                # Keras would track what is set in the ordinary way.
                call=functools.partial(_in_training, layer.call),
                momentum=0.0,
                renorm=False,
            )
        yield
    finally:
        for own, kept in before:
            for name in ("call", "momentum", "renorm"):
                own.pop(name)
                own.update({name: kept[name]} if name in kept else {})


def _in_training(call: Callable[..., Any], *arguments: Any, **told: Any) -> Any:
    return call(*arguments, **{**told, "training": True})
