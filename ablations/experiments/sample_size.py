"""Train on few rows by several techniques against overfitting, or on more rows plainly.

The rows that a run may see are repeated until all sizes have equally many, so that
sizes share a program and an update costs the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np

from ablations.experiments.readouts.trained_networks import (
    Arrays,
    Trained,
    TrainedNetworksConfig,
    classifying,
    repeated_rows,
)
from ablations.tasks import TaskConfig
from ablations.tasks.data import Data
from ablations.training.config import TrainingConfig
from models.config import MLPConfig, Positive, PositiveInt, Rate, requirement
from models.randomness import STREAMS

STACK_SIZE = 40

TECHNIQUES = ("stopping", "l2", "dropout", "jitter")
"""Techniques against overfitting; each is scored at its best strength."""


class SampleSizeConfig(TrainedNetworksConfig):
    """Describe networks on the first rows of a task, with and without techniques.

    `none` is the plain network after all updates. Early stopping takes the plain
    network at the first record where its accuracy on the validation rows is largest;
    the other techniques train to the end, at the first strength where it is largest.
    `best` is the first of all these, `none` before them, where it is largest.

    Args:
        task: The rows of the largest size, classes, with validation and test rows.
        num_rows: Training rows that are seen, the first of the task; a divisor of all.
        l2: Strengths of the penalty on squared weights of the hidden kernels.
        dropout: Shares of hidden units that are dropped.
        jitter: Standard deviations of the noise on repeated rows.
        is_plain: Train no technique, for sizes that are only compared with.
        width: Units of each of two hidden layers, which train by Adam.
        log_steps: Numbers of updates at which training may be stopped; the last ends
            it.
    """

    networks_per_stack: ClassVar[int | None] = STACK_SIZE
    seconds_per_run: ClassVar[float] = 0.4

    kind: Literal["sample_size"] = "sample_size"
    task: TaskConfig
    num_rows: PositiveInt
    l2: tuple[Positive, ...] = (0.003, 0.01, 0.03)
    dropout: tuple[Rate, ...] = (0.5, 0.75)
    jitter: tuple[Positive, ...] = (0.5, 1.0)
    is_plain: bool = False
    width: PositiveInt = 64
    learning_rate: Positive = 0.003
    batch_size: PositiveInt = 32
    log_steps: tuple[PositiveInt, ...] = (50, 100, 200, 400, 800, 1500)

    def check(self) -> None:
        """Refuse numbers of rows that do not divide those of the task."""
        super().check()
        most = self.task.setting("num_train")
        if most % self.num_rows:
            must = f"must divide the number of rows of the task ({most})"
            raise requirement("num_rows", must, self.num_rows)

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return accuracies of the plain network, of each technique and of the best."""
        techniques = () if self.is_plain else (*TECHNIQUES, "best")
        tested = (f"test_accuracy_of_{name}" for name in ("none", *techniques))
        return ("accuracy_of_none", *tested)

    def count_settings(self) -> int:
        """Return how many networks, stopped ones included, the best is chosen from."""
        return 1 if self.is_plain else len(self.log_steps) + len(self.settings()) - 1

    def stack_size(self) -> int:
        """Return as many seeds as fill a stack."""
        return STACK_SIZE // len(self.settings())

    def settings(self) -> list[tuple[str, float]]:
        """Return the techniques that are trained, with their strengths, plain first."""
        strengths = {"l2": self.l2, "dropout": self.dropout, "jitter": self.jitter}
        tried = [(name, each) for name in strengths for each in strengths[name]]
        return [("none", 0.0), *([] if self.is_plain else tried)]

    def get_model(self) -> MLPConfig:
        """Return the network, with the places where its strengths are set."""
        return self.relu_network(self.width, self.width, l2=1.0, dropout=0.5)

    def get_training(self) -> TrainingConfig:
        """Return the training of every network."""
        metrics = ("accuracy", "val_accuracy", "test_accuracy")
        numbers = self.learning_rate, self.batch_size, self.log_steps[-1]
        return classifying(*numbers, log_steps=self.log_steps, metrics=metrics)

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Train, and choose; a seed diverges where its plain network does."""
        trained = self.networks(seeds)
        plain = trained.result.diverged_at[:: len(self.settings())]
        return self.arrange(self.read(trained), plain)

    def networks(self, seeds: np.ndarray) -> Trained:
        """Train every setting."""
        settings, data = self.settings(), self.rows(seeds)
        strengths = {
            name: np.array([v if k == name else 0.0 for k, v in settings])
            for name in ("l2", "dropout")
        }
        attributes = {}
        for layer in (1, 2):
            attributes[f"hidden_{layer}.kernel_regularizer.l2"] = strengths["l2"]
            attributes[f"dropout_{layer}.rate"] = strengths["dropout"]
        rows = self._rows(seeds, data)
        return self.train(
            seeds, data, num_each=len(settings), own_rows=rows, attributes=attributes
        )

    def _rows(self, seeds: np.ndarray, data: Data) -> Data:
        """Return the rows of every setting of every seed `[S * settings, N, ...]`.

        The rows that are seen stand first; under jitter each repetition has noise of
        its own, and the first none.
        """
        settings = self.settings()
        x, y = repeated_rows(data, self.num_rows, data.num_rows)
        noise = np.stack([self._noise(int(seed), x.shape[1:]) for seed in seeds])
        amounts = [strength * (name == "jitter") for name, strength in settings]
        copies = np.repeat(np.arange(len(seeds)), len(settings))
        amount = np.tile(amounts, len(seeds))[:, None, None]
        jittered = (x[copies] + amount * noise[copies]).astype(np.float32)
        return replace(data.of_runs(copies), x=jittered, y=y[copies])

    def _noise(self, seed: int, shape: tuple[int, ...]) -> np.ndarray:
        rng = np.random.default_rng((STREAMS["data"], self.num_rows, seed))
        noise = rng.standard_normal(shape)
        noise[: self.num_rows] = 0.0
        return noise

    def read(self, trained: Trained) -> Arrays:
        """Return accuracies by technique, and what is chosen."""
        val, test = trained.curve("val_accuracy"), trained.curve("test_accuracy")
        plain = trained.last("accuracy")[:, 0]
        return {"accuracy_of_none": plain} | self.choose(val, test)

    def choose(self, val: np.ndarray, test: np.ndarray) -> Arrays:
        """Choose on the validation rows, and return accuracies on the test rows.

        `best_technique` `[S]` is the place of the best among `none` and `TECHNIQUES`,
        `best_setting` `[S]` that of its strength among `settings()`; the plain network
        may be stopped at `stopped_at` `[S]`.

        Args:
            val: Accuracies on validation rows `[S, settings, T]`.
            test: Those on test rows.
        """
        rows, still = np.arange(len(val)), np.zeros(len(val), np.intp)
        stop = val[:, 0].argmax(axis=1)
        # Technique to the place of its setting and of its record.
        places = {"none": (still, still - 1)}
        if not self.is_plain:
            places["stopping"] = (still, stop)
            names = [name for name, _ in self.settings()]
            for technique in TECHNIQUES[1:]:
                mine = np.flatnonzero([name == technique for name in names])
                places[technique] = mine[val[:, mine, -1].argmax(axis=1)], still - 1
        tested = {name: test[rows, *place] for name, place in places.items()}
        found: Arrays = {
            f"test_accuracy_of_{name}": each for name, each in tested.items()
        }
        if self.is_plain:
            return found
        best = np.stack([val[rows, *place] for place in places.values()]).argmax(axis=0)
        setting = np.stack([setting for setting, _ in places.values()])
        return found | {
            "test_accuracy_of_best": np.stack(list(tested.values()))[best, rows],
            "best_technique": best,
            "best_setting": setting[best, rows],
            "stopped_at": np.array(self.log_steps)[stop],
        }
