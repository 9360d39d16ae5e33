"""Train networks whose hidden layers get their errors through fixed random weights."""

from __future__ import annotations

import functools
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from ablations.experiments.engines.stacks import train_in_stacks
from ablations.tasks.data import Data
from ablations.training.config import TrainingConfig
from ablations.training.result import StackResult
from models.activations import ActivationLayer
from models.config import MLPConfig
from models.initializers import to_keras


@keras.saving.register_keras_serializable(package="ablations")
class FeedbackDense(layers.Dense):
    """Compute y = x W + b, and send dL/dx = dL/dy B' back in place of dL/dy W'.

    B is drawn by the rule of W and never changes. The gradient by W is the right one.

    References:
        Lillicrap, Cownden, Tweed and Akerman, "Random synaptic feedback weights
        support error backpropagation for deep learning", 2016.
    """

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create kernel, bias and the weights that errors pass through."""
        super().build(input_shape)
        self.feedback_initializer = self.kernel_initializer
        self.feedback = self.add_weight(
            shape=self.kernel.shape,
            initializer=self.feedback_initializer,
            trainable=False,
            name="feedback",
        )

    def call(self, inputs: Any) -> Any:
        """Return the sums; what is added to them is zero, and has B's gradient."""
        back = ops.matmul(inputs, self.feedback)
        sums = ops.matmul(ops.stop_gradient(inputs), self.kernel) + self.bias
        return sums + (back - ops.stop_gradient(back))


def feedback_network(model: MLPConfig) -> keras.Model:
    """Return the network of a config, with `FeedbackDense` behind each hidden layer.

    Weights have the names of the plain network, so that a seed starts both alike.
    """
    rows = keras.Input((model.input_units,), name="inputs")
    kernels = (*model.per_layer("kernel_initializer"), model.output_initializer())
    x = rows
    for k, units in enumerate((*model.hidden_units, model.output_units)):
        last = k == len(model.hidden_units)
        kind = FeedbackDense if k else layers.Dense
        name = "output" if last else f"hidden_{k + 1}"
        x = kind(units, kernel_initializer=to_keras(kernels[k]), name=name)(x)
        if not last:
            settings = model.per_layer("activation")[k].model_dump()
            x = ActivationLayer(settings.pop("name"), **settings)(x)
    return keras.Model(rows, x, name="feedback")


@functools.cache
def _build(model: MLPConfig) -> Any:
    """Return one function per network, so that it is compiled once."""
    return functools.partial(feedback_network, model)


def train_by_feedback(
    model: MLPConfig,
    training: TrainingConfig,
    seeds: np.ndarray,
    data: Data,
    size: int,
) -> StackResult:
    """Train the networks of seeds `[S]`, `size` at a time."""
    return train_in_stacks(_build(model), training, seeds, data, size=size)
