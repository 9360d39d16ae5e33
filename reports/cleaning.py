"""Take out of texts what cannot be shown, or would not stay text."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any

UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
LINE_BREAKS = re.compile("[\t\n\r\u2028\u2029]+")


def clean(value: Any) -> Any:
    """Return data whose texts hold only what can be shown.

    Control characters, surrogates and marks that turn the direction of the text around
    become the replacement character; line breaks inside rules stay as newlines.
    """
    if isinstance(value, str):
        text = UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", value)
        return LINE_BREAKS.sub(lambda run: "\n" if "\n" in run[0] else " ", text)
    if isinstance(value, dict):
        return {clean(name): clean(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(clean(entry) for entry in value)
    if is_dataclass(value) and not isinstance(value, type):
        changes = {f.name: clean(getattr(value, f.name)) for f in fields(value)}
        return replace(value, **changes)
    return value
