"""Change settings of an arm by their dotted paths, in nested plain data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ablations.protocol.network_runs import ArmConfig
from ablations.tasks import TaskConfig
from ablations.training.config import OptimizerConfig
from models.config import FrozenConfig, requirement


def given_fields(config: ArmConfig) -> dict[str, Any]:
    """Return a config as nested plain data without what is there by default.

    Then another optimizer or task does not inherit numbers that it does not read.
    """
    fields = config.model_dump(mode="json", exclude_defaults=True)
    fields["training"]["optimizer"] = _without_defaults(
        fields["training"]["optimizer"],
        OptimizerConfig(name=config.training.optimizer.name, learning_rate=0.0),
        {"name", "learning_rate"},
    )
    named = TaskConfig(name=config.task.name)
    fields["task"] = _without_defaults(fields["task"], named, {"name"})
    return fields


def _without_defaults(
    fields: Mapping[str, Any], default: FrozenConfig, kept: set[str]
) -> dict[str, Any]:
    usual = default.model_dump(mode="json")
    return {
        k: value for k, value in fields.items() if k in kept or usual.get(k) != value
    }


def with_values(fields: Mapping[str, Any], point: Mapping[str, Any]) -> dict[str, Any]:
    """Return nested fields with some values set by dotted path.

    A name or number in the way of a longer path stands for a table of that name:
    `model.activation.slope` makes `"leaky_relu"` to `{name = "leaky_relu"}`.

    Raises:
        ConfigError: If a path is empty.
    """
    changed: dict[str, Any] = json.loads(json.dumps(fields))
    for path, value in point.items():
        *outer, last = path.split(".")
        if not all((*outer, last)):
            raise requirement("grid", "must name settings by dotted paths", path)
        inside = changed
        for name in outer:
            below = inside.get(name)
            if not isinstance(below, dict):
                below = {} if below is None else {"name": below}
                inside[name] = below
            inside = below
        inside[last] = list(value) if isinstance(value, tuple) else value
    return changed


def judged(fields: dict[str, Any]) -> dict[str, Any]:
    """Let batch norm be judged with statistics of all training rows, unless told.

    `keras.Model.fit` knows moving averages only.
    """
    model, training = fields.get("model"), fields.get("training")
    if not (isinstance(model, dict) and isinstance(training, dict)):
        return fields
    if model.get("batch_norm") and fields.get("engine") != "fit":
        training.setdefault("batch_norm_statistics", "training_rows")
    return fields


def flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested tables as one, by dotted path.

    Quoted paths and nested tables mean the same in a TOML file.
    """
    found: dict[str, Any] = {}
    for name, value in table.items():
        path = f"{prefix}{name}"
        if isinstance(value, dict):
            found |= flat(value, f"{path}.")
        else:
            found[path] = value
    return found
