"""Time `ablations tune` beside the loop of KerasTuner, oracle by oracle.

    python benchmarks/tune.py                        200 trials, 15 of KerasTuner's
    python benchmarks/tune.py --peer-trials 200      all of KerasTuner's, an hour

Both search the same space of perceptrons with three hidden layers, on the same rows,
for the same epochs and from the same seed of the oracle; every oracle has a process of
its own, in which the stacks compile what they need and come first.
Where KerasTuner runs fewer trials, its time is scaled to the number of the stacks.
That favours KerasTuner's Bayesian oracle, whose proposals take longer the more trials
there are, and none of whose first 33 trials is one.
Whether the best trials are equally good is judged by training both of them again, as
stacks, with seeds that no search has seen, on rows that no search has seen.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from ablations.running.machine import describe_machine, package_versions
from ablations.stats.paired import paired_mean_difference
from ablations.terminal import say, say_as_it_is
from ablations.training.devices import load_backend
from models.search_space import Range, SearchSpace

SPACE = SearchSpace(
    activation=("relu", "tanh", "elu", "swish"),
    initializer=("glorot_uniform", "he_normal"),
    depth=(3,),
    width=(32, 16, 64),
    dropout=Range(low=0.0, high=0.5),
    l2=Range(low=1e-6, high=1e-2, log=True),
    batch_norm=("off", "before"),
    optimizer=("adam",),
    learning_rate=Range(low=1e-4, high=1e-1, log=True),
    batch_size=(32,),
)
ORACLES = ("random", "bayesian", "hyperband", "grid")
NUM_TRAIN, NUM_VAL = 1024, 256
NUM_SEEDS = 20
FIRST_SEED = 500_000
MAX_EPOCHS = 10
MARGIN = 0.005
"""Share of the test rows below which a difference does not matter."""


def digits() -> Any:
    """Return 8 x 8 digits, rows in a random order, as a `Data` with test rows."""
    from sklearn.datasets import load_digits

    from ablations.tasks.data import Data

    bunch = load_digits()
    order = np.random.default_rng(0).permutation(len(bunch.data))
    x = (bunch.data[order] / 16.0).astype(np.float32)
    y = np.eye(10, dtype=np.float32)[bunch.target[order]]
    ends = (NUM_TRAIN, NUM_TRAIN + NUM_VAL)
    (x, x_val, x_test), (y, y_val, y_test) = (np.split(a, ends) for a in (x, y))
    return Data(x, y, x_val, y_val, x_test, y_test)


def make_peer(oracle: str, num_trials: int, seed: int, folder: str) -> Any:
    """Return KerasTuner's own tuner of an oracle."""
    import keras_tuner

    from models.hypermodel import MLPHyperModel

    settings = {
        "hypermodel": MLPHyperModel.of("classification", 64, 10, SPACE),
        "objective": "val_loss",
        "seed": seed + 1,
        "max_consecutive_failed_trials": num_trials + 1,
        "directory": folder,
    }
    if oracle == "hyperband":
        tuner = keras_tuner.Hyperband(
            max_epochs=MAX_EPOCHS, hyperband_iterations=num_trials, **settings
        )
        tuner.oracle.max_trials = num_trials
        return tuner
    kind = {
        "random": keras_tuner.RandomSearch,
        "bayesian": keras_tuner.BayesianOptimization,
        "grid": keras_tuner.GridSearch,
    }[oracle]
    return kind(max_trials=num_trials, **settings)


