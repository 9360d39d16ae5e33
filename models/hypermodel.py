"""Multi-layer perceptrons for KerasTuner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import keras_tuner

from models.config import MLPConfig, one_of, requirement
from models.mlp import build_mlp
from models.search_space import SearchSpace, configure

OPTIMIZERS: dict[str, Callable[[float], keras.optimizers.Optimizer]] = {
    "sgd": keras.optimizers.SGD,
    "momentum": lambda rate: keras.optimizers.SGD(rate, momentum=0.9),
    "nesterov": lambda rate: keras.optimizers.SGD(rate, momentum=0.9, nesterov=True),
    "adagrad": keras.optimizers.Adagrad,
    "adadelta": keras.optimizers.Adadelta,
    "rmsprop": keras.optimizers.RMSprop,
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
    "nadam": keras.optimizers.Nadam,
    "adamax": keras.optimizers.Adamax,
    "lion": keras.optimizers.Lion,
    "muon": keras.optimizers.Muon,
}
"""The optimizers of `models.search_space.OPTIMIZERS` at a learning rate."""

LOSSES = {
    "classification": "categorical_crossentropy",
    "regression": "mse",
}
"""Loss by task; classes are one column each, one of them 1."""


class MLPHyperModel(keras_tuner.HyperModel):
    """Build, compile and fit the perceptrons of a search space.

    Works in every tuner of KerasTuner. `build` declares the hyperparameters of the
    space and `fit` adds the batch size, unless the call names one.

    Examples:
        >>> model = MLPHyperModel.of("classification", num_inputs=4, num_outputs=3)
        >>> tuner = keras_tuner.RandomSearch(model, objective="val_loss")
        >>> tuner.search(x, y, epochs=10, validation_data=(x_val, y_val))

    Args:
        base: The network but for what is searched: inputs, outputs, what else is on.
        space: What may be chosen.
        loss: Loss that the models are compiled with.
        metrics: Metrics that the models are compiled with.
        seed: First weights and masks of every model; None leaves them to Keras.
        name: Name of the hypermodel.
        tunable: As in `keras_tuner.HyperModel`.

    References:
        O'Malley et al. (2019), KerasTuner. https://keras.io/keras_tuner
    """

    def __init__(
        self,
        base: MLPConfig,
        space: SearchSpace | None = None,
        *,
        loss: str = "mse",
        metrics: tuple[str, ...] = (),
        seed: int | None = None,
        name: str | None = None,
        tunable: bool = True,
    ) -> None:
        """Keep the settings; see the class."""
        super().__init__(name=name, tunable=tunable)
        self.base, self.space = base, space or SearchSpace()
        self.loss, self.metrics, self.seed = loss, tuple(metrics), seed

    @classmethod
    def of(
        cls,
        task: str,
        num_inputs: int,
        num_outputs: int,
        space: SearchSpace | None = None,
        seed: int | None = None,
    ) -> MLPHyperModel:
        """Return the hypermodel of a task.

        Args:
            task: "classification" (softmax, cross-entropy, accuracy; targets are one
                column per class) or "regression" (linear, mean squared error).
            num_inputs: Number of input columns.
            num_outputs: Number of classes or of targets.
            space: What may be chosen.
            seed: As in the class.

        Raises:
            ConfigError: If there is no such task, or a single class.
        """
        classifies = one_of("task", task, LOSSES) == "classification"
        if classifies and num_outputs < 2:
            must = "must be at least 2 for a classification"
            raise requirement("num_outputs", must, num_outputs)
        base = MLPConfig(
            input_units=num_inputs,
            hidden_units=(),
            output_units=num_outputs,
            output_activation="softmax" if classifies else "linear",
        )
        metrics = ("accuracy",) if classifies else ()
        return cls(base, space, loss=LOSSES[task], metrics=metrics, seed=seed)

    def config(self, hp: keras_tuner.HyperParameters) -> MLPConfig:
        """Return the network that a trial's values choose."""
        return configure(self.base, self.space.declare(hp))

    def build(self, hp: keras_tuner.HyperParameters) -> keras.Model:
        """Return the compiled model that a trial's values choose."""
        values = self.space.declare(hp)
        model = build_mlp(configure(self.base, values), self.seed, stackable=True)
        model.compile(
            optimizer=OPTIMIZERS[values["optimizer"]](values["learning_rate"]),
            loss=self.loss,
            metrics=list(self.metrics),
        )
        # So that a checkpoint brings the state of the optimizer back, too.
        model.optimizer.build(model.trainable_variables)
        return model

    def fit(
        self,
        hp: keras_tuner.HyperParameters,
        model: keras.Model,
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        """Fit the model with the trial's batch size and return the history."""
        kwargs.setdefault("batch_size", self.space.declare(hp)["batch_size"])
        return model.fit(*args, **kwargs)
