"""Set networks trained with dropout beside their own sub-networks and beside ensembles.

A *sub-network* is what a mask leaves of a network; what is kept is scaled as in
training.
An *ensemble* averages the probabilities of networks that train apart without dropout,
on the same rows, with weights and batches of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator
from threadpoolctl import threadpool_limits

from ablations.experiments.ensemble import member_seeds
from ablations.experiments.trained_networks import TrainedNetworksConfig
from ablations.tasks import TaskConfig, make_task
from ablations.tasks.data import Data
from ablations.training.config import TrainingConfig
from models.config import Fraction, MLPConfig, PositiveInt, requirement
from models.numpy_mlp import Networks, crossentropy, right_share, softmax
from models.randomness import STREAMS, name_index

STACK_SIZE = 64
"""Ten seeds of five members and one network more."""


class DropoutEnsembleConfig(TrainedNetworksConfig):
    """Describe a network per dropout rate, an ensemble, and one network outside it.

    Args:
        task: The rows, classes, with test rows.
        model: The network without dropout, of two hidden ReLU layers.
        training: The training of every network.
        rates: Shares of hidden units dropped, a network for each.
        sizes: Numbers of networks that are averaged.
        num_masks: Sub-networks that are averaged.

    Raises:
        ConfigError: If the task has no classes or no test rows, or the network is
            another one.
    """

    chunk_size: ClassVar[int] = 10
    seconds_per_run: ClassVar[float] = 0.9

    kind: Literal["dropout_ensemble"] = "dropout_ensemble"
    task: TaskConfig
    model: MLPConfig
    training: TrainingConfig
    rates: tuple[Fraction, ...] = (0.5, 0.2)
    sizes: tuple[PositiveInt, ...] = (5,)
    num_masks: PositiveInt = 500

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if not self.task.is_split or self.task.is_regression:
            must = "must have classes and test rows"
            raise requirement("task", must, self.task.name)
        if len(self.model.hidden_units) != 2 or any(self.model.per_layer("dropout")):
            must = "must be two layers, without dropout"
            raise requirement("hidden_units", must, self.model.hidden_units)
        if self.training.num_steps is None or not self.training.from_logits:
            must = "must count updates, and read logits"
            raise requirement("training", must, self.training.num_steps)
        Networks(self.model, ())
        return self

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return accuracies, losses and shares of equal answers, all on test rows."""
        answerers = ["one", *(f"ensemble_{k}" for k in self.sizes)]
        for rate in self.rates:
            answerers += [f"scaled_{percent(rate)}", f"masks_{percent(rate)}"]
        scores = [f"test_{m}_{a}" for a in answerers for m in ("accuracy", "loss")]
        alike = [
            name
            for rate in self.rates
            for name in (f"as_masks_{percent(rate)}", f"as_ensemble_{percent(rate)}")
        ]
        return (*scores, "as_ensemble_one", *alike)

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Train all networks, and compare what they answer to test rows.

        Returns:
            As `ExperimentConfig.run`. Accuracy and loss of the network outside the
            ensemble (`one`), of ensembles, and for each rate in percent of the whole
            network as in use (`scaled`) and of the mean of its sub-networks
            (`masks`). `as_masks` is the share of rows to which both give the same
            answer, `as_ensemble` the share of rows answered as the largest ensemble
            does. The network outside the ensemble and those with dropout start from
            the same weights.
        """
        data = make_task(self.task).rows(seeds)
        x, y = np.asarray(data.x_test), np.asarray(data.y_test)
        largest = max(self.sizes)
        own = np.column_stack([seeds, member_seeds(seeds, largest)])
        plain, ended = self._train(own, data)
        p_plain = softmax(plain.logits(np.repeat(x, largest + 1, axis=0)))
        p_plain = p_plain.reshape(len(seeds), largest + 1, *y.shape[1:])
        answers = {"one": p_plain[:, 0]}
        for k in self.sizes:
            answers[f"ensemble_{k}"] = p_plain[:, 1 : k + 1].mean(axis=1)
        diverged = [ended]
        together = np.repeat(seeds[:, None], len(self.rates), axis=1)
        dropped, ended = self._train(together, data, self.rates)
        diverged.append(ended)
        p_scaled = softmax(dropped.logits(np.repeat(x, len(self.rates), axis=0)))
        p_scaled = p_scaled.reshape(len(seeds), len(self.rates), *y.shape[1:])
        for place, rate in enumerate(self.rates):
            answers[f"scaled_{percent(rate)}"] = p_scaled[:, place]
            answers[f"masks_{percent(rate)}"] = np.stack(
                [
                    mean_over_masks(
                        [w[run * len(self.rates) + place] for w in dropped.weights],
                        x[run],
                        unit_masks(int(seed), rate, self.num_masks, self.model),
                    )
                    for run, seed in enumerate(seeds)
                ]
            )
        curves = {}
        for name, p in answers.items():
            curves[f"test_accuracy_{name}"] = right_share(p, y)
            curves[f"test_loss_{name}"] = crossentropy(p, y)
        told = {name: p.argmax(axis=-1) for name, p in answers.items()}
        ensemble = told[f"ensemble_{largest}"]
        curves["as_ensemble_one"] = (told["one"] == ensemble).mean(axis=1)
        for dropped_share in map(percent, self.rates):
            scaled = told[f"scaled_{dropped_share}"]
            masks = told[f"masks_{dropped_share}"]
            curves[f"as_masks_{dropped_share}"] = (scaled == masks).mean(axis=1)
            curves[f"as_ensemble_{dropped_share}"] = (scaled == ensemble).mean(axis=1)
        return {
            "steps": np.full((len(seeds), 1), self.recorded_steps()[0], np.int32),
            **{f"curve.{n}": curves[n][:, None] for n in self.recorded_metrics()},
            "diverged_at": np.concatenate(diverged, axis=1).max(axis=1),
        }

    def _train(
        self, own: np.ndarray, data: Data, rates: tuple[float, ...] = ()
    ) -> tuple[Networks, np.ndarray]:
        """Train a network per entry of `own` `[S, M]` on the rows of its seed.

        Args:
            own: Seeds of the networks.
            data: Rows of the seeds.
            rates: Share of units that each of the M networks drops, none for none.

        Returns:
            The networks, seed by seed, and where they diverged `[S, M]`.
        """
        from ablations.experiments.engines.stacks import train_in_stacks

        copies = np.repeat(np.arange(len(own)), own.shape[1])
        result = train_in_stacks(
            self.model.replace(dropout=0.5 if rates else 0.0),
            self.training.replace(log_steps=()),
            own.ravel(),
            data.of_runs(copies),
            size=STACK_SIZE,
            attributes={
                f"dropout_{k}.rate": np.tile(rates, len(own)) for k in (1, 2) if rates
            },
        )
        networks = Networks(self.model, result.weights)
        return networks, result.diverged_at.reshape(own.shape)


def percent(rate: float) -> str:
    """Return a share as the names of metrics have it, in percent."""
    return f"{100 * rate:g}"


def unit_masks(
    seed: int, rate: float, num_masks: int, model: MLPConfig
) -> Iterator[list[np.ndarray]]:
    """Yield masks of hidden layers, each 0 or 1 / (1 - rate) per unit `[H]`.

    A mask is one for all rows: it stands for one sub-network.
    """
    rng = np.random.default_rng((STREAMS["dropout"], name_index("masks"), seed))
    for _ in range(num_masks):
        yield [
            (rng.random(units) >= rate).astype(np.float32) / np.float32(1.0 - rate)
            for units in model.hidden_units
        ]


@threadpool_limits.wrap(limits=1, user_api="blas")
def mean_over_masks(
    weights: list[np.ndarray], x: np.ndarray, masks: Iterator[list[np.ndarray]]
) -> np.ndarray:
    """Return the mean probabilities `[N, K]` of the sub-networks of a network.

    The products are too small for two threads.

    Args:
        weights: Of two hidden ReLU layers and the output, kernels and biases.
        x: Inputs `[N, D]`.
        masks: A factor per unit of both layers, for each sub-network.
    """
    kernel_1, bias_1, kernel_2, bias_2, kernel_3, bias_3 = weights
    first = np.maximum(x @ kernel_1 + bias_1, 0.0)
    total, count = np.zeros((len(x), kernel_3.shape[1])), 0
    for mask_1, mask_2 in masks:
        second = np.maximum(first @ (mask_1[:, None] * kernel_2) + bias_2, 0.0)
        total += softmax(second @ (mask_2[:, None] * kernel_3) + bias_3)
        count += 1
    return total / count
