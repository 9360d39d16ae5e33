"""Train on few rows by several techniques against overfitting, or on more rows plainly.

The rows that a run may see are repeated until all sizes have equally many, so that
sizes share a program and an update costs the same.
"""

from __future__ import annotations

from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator

from ablations.protocol.experiment import ExperimentConfig
from ablations.tasks import Task, TaskConfig, make_task
from ablations.tasks.data import Data
from ablations.training.config import OptimizerConfig, TrainingConfig
from models.config import (
    ActivationConfig,
    InitializerConfig,
    MLPConfig,
    Positive,
    PositiveInt,
    Rate,
    requirement,
)
from models.randomness import STREAMS

STACK_SIZE = 40

TECHNIQUES = ("stopping", "l2", "dropout", "jitter")
"""Techniques against overfitting; each is scored at its best strength."""


class SampleSizeConfig(ExperimentConfig):
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
        width: Units of each of two hidden layers.
        learning_rate: Adam's.
        batch_size: Rows of an update.
        log_steps: Numbers of updates at which training may be stopped; the last ends
            it.

    Raises:
        ConfigError: If the task has no classes or no test rows, or `num_rows` is no
            divisor of its rows.
    """

    seconds_per_run: ClassVar[float] = 0.5

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

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if not self.task.is_split or self.task.is_regression:
            must = "must have classes, validation rows and test rows"
            raise requirement("task", must, self.task.name)
        most = self.task.setting("num_train")
        if most % self.num_rows:
            must = f"must divide the number of rows of the task ({most})"
            raise requirement("num_rows", must, self.num_rows)
        return self

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return accuracies of the plain network, of each technique and of the best."""
        techniques = () if self.is_plain else (*TECHNIQUES, "best")
        tested = (f"test_accuracy_of_{name}" for name in ("none", *techniques))
        return ("accuracy_of_none", *tested)

    def recorded_steps(self) -> tuple[int, ...]:
        """Return the end of training."""
        return (self.log_steps[-1],)

    def count_updates(self, task: Task | None) -> int:
        """Return the number of updates of the longest training."""
        return self.log_steps[-1]

    def count_settings(self) -> int:
        """Return how many networks, stopped ones included, the best is chosen from."""
        return 1 if self.is_plain else len(self.log_steps) + len(self.settings()) - 1

    def get_loss(self) -> str:
        """Return what is minimized."""
        return "categorical_crossentropy"

    def stack_size(self) -> int:
        """Return as many seeds as fill a stack."""
        return STACK_SIZE // len(self.settings())

    def settings(self) -> list[tuple[str, float]]:
        """Return the techniques that are trained, with their strengths, plain first."""
        if self.is_plain:
            return [("none", 0.0)]
        return [
            ("none", 0.0),
            *(("l2", strength) for strength in self.l2),
            *(("dropout", strength) for strength in self.dropout),
            *(("jitter", strength) for strength in self.jitter),
        ]

    def model(self) -> MLPConfig:
        """Return the network, with the places where its strengths are set."""
        task = make_task(self.task)
        return MLPConfig(
            input_units=task.num_inputs,
            hidden_units=(self.width, self.width),
            activation=ActivationConfig(name="relu"),
            kernel_initializer=InitializerConfig(name="he_normal"),
            output_kernel_initializer=None,
            l2=1.0,
            dropout=0.5,
            output_units=task.num_outputs,
        )

    def training(self) -> TrainingConfig:
        """Return the training of every network."""
        return TrainingConfig(
            optimizer=OptimizerConfig(name="adam", learning_rate=self.learning_rate),
            loss="categorical_crossentropy",
            from_logits=True,
            batch_size=self.batch_size,
            num_steps=self.log_steps[-1],
            log_steps=self.log_steps,
            metrics=("accuracy", "val_accuracy", "test_accuracy"),
        )

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Train every setting, and choose on the validation rows.

        Returns:
            As `ExperimentConfig.run`, with `best_technique` `[S]`, the place of the
            best among `none` and `TECHNIQUES`, `best_setting` `[S]`, that of its
            strength among `settings()`, and `stopped_at` `[S]`.
        """
        from ablations.experiments.engines.stacks import train_in_stacks

        settings = self.settings()
        copies = np.repeat(np.arange(len(seeds)), len(settings))
        number = np.tile(np.arange(len(settings)), len(seeds))
        strengths = {
            name: np.array([v if k == name else 0.0 for k, v in settings])[number]
            for name in ("l2", "dropout")
        }
        attributes = {}
        for layer in (1, 2):
            attributes[f"hidden_{layer}.kernel_regularizer.l2"] = strengths["l2"]
            attributes[f"dropout_{layer}.rate"] = strengths["dropout"]
        result = train_in_stacks(
            self.model(),
            self.training(),
            seeds[copies],
            self._rows(seeds),
            size=STACK_SIZE,
            attributes=attributes,
        )
        shape = (len(seeds), len(settings), -1)
        curves = {name: c.reshape(shape) for name, c in result.curves.items()}
        found, chosen = self._chosen(curves)
        return {
            "steps": np.full((len(seeds), 1), self.log_steps[-1], np.int32),
            "curve.accuracy_of_none": curves["accuracy"][:, 0, -1:],
            **{
                f"curve.test_accuracy_of_{name}": values[:, None]
                for name, values in found.items()
            },
            **chosen,
            "diverged_at": result.diverged_at.reshape(shape[:2])[:, 0],
        }

    def _rows(self, seeds: np.ndarray) -> Data:
        """Return the rows of every setting of every seed `[S * settings, N, ...]`.

        The rows that are seen stand first; under jitter each repetition has noise of
        its own, and the first none.
        """
        data = make_task(self.task).rows(seeds)
        settings = self.settings()
        repeats = data.num_rows // self.num_rows
        x, y = (
            np.tile(each[:, : self.num_rows], (1, repeats, 1))
            for each in (data.x, data.y)
        )
        noise = np.stack([self._noise(int(seed), x.shape[1:]) for seed in seeds])
        amounts = [strength * (name == "jitter") for name, strength in settings]
        copies = np.repeat(np.arange(len(seeds)), len(settings))
        amount = np.tile(amounts, len(seeds))[:, None, None]
        return Data(
            (x[copies] + amount * noise[copies]).astype(np.float32),
            y[copies],
            *(
                np.asarray(part)[copies]
                for part in (data.x_val, data.y_val, data.x_test, data.y_test)
            ),
        )

    def _noise(self, seed: int, shape: tuple[int, ...]) -> np.ndarray:
        rng = np.random.default_rng((STREAMS["data"], self.num_rows, seed))
        noise = rng.standard_normal(shape)
        noise[: self.num_rows] = 0.0
        return noise

    def _chosen(
        self, curves: dict[str, np.ndarray]
    ) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
        """Return test accuracies by technique, and what was chosen, each `[S]`.

        Args:
            curves: Metrics `[S, settings, T]`.
        """
        val, test = curves["val_accuracy"], curves["test_accuracy"]
        rows, still = np.arange(len(val)), np.zeros(len(val), np.intp)
        stop = val[:, 0].argmax(axis=1)
        # Technique to the place of its setting and of its record.
        places = {"none": (still, still - 1), "stopping": (still, stop)}
        if self.is_plain:
            return {"none": test[:, 0, -1]}, {}
        names = [name for name, _ in self.settings()]
        for technique in TECHNIQUES[1:]:
            mine = np.flatnonzero([name == technique for name in names])
            places[technique] = mine[val[:, mine, -1].argmax(axis=1)], still - 1
        known = np.stack([val[rows, *place] for place in places.values()])
        found = {name: test[rows, *place] for name, place in places.items()}
        best = known.argmax(axis=0)
        found["best"] = np.stack(list(found.values()))[best, rows]
        setting = np.stack([setting for setting, _ in places.values()])
        return found, {
            "best_technique": best,
            "best_setting": setting[best, rows],
            "stopped_at": np.array(self.log_steps)[stop],
        }
