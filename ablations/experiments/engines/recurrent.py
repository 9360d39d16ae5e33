"""Train recurrent networks in stacks.

The networks are functional Keras models from `[batch, length * inputs]`, unrolled over
the steps of a sequence.
"""

from __future__ import annotations

import functools
from typing import Any

import keras
import numpy as np
from keras import layers, ops, regularizers

from ablations.experiments.engines.stacks import train_in_stacks
from ablations.protocol.experiment import ExperimentConfig
from ablations.tasks.data import Data
from ablations.tasks.streams import draw_counts, draw_echo
from ablations.training.config import OptimizerConfig, TrainingConfig
from ablations.training.train import Build, Weights
from models.initializers import initial_weights
from models.recurrent_kernels import recurrent_kernels

LAYER = "recurrent"


@keras.saving.register_keras_serializable(package="ablations")
class PlainCell(layers.SimpleRNNCell):
    """Compute h_t = phi(h_{t-1} W + x_t U + b), as `keras.layers.SimpleRNNCell` does.

    It draws nothing, so it can be stacked: dropout must stay off.
    """


@keras.saving.register_keras_serializable(package="ablations")
class GatedCell(layers.LSTMCell):
    """Compute an LSTM whose forget gate can be taken away.

    With s the gate, c_t = (1 - forget_gate (1 - s)) c_{t-1} + i_t g_t: at 1 this is
    `keras.layers.LSTMCell`, at 0 the cell of 1997, whose state is only ever added to.
    `forget_gate` is a plain attribute read at every call and may hold a scalar tensor
    while a graph is traced. Dropout must stay off.

    Args:
        units: Number of units.
        forget_gate: 1 with, 0 without.
        **kwargs: Passed to `keras.layers.LSTMCell`.

    References:
        Hochreiter and Schmidhuber, "Long short-term memory", 1997, section 4.
        Gers, Schmidhuber and Cummins, "Learning to forget", 2000, section 3.
    """

    def __init__(self, units: int, forget_gate: float = 1.0, **kwargs: Any) -> None:
        """Keep the attribute; see the class."""
        super().__init__(units, **kwargs)
        self.forget_gate = forget_gate

    def call(self, inputs: Any, states: Any, training: bool = False) -> Any:
        """Return the output and the new states, each `[batch, units]`."""
        h, c = states
        # A product with the identity changes nothing, but ends a chain of element-wise
        # operations, which XLA would compute anew from its start at every step.
        c = ops.matmul(c, np.eye(self.units, dtype=np.float32))
        return super().call(inputs, [h, c], training=training)

    def _compute_carry_and_output_fused(self, z: Any, c_tm1: Any) -> tuple[Any, Any]:
        i, s, g, o = z
        kept = 1.0 - self.forget_gate * (1.0 - self.recurrent_activation(s))
        c = kept * c_tm1 + self.recurrent_activation(i) * self.activation(g)
        return c, self.recurrent_activation(o)

    def get_config(self) -> dict[str, Any]:
        """Return what makes the same cell again."""
        return {**super().get_config(), "forget_gate": self.forget_gate}


@functools.lru_cache(maxsize=32)
def builder(
    cell: str, units: int, length: int, num_inputs: int, num_outputs: int
) -> Build:
    """Return a function that builds a network; the same one for the same arguments.

    The network answers once, after the last step, or with `num_outputs` 0 at every
    step.
    """

    def build() -> keras.Model:
        inputs = keras.Input((length * num_inputs,), name="inputs")
        named = {"recurrent_regularizer": regularizers.L2(0.0), "name": "cell"}
        plain = cell != "lstm"
        made = PlainCell(units, cell, **named) if plain else GatedCell(units, **named)
        every = not num_outputs
        steps = layers.RNN(made, return_sequences=every, unroll=True, name=LAYER)
        x = steps(layers.Reshape((length, num_inputs), name="steps")(inputs))
        x = layers.Dense(num_outputs or 1, name="output")(x)
        if not num_outputs:
            x = layers.Reshape((length,), name="answers")(x)
        return keras.Model(inputs, x, name="recurrent_network")

    return build


def _builder_of(config: ExperimentConfig) -> Build:
    num_outputs = config.num_symbols if config.stream == "echo" else 0
    sizes = config.units, config.length, config.num_inputs, num_outputs
    return builder(config.cell, *sizes)


