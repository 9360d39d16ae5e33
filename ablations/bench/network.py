"""What is timed: stacks, Keras's `fit` and the peers, each on its share of the runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from keras import ops

from ablations.bench import peers
from ablations.bench.timing import Timed
from ablations.rigs.xor import PRINTED_STEPS, xor_arm
from ablations.running.executors import num_workers, run_concurrently
from ablations.running.machine import num_cores
from ablations.tasks import make_task
from ablations.training.backend import gpu_names
from ablations.training.config import OptimizerConfig, TrainingConfig
from ablations.training.fit import keras_optimizer
from ablations.training.train import Data, train_stack
from models.config import MLPConfig
from models.initializers import initial_weights
from models.mlp import build_mlp

XOR = xor_arm(num_steps=PRINTED_STEPS)
NETWORK = MLPConfig(
    input_units=peers.INPUTS, hidden_units=(peers.WIDTH,) * 3, activation="relu"
)
TRAINING = TrainingConfig(
    optimizer=OptimizerConfig(name="adam", learning_rate=0.001),
    batch_size=peers.BATCH,
    num_steps=peers.NUM_STEPS,
    metrics=("loss",),
)


def setting(is_xor: bool) -> tuple[MLPConfig, TrainingConfig, Data]:
    """Return what is trained, how and on which rows."""
    if not is_xor:
        return NETWORK, TRAINING, Data(*peers.network_rows())
    task = make_task(XOR.task)
    return XOR.model, XOR.training, Data(task.x, task.y)


def stacks(num_runs: int, is_xor: bool = False) -> Timed:
    """Return the training as the runner does it: a stack for every worker, at once."""
    model, training, data = setting(is_xor)
    workers = num_workers(num_cores(), on_gpu=bool(gpu_names()))
    parts = np.array_split(np.arange(num_runs), workers)

    def train(seeds: np.ndarray) -> None:
        train_stack(model, training, seeds, data)

    return lambda: list(run_concurrently(train, parts, workers))


def fit(num_runs: int, is_xor: bool = False) -> Timed:
    """Return `fit` as a script has it: built and compiled for each run."""
    config, training, data = setting(is_xor)
    rows = len(data.x)
    epochs = training.total_steps(rows) // training.steps_per_epoch(rows)
    feed = {"x": data.x, "y": data.y, "batch_size": training.batch_size or rows}

    def call() -> None:
        for seed in range(num_runs):
            model = build_mlp(config, seed=seed)
            model.compile(optimizer=keras_optimizer(training.optimizer), loss="mse")
            model.fit(**feed, epochs=epochs, verbose=0)

    return call


def fit_compiled_once(num_runs: int, is_xor: bool = False) -> Timed:
    """Return `fit` at its fastest: compiled once, the updates of a run in one call."""
    config, training, data = setting(is_xor)
    orders = peers.batches(num_runs)
    if is_xor:
        orders = np.tile(np.arange(len(data.x)), (num_runs, PRINTED_STEPS, 1))
    _, num_steps, batch = orders.shape
    model = build_mlp(config, seed=0, stackable=True)
    optimizer = keras_optimizer(training.optimizer)
    model.compile(optimizer=optimizer, loss="mse", steps_per_execution=num_steps)
    optimizer.build(model.trainable_variables)
    fresh = [ops.convert_to_numpy(variable) for variable in optimizer.variables]
    variables = [*model.trainable_variables, *optimizer.variables]

    def call() -> None:
        drawn, _ = initial_weights(model, np.arange(num_runs))
        for run, order in enumerate(orders.reshape(num_runs, -1)):
            values = [*(weights[run] for weights in drawn), *fresh]
            for variable, value in zip(variables, values, strict=True):
                variable.assign(value)
            x, y = data.x[order], data.y[order]
            model.fit(x, y, batch_size=batch, shuffle=False, verbose=0)

    return call


TRAININGS: dict[str, Callable[..., Any]] = {
    "fit": fit,
    "fit, compiled once": fit_compiled_once,
    "stacked": stacks,
    "hand-written JAX vmap": peers.hand_written_jax,
    "torch.func vmap": peers.torch_func,
    "scikit-learn": peers.scikit_learn,
}
"""What a process is asked for by name, given how many runs are its share; of the first
three the printed program, too."""
