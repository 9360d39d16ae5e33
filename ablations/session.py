"""Bring claims up to date: train what is missing, judge, and keep the verdicts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, TextIO

from ablations.devices import choose_device, load_backend
from ablations.evidence import Evidence, NoRuns
from ablations.plan import Plan, make_plan
from ablations.progress import Progress
from ablations.registry import RegisteredClaim
from ablations.store import Store
from ablations.verdict import give_verdict


def plan_for(
    claims: Sequence[RegisteredClaim],
    preset: str,
    path: Path,
    num_seeds: int | None = None,
) -> Plan:
    """Return what is still to be done; a store that is not there is not made."""
    if not path.exists():
        return make_plan(claims, preset, NoRuns(), num_seeds)
    with Store.open(path, mode="read") as store:
        return make_plan(claims, preset, store, num_seeds)


def stored_verdicts(path: Path) -> list[dict[str, Any]]:
    """Return the verdict records that a store keeps, none where there is no store."""
    if not path.exists():
        return []
    with Store.open(path, mode="read") as store:
        return store.verdicts()


def runs_by_status(path: Path) -> dict[str, int]:
    """Count the runs in a store by what became of them."""
    if not path.exists():
        return {}
    with Store.open(path, mode="read") as store:
        return store.info()["runs"]


def bring_up_to_date(
    claims: Sequence[RegisteredClaim],
    preset: str,
    num_seeds: int | None,
    device: str,
    path: Path,
    stream: TextIO,
) -> list[dict[str, Any]]:
    """Train what claims still need, judge them, store and return the verdicts.

    Keras is imported only if there is something to train or a GPU was asked for.

    Args:
        claims: The claims.
        preset: How many seeds judge.
        num_seeds: Number of seeds in place of the preset's.
        device: `auto`, `cpu` or `gpu`.
        path: The store, made if it is not there.
        stream: Where progress is shown.

    Raises:
        ConfigError: If the device is not there or the store cannot be used.
    """
    # What is asked for is refused, if need be, before a store is made.
    choose_device(device)
    make_plan(claims, preset, NoRuns(), num_seeds)
    if device == "gpu":
        load_backend(device)
    with Store.open(path) as store:
        started = time.monotonic()
        trained = 0
        plan = make_plan(claims, preset, store, num_seeds)
        while plan.stacks or plan.measurements:
            load_backend(device)
            from ablations.runner import execute

            with closing(Progress(plan, stream)) as progress:
                execute(plan, store, progress)
            trained += plan.num_missing
            plan = make_plan(claims, preset, store, num_seeds)
        seconds = time.monotonic() - started
        stream.write(
            f"{plan.num_wanted:,} runs needed, {trained:,} trained in {seconds:.0f} s;"
            f" store {path}\n"
        )
        evidence = Evidence(store)
        records = [give_verdict(c, evidence, preset, num_seeds) for c in claims]
        store.put_verdicts(records)
    return records