def first_weights(
    config: ExperimentConfig, model: keras.Model, seeds: np.ndarray
) -> Weights:
    """Draw the starting weights of every seed, each `[S, ...]`."""
    trainable, state = initial_weights(model, seeds)
    names = [variable.path for variable in model.trainable_variables]
    if config.cell == "lstm":
        forget = slice(config.units, 2 * config.units)
        trainable[names.index(f"{LAYER}/cell/bias")][:, forget] = config.forget_bias
    else:
        drawn = recurrent_kernels(seeds, config.units, config.start, config.radius)
        trainable[names.index(f"{LAYER}/cell/recurrent_kernel")] = np.float32(drawn)
    return trainable, state


def training_of(config: ExperimentConfig) -> TrainingConfig:
    """Return how a config's network is trained."""
    echo = config.stream == "echo"
    clips = ("clip_value", "clip_norm", "clip_global_norm")
    same = ("batch_size", "num_steps", "log_steps", *clips)
    rule = OptimizerConfig(name=config.optimizer, learning_rate=config.learning_rate)
    return TrainingConfig(
        **{name: getattr(config, name) for name in same},
        optimizer=rule,
        loss="categorical_crossentropy" if echo else "mse",
        from_logits=echo,
        # What an LSTM answers is computed from its weights, so that its streams may be
        # longer; one metric fewer is also a quarter less to compile.
        metrics=("val_accuracy",) if echo else (),
    )


def train_recurrent(
    config: ExperimentConfig, seeds: np.ndarray
) -> dict[str, np.ndarray]:
    """Train one network per seed on the first half of its rows, for `config.run`.

    The metrics are scored on the other half.
    """
    seeds, build, half = np.asarray(seeds), _builder_of(config), config.num_rows
    attributes = {"cell.recurrent_regularizer.l2": config.l2}
    if config.cell == "lstm":
        attributes["cell.forget_gate"] = float(config.forget_gate)
    x, y = (draw_echo if config.stream == "echo" else draw_counts)(config, seeds)
    result = train_in_stacks(
        build,
        training_of(config),
        seeds,
        Data(x[:, :half], y[:, :half], x[:, half:], y[:, half:]),
        size=config.chunk_size,
        attributes={f"{LAYER}.{path}": v for path, v in attributes.items()},
        weights=first_weights(config, _model_of(build), seeds),
    )
    if config.stream == "echo":
        curves = {"test_accuracy": result.curves["val_accuracy"]}
    else:
        streams = {
            "test_explained": (x[:, half:], y[:, half:]),
            "continued_explained": draw_counts(config, seeds, continued=True),
        }
        curves = {
            name: _explained(config, result.weights, *rows)[:, None]
            for name, rows in streams.items()
        }
    last = next(iter(curves.values()))[:, -1]
    lost = ~np.isfinite(last) & (result.diverged_at < 0)
    ended = np.where(lost, config.num_steps, result.diverged_at)
    return config.arrange(curves, ended)


def _explained(
    config: ExperimentConfig, weights: list[np.ndarray], x: np.ndarray, y: np.ndarray
) -> np.ndarray:
    """Return the share of the variance of targets that LSTMs explain `[S]`."""
    with np.errstate(over="ignore", invalid="ignore"):
        answers = lstm_answers(weights, x, forget_gate=float(config.forget_gate))
        errors = ((answers - y) ** 2).mean(axis=(1, 2))
    return 1.0 - errors / y.var(axis=(1, 2))


def lstm_answers(
    weights: list[np.ndarray], x: np.ndarray, *, forget_gate: float
) -> np.ndarray:
    """Return what LSTMs answer at every step of streams of any length `[S, N, length]`.

    A network of `builder` does the same, for one length only.

    Args:
        weights: Kernel, recurrent kernel, bias, output kernel and output bias of every
            run, each `[S, ...]`.
        x: Inputs `[S, N, length * inputs]`.
        forget_gate: As in `GatedCell`.
    """
    kernel, recurrent, bias, output, output_bias = weights
    x = x.reshape(*x.shape[:2], -1, kernel.shape[1])
    h = np.zeros((*x.shape[:2], recurrent.shape[1]), np.float32)
    c = np.zeros_like(h)
    answers = []
    for step in range(x.shape[2]):
        z = x[:, :, step] @ kernel + h @ recurrent + bias[:, None]
        i, s, g, o = np.split(z, 4, axis=-1)
        c = (1.0 - forget_gate * (1.0 - _sigmoid(s))) * c + _sigmoid(i) * np.tanh(g)
        h = _sigmoid(o) * np.tanh(c)
        answers.append((h @ output + output_bias[:, None])[..., 0])
    return np.stack(answers, axis=-1)


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 0.5 * (1.0 + np.tanh(0.5 * z))


@functools.lru_cache(maxsize=32)
def _model_of(build: Build) -> keras.Model:
    """Build a network of which only the shapes and rules of its weights are read."""
    return build()
