"""Take random units away from trained networks that fit their rows equally well.

A network is followed to the first record at which its loss on the training rows, all
units present, is at most a target, and is taken as it was then.
"""

from __future__ import annotations

from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator
from threadpoolctl import threadpool_limits

from ablations.protocol.experiment import ExperimentConfig
from ablations.tasks import Task, TaskConfig, make_task
from ablations.training.config import TrainingConfig
from models.config import MLPConfig, Positive, PositiveInt, requirement
from models.numpy_mlp import Networks, crossentropy, hidden_layers, softmax
from models.randomness import STREAMS, name_index

CHUNK_SIZE = 10
SMALLEST = 1e-4
"""Smallest loss added that is told apart, in nats; less, or a gain, counts as it, so
that no single network rules a mean of logarithms."""


class UnitAblationConfig(ExperimentConfig):
    """Describe networks that lose some units of one hidden layer, and what that costs.

    Units are set to zero, the others stay as they are. Every number is a mean over the
    hidden layers; that of lost units also over choices of units, which are the same for
    all networks of a seed.

    Args:
        task: The rows, classes, with test rows.
        model: The network, of two hidden ReLU layers of the same width.
        training: Its training; the last of `log_steps` is the longest one, and any of
            them may end it.
        target_loss: Loss on the training rows at which networks are taken.
        lost: Numbers of units that are set to zero.
        num_choices: Choices of units.

    Raises:
        ConfigError: If the task or the network is another one, or more units are lost
            than there are.
    """

    chunk_size: ClassVar[int] = CHUNK_SIZE
    seconds_per_run: ClassVar[float] = 0.3

    kind: Literal["unit_ablation"] = "unit_ablation"
    task: TaskConfig
    model: MLPConfig
    training: TrainingConfig
    target_loss: Positive
    lost: tuple[PositiveInt, ...] = (1, 8, 16, 32)
    num_choices: PositiveInt = 32

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if not self.task.is_split or self.task.is_regression:
            must = "must have classes and test rows"
            raise requirement("task", must, self.task.name)
        widths = self.model.hidden_units
        if len(widths) != 2 or len(set(widths)) != 1:
            raise requirement("hidden_units", "must be two equal layers", widths)
        if max(self.lost) > widths[0]:
            must = f"must be at most the number of units ({widths[0]})"
            raise requirement("lost", must, self.lost)
        if not self.training.log_steps or not self.training.from_logits:
            must = "must have `log_steps`, and read logits"
            raise requirement("training", must, self.training.log_steps)
        Networks(self.model, ())
        return self

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return the losses, what lost units add to them, and the correlation."""
        added = (f"log10_added_loss_{k}" for k in self.lost)
        return ("loss", "test_accuracy", "unit_correlation", *added)

    def recorded_steps(self) -> tuple[int, ...]:
        """Return the longest training; the networks are taken within it."""
        return (self.training.log_steps[-1],)

    def count_updates(self, task: Task | None) -> int:
        """Return the number of updates of the longest training."""
        return self.training.log_steps[-1]

    def get_loss(self) -> str:
        """Return what is minimized."""
        return self.training.loss

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Train until the target is reached, and take units away.

        Returns:
            As `ExperimentConfig.run`. `loss` on the training rows and `test_accuracy`
            are those with all units; `log10_added_loss_<k>` is the logarithm of the
            loss without k units minus that with all; `unit_correlation` is the mean
            size of the correlation over test rows of two units of a layer, of those
            that vary. `taken_at` `[S]` is the number of updates; a network that does
            not reach the target is taken at the end.
        """
        from ablations.training.train import train_stack

        data = make_task(self.task).rows(seeds)
        longest = self.training.log_steps[-1]
        training = self.training.replace(num_steps=longest, metrics=("loss",))
        pad_to = CHUNK_SIZE + 1
        whole = train_stack(self.model, training, seeds, data, pad_to=pad_to)
        reached = whole.curves["loss"] <= self.target_loss
        first = np.where(reached.any(axis=1), reached.argmax(axis=1), -1)
        taken_at = np.asarray(whole.log_steps)[first]
        # The same seeds take the same path again, and end where they are told. One more
        # run goes on to the end, so that the program is the same too.
        company = np.append(np.arange(len(seeds)), 0)
        result = train_stack(
            self.model,
            [training.replace(num_steps=int(k)) for k in (*taken_at, longest)],
            seeds[company],
            data.of_runs(company),
            pad_to=pad_to,
        ).first(len(seeds))
        rows = data.arrays()
        found = [
            self._measured(
                int(seed),
                [weight[run] for weight in result.weights],
                {name: array[run] for name, array in rows.items()},
            )
            for run, seed in enumerate(seeds)
        ]
        return {
            "steps": np.full((len(seeds), 1), longest, np.int32),
            **{
                f"curve.{name}": np.array([each[name] for each in found])[:, None]
                for name in self.recorded_metrics()
            },
            "taken_at": taken_at.astype(np.int32),
            "diverged_at": result.diverged_at,
        }

    @threadpool_limits.wrap(limits=1, user_api="blas")
    def _measured(
        self, seed: int, weights: list[np.ndarray], rows: dict[str, np.ndarray]
    ) -> dict[str, float]:
        """Return all metrics of one network."""
        x, y = rows["x"], rows["y"]
        one = [weight[None] for weight in weights]
        signals = [layer[0] for layer in hidden_layers(self.model, one, x)]
        loss = mean_loss(outputs_from(weights, 1, signals[1]), y)
        found = {"loss": loss}
        choices = unit_choices(seed, signals[0].shape[1], self.num_choices, self.lost)
        for k, chosen in choices.items():
            losses = [
                mean_loss(outputs_from(weights, layer, without(signal, units)), y)
                for layer, signal in enumerate(signals)
                for units in chosen
            ]
            added = max(float(np.mean(losses)) - loss, SMALLEST)
            found[f"log10_added_loss_{k}"] = float(np.log10(added))
        unseen = [layer[0] for layer in hidden_layers(self.model, one, rows["x_test"])]
        answers = outputs_from(weights, 1, unseen[1]).argmax(axis=1)
        right = answers == rows["y_test"].argmax(axis=1)
        found["test_accuracy"] = float(right.mean())
        pairs = [mean_correlation(signal) for signal in unseen]
        found["unit_correlation"] = float(np.mean(pairs))
        return found


