"""Explorers: controls that choose among stored results; nothing is interpolated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports.figures.source import Source


def make_explorers(chapter: str, sources: Mapping[str, Source]) -> tuple[Any, ...]:
    """Return a chapter's explorers that have states; there are none yet."""
    return ()
