"""Find every readout by its name."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from typing import Any

from ablations.experiments.readouts.trained_networks import ReadoutConfig
from ablations.protocol.network_runs import ArmConfig
from models.config import one_of, requirement


def _find_readouts() -> dict[str, type[ReadoutConfig]]:
    """Return the readouts that the modules of this folder define, by their kind."""
    found = {}
    for path in sorted(Path(__file__).parent.glob("[!_]*.py")):
        if path.stem != "table":
            module = importlib.import_module(f"{__package__}.{path.stem}")
            for _, member in inspect.getmembers(module, inspect.isclass):
                if issubclass(member, ReadoutConfig) and member is not ReadoutConfig:
                    found[member.model_fields["kind"].default] = member
    return found


READOUTS = _find_readouts()
"""Every readout by its name."""


def readout(name: str, networks: ArmConfig, **settings: Any) -> ReadoutConfig:
    """Return what is read from networks, as runs that an arm can have.

    Args:
        name: One of `READOUTS`.
        networks: Task, network and training.
        settings: The fields that the readout has by itself.

    Raises:
        ConfigError: If there is no such readout, or parts do not fit together.
    """
    if networks.engine != "stack":
        must = "must be 'stack' where networks are read"
        raise requirement("engine", must, networks.engine)
    return READOUTS[one_of("readout", name, READOUTS)](
        task=networks.task, model=networks.model, training=networks.training, **settings
    )