def mean_loss(outputs: np.ndarray, y: np.ndarray) -> float:
    """Return the mean cross-entropy of logits `[N, K]`, in nats."""
    return float(crossentropy(softmax(outputs), y))


def unit_choices(
    seed: int, num_units: int, num_choices: int, lost: tuple[int, ...]
) -> dict[int, list[np.ndarray]]:
    """Return places of units by their number; fewer are the first of more."""
    rng = np.random.default_rng((STREAMS["data"], name_index("lost units"), seed))
    orders = [rng.permutation(num_units) for _ in range(num_choices)]
    return {k: [order[:k] for order in orders] for k in lost}


def without(signals: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Return activations `[N, H]` with some units set to zero."""
    kept = np.ones(signals.shape[1])
    kept[units] = 0.0
    return signals * kept


def outputs_from(
    weights: list[np.ndarray], layer: int, signals: np.ndarray
) -> np.ndarray:
    """Return the outputs `[N, K]` that follow from the activations of a hidden layer.

    Args:
        weights: Of two hidden ReLU layers and the output, kernels and biases.
        layer: 0 for the first hidden layer, 1 for the second.
        signals: Its activations `[N, H]`.
    """
    *_, kernel_2, bias_2, kernel_3, bias_3 = weights
    if layer == 0:
        signals = np.maximum(signals @ kernel_2 + bias_2, 0.0)
    return signals @ kernel_3 + bias_3


def mean_correlation(signals: np.ndarray) -> float:
    """Return the mean size of the correlation of two units that vary.

    It is 0 where fewer than two do.

    Args:
        signals: Activations `[N, H]`.
    """
    alive = signals[:, signals.std(axis=0) > 0.0]
    count = alive.shape[1]
    if count < 2:
        return 0.0
    sizes = np.abs(np.corrcoef(alive, rowvar=False))
    return float((sizes.sum() - count) / (count * (count - 1)))
