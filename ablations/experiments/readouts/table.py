"""Find every readout by its name."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from typing import Any

from ablations.experiments.readouts.trained_networks import ReadoutConfig
from models.config import one_of


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


def readout(name: str, **settings: Any) -> ReadoutConfig:
    """Return networks with what is read from them.

    Args:
        name: One of `READOUTS`.
        settings: `task`, `model` and `training`, and what the readout has by itself.

    Raises:
        ConfigError: If there is no such readout, or parts do not fit together.
    """
    return READOUTS[one_of("readout", name, READOUTS)](**settings)
