"""A remark about the user's data that the report must show."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Note:
    """Something found in the data, or done about it.

    Attributes:
        code: What it is about, in snake case (`constant_columns`, `leak`).
        severity: "info" for what was repaired or is good to know, "warning" for what
            may make the results wrong.
        text: One or two sentences; names of columns and values are quoted as Python
            writes text, so that nothing in them can act.
    """

    code: str
    severity: Literal["info", "warning"]
    text: str


MAX_NAMES = 8
MAX_CHARACTERS = 60


def quote(value: object) -> str:
    """Return a name or value in quotes, cut when it is long."""
    text = str(value)
    if len(text) > MAX_CHARACTERS:
        text = text[: MAX_CHARACTERS - 3] + "..."
    return repr(text)


def quote_all(values: "list[str] | tuple[str, ...]") -> str:
    """Return names in quotes, separated by commas, and how many more there are."""
    shown = ", ".join(quote(value) for value in values[:MAX_NAMES])
    more = len(values) - MAX_NAMES
    return f"{shown} and {more} more" if more > 0 else shown
