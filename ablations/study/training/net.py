"""Describe the runs of one recipe at one learning rate, as the planner wants them."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Hashable
from typing import Any

import pydantic

from ablations.protocol.network_runs import ENGINE_VERSION, STACK_BYTES
from ablations.protocol.run_config import RunConfig
from ablations.running.own_code import blamed
from ablations.study.settings.recipe import (
    ALMOST_NO_DECAY,
    SHARED_PARTS,
    Net,
    Recipe,
    layer_numbers,
    with_parts,
)
from ablations.study.table.preprocessing import Preparation
from ablations.study.table.splits import Splits
from ablations.training.config import OutputsConfig, TrainingConfig
from models.config import ConfigError, MLPConfig

STUDY_VERSION = 2
"""Number in every run's key; it grows when the same recipe trains otherwise."""

SMALLEST_STACK, LARGEST_STACK = 2, 64
"""Runs of a stack: large ones fill the cache, and are compiled no faster."""

ROWS_BYTES = 64 * 2**20
"""Memory for the rows of a stack, and for what a layer makes of them; two train."""

SECONDS_TO_COMPILE = 4.5
SECONDS_PER_UPDATE = 1e-4
SECONDS_PER_WEIGHT = 8e-9
"""What a stack took on one core, for guesses of the time: an update of the stack, and
an update of a weight of each run."""

METRICS = {
    "classification": ("accuracy", "balanced_accuracy", "crossentropy"),
    "regression": ("squared_error",),
}
"""Metrics by task, recorded on validation and test rows after every epoch."""

MONITORED = {"classification": "crossentropy", "regression": "squared_error"}
"""What rates are chosen by, and early stopping watches, on validation rows."""

Factory = Callable[[Net], Any]


