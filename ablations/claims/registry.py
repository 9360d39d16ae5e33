"""Find the claims by their place: `ablations/claims/<chapter>/<claim id>.py`.

What was published on their matter stands beside them in `known.toml`, one list of
results for each claim that has any, and its authors and places in `sources.toml`.
"""

from __future__ import annotations

import difflib
import importlib
import inspect
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import ablations.claims
from ablations.protocol.chapter import ChapterWords
from ablations.protocol.claim import Claim, RegisteredClaim
from ablations.protocol.known import KnownResult
from ablations.toml_file import read_toml
from models.config import ConfigError, one_of, requirement
from models.frozen import describe

KNOWN, SOURCES = "known.toml", "sources.toml"
"""Files of what was published: results of a chapter, and the sources of all."""


def _row_number(row: str) -> tuple[str, int]:
    section, _, number = row.rpartition("-")
    return section, int(number)


@lru_cache(maxsize=1)
def all_claims() -> dict[str, RegisteredClaim]:
    """Return every claim by id, ordered by the inventory row it answers."""
    (root,) = (Path(place) for place in ablations.claims.__path__)
    paths = sorted(root.glob(f"*/{KNOWN}"))
    sources = read_toml(root / SOURCES, SOURCES) if paths else {}
    known = {path.parent.name: read_known(path, sources) for path in paths}
    found = []
    for path in root.glob("*/*.py"):
        if path.stem == "__init__":
            continue
        chapter, name = path.parent.name, path.stem
        module = importlib.import_module(f"ablations.claims.{chapter}.{name}")
        claim = getattr(module, "CLAIM", None)
        if not isinstance(claim, Claim):
            raise ConfigError(
                f"`{path}` must define `CLAIM`, an ablations.protocol.claim.Claim."
            )
        mechanism = " ".join(inspect.cleandoc(module.__doc__ or "").split())
        beside = known.get(chapter, {}).pop(name, ())
        found.append(RegisteredClaim(name, chapter, mechanism, claim, beside))
    if strangers := [id_ for results in known.values() for id_ in results]:
        raise requirement(KNOWN, "must name claims of its folder", strangers)
    found.sort(key=lambda c: (c.chapter, _row_number(c.claim.rows[0])))
    return {claim.id: claim for claim in found}


def read_known(
    path: Path, sources: dict[str, Any]
) -> dict[str, tuple[KnownResult, ...]]:
    """Return what a file says was published, by claim.

    Args:
        path: A list of results for each claim; each names its `source`.
        sources: Authors, year and place of each source.

    Raises:
        ConfigError: If a result is not one, or its source is not known.
    """
    found = {}
    for claim, results in read_toml(path, path.name).items():
        try:
            found[claim] = tuple(
                KnownResult(**sources[one_of("source", source, sources)], **result)
                for source, result in ((r.pop("source", None), r) for r in results)
            )
        except ConfigError as error:
            raise ConfigError(f"`{path.name}`, {claim}: {error}") from None
    return found


def chapters() -> tuple[str, ...]:
    """Return the names of the chapters."""
    return tuple(dict.fromkeys(claim.chapter for claim in all_claims().values()))


def chapter_words(name: str) -> ChapterWords | None:
    """Return what a chapter's folder says of it, None where it says nothing."""
    if name not in chapters():
        return None
    module = importlib.import_module(f"ablations.claims.{name}")
    return getattr(module, "CHAPTER", None)


def select_claims(names: Sequence[str]) -> list[RegisteredClaim]:
    """Return the claims that ids, chapters or inventory rows name; all for none.

    Raises:
        ConfigError: If a name is none of these.
    """
    everything = all_claims()
    if not names:
        return list(everything.values())
    by_row = {row: c.id for c in everything.values() for row in c.claim.rows}
    chosen: dict[str, RegisteredClaim] = {}
    for name in names:
        if name in chapters():
            ids = [c.id for c in everything.values() if c.chapter == name]
        elif name in by_row:
            ids = [by_row[name]]
        else:
            ids = [_known(name, everything)]
        chosen |= {id_: everything[id_] for id_ in ids}
    return list(chosen.values())


def _known(name: str, everything: dict[str, RegisteredClaim]) -> str:
    """Return the id, or say where to look; a list of every claim would help nobody."""
    if name in everything:
        return name
    close = difflib.get_close_matches(name, (*everything, *chapters()), n=1, cutoff=0.4)
    guess = f" Did you mean {close[0]!r}?" if close else ""
    raise ConfigError(
        "`claim` must be a claim's id, a chapter or an inventory row; `ablations list`"
        f" shows them. Received: {describe(name)}.{guess}"
    )
