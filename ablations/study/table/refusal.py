"""How a file is named and refused that is no table."""

from __future__ import annotations

from models.config import ConfigError

FIELD = "data"
"""How messages name the file: the option and the argument are called so."""


def unreadable(what: str, source: str, error: Exception) -> ConfigError:
    """Return the error of a file that is not what it must be, with the reason."""
    reason = (str(error) or type(error).__name__).splitlines()[0][:150]
    return ConfigError(f"`{FIELD}` must be {what} ({reason}). Received: {source!r}.")