class NetConfig(RunConfig):
    """Describe networks of one recipe that train on the splits of a study.

    Attributes:
        recipe: What they are made of.
        learning_rate: The rate before any schedule.
        epochs: Passes over the training rows.
        splits: The rows, by seed, as the plain recipe has them.
        build: A factory of the user's, None for our own network.
        patiences: Those of all arms that share these runs; what the runs say with the
            weights that each of them keeps is stored. None for runs that only tune.
        num_kept: Patiences that the program has room for.
        parts: What the program has a part of, though the recipe may do without.
    """

    model_config = pydantic.ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True
    )

    recipe: Recipe
    learning_rate: float
    epochs: int
    splits: Splits = pydantic.Field(exclude=True)
    build: Any = pydantic.Field(default=None, exclude=True)
    patiences: tuple[int, ...] = ()
    num_kept: int = 1
    parts: tuple[str, ...] = SHARED_PARTS
    engine: str = "stack"

    @property
    def kind(self) -> str:
        """Task of the data."""
        return self.splits.dataset.task

    @property
    def rows(self) -> Splits:
        """The rows as the recipe prepares them."""
        recipe = self.recipe
        return self.splits.variant(
            Preparation(recipe.scaling, recipe.target_transform, recipe.class_weight)
        )

    @property
    def model(self) -> MLPConfig:
        """Network of the recipe."""
        return self.recipe.model(self.splits.num_inputs, self.splits.num_outputs)

    @property
    def plain_training(self) -> TrainingConfig:
        """Training as the recipe says."""
        metrics = METRICS[self.kind]
        training = self.recipe.training(
            self.learning_rate,
            self.splits.num_rows,
            self.epochs,
            metrics=(
                "loss",
                *(f"{rows}_{name}" for rows in ("val", "test") for name in metrics),
            ),
        )
        if self.build is None:
            return training
        is_normed = has_batch_norm(self.factory())
        statistics = "training_rows" if is_normed else "moving"
        return training.replace(batch_norm_statistics=statistics)

    @property
    def training(self) -> TrainingConfig:
        """Training of the program.

        It chooses weights to keep in any case: runs that tune and runs that are judged
        train in one program.
        """
        plain = self.plain_training
        almost_none = ALMOST_NO_DECAY if "weight_decay" in self.parts else 0.0
        decay = plain.optimizer.weight_decay or almost_none
        unused = (0,) * (self.num_kept - len(self.patiences))
        return plain.replace(
            optimizer=plain.optimizer.replace(weight_decay=decay),
            outputs=OutputsConfig(
                monitor=f"val_{MONITORED[self.kind]}",
                patience=self.patiences + unused,
            ),
        )

    def outputs_stored(self) -> dict[str, int]:
        """Return which of the outputs of a training are stored: patience to place."""
        return {str(patience): place for place, patience in enumerate(self.patiences)}

    def tuning(self) -> NetConfig:
        """Return the runs that only choose a rate, of which no outputs are stored."""
        return self.replace(patiences=())

    def specification(self) -> dict[str, Any]:
        """Return the plain data that a run's key is the digest of."""
        stored = {"patiences": list(self.patiences)} if self.patiences else {}
        return {
            **stored,
            "study_version": STUDY_VERSION,
            "engine_version": ENGINE_VERSION,
            "data": self.rows.digest,
            "training": self.plain_training.model_dump(mode="json"),
            "model": self.model.model_dump(mode="json")
            if self.build is None
            else {"factory": digest_of_model(self.factory())},
        }

    def structure(self) -> Hashable:
        """Return what two configs must share to train in one stack.

        How their rows are prepared is not part of it: every run has its own.
        """
        return (
            self.splits.digest,
            self.network().structure()
            if self.build is None
            else digest_of_model(self.factory()),
            self.training.structure(),
            self.training.total_steps(self.splits.num_rows),
        )

    def network(self) -> MLPConfig:
        """Return the network of the program that trains the runs."""
        return with_parts(self.model, self.parts)

    def layer_numbers(self) -> dict[str, float]:
        """Return the strength of every part of the program's network."""
        return {} if self.build else layer_numbers(self.model, self.parts)

    def is_own(self) -> bool:
        """Return whether a factory of the user's builds the model."""
        return self.build is not None

    def factory(self) -> Callable[[], Any] | None:
        """Return the function that builds the user's model for this recipe."""
        if self.build is None:
            return None
        sizes = (self.splits.num_inputs, self.splits.num_outputs, self.kind)
        # What belongs to training makes no other model.
        same = {
            "schedule": "constant",
            "weight_decay": 0.0,
            "early_stopping": 0,
            "ensemble": 1,
            "class_weight": "none",
            "target_transform": "none",
            "scaling": "standard",
        }
        return _bound(self.build, Net.of(self.recipe.replace(**same), *sizes))

    def get_rows(self) -> Splits:
        """Return the rows that the runs train on."""
        return self.rows

    def summary(self) -> str:
        """Describe the runs in one line."""
        settings = ", ".join(f"{k} {v}" for k, v in self.recipe.settings().items())
        return f"{settings}, learning rate {self.learning_rate:g}"

    def title(self) -> str:
        """Return a few words for people who watch."""
        recipe = self.recipe
        if self.build is not None:
            return f"own model, {recipe.optimizer}"
        hidden = "-".join(map(str, self.model.hidden_units)) or "linear"
        parts = [hidden, recipe.activation, recipe.optimizer]
        if recipe.batch_norm != "none":
            parts.append(f"batch norm {recipe.batch_norm}")
        if recipe.skip != "none":
            parts.append("skip connections")
        return " ".join(parts)

    def stack_size(self) -> int:
        """Return how many runs make a stack, at most."""
        rows, model = self.splits, self.model
        batch = min(self.recipe.batch_size, rows.num_rows)
        total, _ = model.parameter_count()
        widths = (model.input_units, *model.hidden_units)
        in_cache = 4 * (5 * total + 3 * batch * sum(widths))
        in_memory = rows.num_bytes + 4 * 2 * rows.most_rows * max(widths)
        fitting = min(STACK_BYTES // 4 // in_cache, ROWS_BYTES // in_memory)
        return min(max(fitting, SMALLEST_STACK), LARGEST_STACK)

    def guess_seconds(self, num_runs: int) -> float:
        """Return about how long a stack takes on one core, once compiled."""
        total, _ = self.model.parameter_count()
        batch = min(self.recipe.batch_size, self.splits.num_rows)
        per_run = SECONDS_PER_WEIGHT * (total + 200) * max(batch, 8) / 32
        updates = self.training.total_steps(self.splits.num_rows)
        return updates * (SECONDS_PER_UPDATE + per_run * num_runs)

    def seconds_to_compile(self) -> float:
        """Return about how long any program of a study takes to compile."""
        return SECONDS_TO_COMPILE

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return the metrics whose curves are stored."""
        return self.training.metrics

    def recorded_steps(self) -> tuple[int, ...]:
        """Return the numbers of updates at which something is recorded."""
        return self.training.log_steps

    def get_learning_rate(self) -> float:
        """Return the rate before any schedule."""
        return self.learning_rate

    def with_learning_rate(self, rate: float) -> NetConfig:
        """Return the same networks at another learning rate."""
        return self.replace(learning_rate=rate)


@functools.lru_cache(maxsize=1024)
def _bound(build: Factory, net: Net) -> Callable[[], Any]:
    """Return one function object per factory and recipe, as programs are kept by it."""
    return functools.partial(_build, build, net)


def _build(build: Factory, net: Net) -> Any:
    """Call a factory of the user's.

    Raises:
        ConfigError: If it fails; says for which levels.
    """
    plain, options = Recipe().settings(), dict(net.options)
    levels = {k: v for k, v in net.settings().items() if plain.get(k, v) != v} | options
    shown = ", ".join(f"{name} {level}" for name, level in levels.items())
    with blamed(f"`build` failed for {shown or 'the plain levels'}"):
        return build(net)


@functools.lru_cache(maxsize=1024)
def has_batch_norm(build: Callable[[], Any]) -> bool:
    """Return whether a factory builds a model with batch norm, however deep inside."""
    from ablations.training.batch_norm import batch_norms
    from ablations.training.stacked_model import all_layers

    return bool(batch_norms(all_layers(built_model(build))))


@functools.lru_cache(maxsize=1024)
def digest_of_model(build: Callable[[], Any]) -> str:
    """Return the SHA-256 of what a factory builds, layer by layer.

    Raises:
        ConfigError: If it builds no Keras model.
    """
    model = built_model(build)
    layers = [
        (type(layer).__module__, type(layer).__name__, _plain(layer.get_config()))
        for layer in model.layers
    ]
    shapes = [(w.path.rpartition("/")[2], tuple(w.shape)) for w in model.weights]
    return hashlib.sha256(repr((layers, shapes)).encode()).hexdigest()


def built_model(build: Callable[[], Any]) -> Any:
    """Return the Keras model that a factory builds.

    Raises:
        ConfigError: If it builds no Keras model.
    """
    import keras

    model = build()
    if not isinstance(model, keras.Model):
        raise ConfigError(
            f"`build` must return a keras.Model. Received: {type(model).__name__}."
        )
    return model


def _plain(config: dict[str, Any]) -> list[tuple[str, str]]:
    """Return a layer's settings without its name, which counts up."""
    return sorted((k, repr(v)) for k, v in config.items() if k != "name")
