"""Look up what a store holds; one that is not there holds nothing and is not made.

A link that leads nowhere is there: whoever made it meant a store.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ablations.evidence.evidence import NoRuns
from ablations.protocol.claim import RegisteredClaim
from ablations.running.plan import Plan, make_plan
from ablations.store.store import Store


def is_there(path: Path) -> bool:
    """Return whether there is anything in the place of a store."""
    try:
        os.lstat(path)
    except FileNotFoundError:
        return False
    except (OSError, ValueError):
        pass  # What is wrong is said when the store is opened.
    return True


def plan_for(
    claims: Sequence[RegisteredClaim],
    preset: str,
    path: Path,
    num_seeds: int | None = None,
    first_seed: int | None = None,
) -> Plan:
    """Return what is still to be done for claims.

    Raises:
        ConfigError: If the store has begun at another seed than `first_seed`.
    """
    if not is_there(path):
        return make_plan(claims, preset, NoRuns(first_seed or 0), num_seeds)
    with Store.open(path, mode="read") as store:
        if first_seed is not None:
            store.begin_at(first_seed)
        return make_plan(claims, preset, store, num_seeds)


def stored_verdicts(path: Path) -> list[dict[str, Any]]:
    """Return the verdict records that a store keeps, none where there is no store."""
    if not is_there(path):
        return []
    with Store.open(path, mode="read") as store:
        return store.verdicts()


def runs_by_status(path: Path) -> dict[str, int]:
    """Count the runs in a store by what became of them."""
    if not is_there(path):
        return {}
    with Store.open(path, mode="read") as store:
        return store.info()["runs"]