def compare(oracle: str, num_trials: int, peer_trials: int, seed: int) -> dict:
    """Search with stacks, then with KerasTuner, and compare times and best trials."""
    load_backend("cpu")
    from ablations.tuner.search import tune
    from ablations.tuner.stacks import PlannedTrial

    data = digits()
    searched = dataclasses.replace(data, x_test=None, y_test=None)
    clock = time.process_time()
    found = tune(
        searched,
        "classification",
        oracle=oracle,
        trials=num_trials,
        max_epochs=MAX_EPOCHS,
        space=SPACE,
        seed=seed,
    )
    clock = time.process_time() - clock
    with tempfile.TemporaryDirectory() as folder:
        started, peer_clock = time.perf_counter(), time.process_time()
        peer = make_peer(oracle, peer_trials, seed, folder)
        peer.search(
            searched.x,
            searched.y,
            epochs=MAX_EPOCHS,
            validation_data=(searched.x_val, searched.y_val),
            verbose=0,
        )
        peer_seconds = time.perf_counter() - started
        peer_clock = time.process_time() - peer_clock
        ended = len(peer.oracle.end_order)
        theirs = peer.oracle.get_best_trials()[0]
    ours = found.tuner.oracle.get_best_trials()[0]
    hypermodel = found.tuner.hypermodel
    planned = []
    for trial in (ours, theirs):
        values = SPACE.declare(trial.hyperparameters)
        planned.append(
            PlannedTrial(
                hypermodel.config(trial.hyperparameters),
                values["optimizer"],
                values["learning_rate"],
                values["batch_size"],
                MAX_EPOCHS,
            )
        )
    per_trial = peer_seconds / ended
    return {
        "oracle": oracle,
        "trials": len(found.trials),
        "seconds": found.seconds,
        "cpu_seconds": clock,
        "best": float(ours.score),
        "peer_trials": ended,
        "peer_seconds": peer_seconds,
        "peer_cpu_seconds": peer_clock,
        "peer_best": float(theirs.score),
        "ratio": per_trial * len(found.trials) / found.seconds,
        "cpu_ratio": peer_clock / ended * len(found.trials) / clock,
        "accuracy": judge(planned, data),
    }


def judge(planned: list[Any], data: Any) -> dict[str, float]:
    """Return the difference in test accuracy of two trials, ours minus theirs."""
    from ablations.training.config import OptimizerConfig, TrainingConfig
    from ablations.training.train import train_stack

    seeds = np.arange(FIRST_SEED, FIRST_SEED + NUM_SEEDS)
    accuracies = []
    for trial in planned:
        training = TrainingConfig(
            optimizer=OptimizerConfig(
                name=trial.optimizer, learning_rate=trial.learning_rate
            ),
            loss="categorical_crossentropy",
            batch_size=trial.batch_size,
            epochs=trial.num_epochs,
            metrics=("test_accuracy",),
        )
        result = train_stack(trial.config, training, seeds, data)
        accuracies.append(result.curves["test_accuracy"][:, -1].astype(float))
    ours, theirs = accuracies
    found = paired_mean_difference(ours - theirs, rng=np.random.default_rng(0))
    return {
        "ours": float(ours.mean()),
        "theirs": float(theirs.mean()),
        "difference": found.estimate,
        "low": found.low,
        "high": found.high,
    }


def describe(row: dict[str, Any]) -> str:
    """Return what was seen for an oracle, in a line."""
    accuracy = row["accuracy"]
    word = "as good" if accuracy["low"] > -MARGIN else "WORSE or unclear"
    return (
        f"{row['oracle']:<10} {row['trials']} trials {row['seconds']:7.1f} s"
        f" (CPU {row['cpu_seconds']:.1f}); KerasTuner {row['peer_trials']} trials"
        f" {row['peer_seconds']:7.1f} s (CPU {row['peer_cpu_seconds']:.1f});"
        f" {row['ratio']:.0f} times faster per trial (CPU {row['cpu_ratio']:.0f});"
        f" best val_loss {row['best']:.4f} and {row['peer_best']:.4f}; test accuracy"
        f" of the best {accuracy['ours']:.4f} and {accuracy['theirs']:.4f},"
        f" {100 * accuracy['difference']:+.2f} points"
        f" [{100 * accuracy['low']:+.2f}, {100 * accuracy['high']:+.2f}]: {word}"
    )


def main() -> None:
    """Compare oracles, each in a process of its own, and write what was seen."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--peer-trials", type=int, default=15)
    parser.add_argument("--oracle", choices=ORACLES, action="append")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="a JSON file to write")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.alone:
        row = compare(told.oracle[0], told.trials, told.peer_trials, told.seed)
        say_as_it_is(json.dumps(row))
        return
    rows = []
    for oracle in told.oracle or ORACLES:
        command = [sys.executable, __file__, "--alone", "--oracle", oracle]
        command += ["--trials", f"{told.trials}", "--seed", f"{told.seed}"]
        command += ["--peer-trials", f"{told.peer_trials}"]
        done = subprocess.run(  # noqa: S603 - this file itself
            command, stdout=subprocess.PIPE, check=True, encoding="utf-8"
        )
        rows.append(json.loads(done.stdout.splitlines()[-1]))
        say(describe(rows[-1]))
    if told.out:
        record = {
            "machine": describe_machine(),
            "versions": package_versions(),
            "space": SPACE.model_dump(mode="json"),
            "max_epochs": MAX_EPOCHS,
            "rows": rows,
        }
        told.out.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
