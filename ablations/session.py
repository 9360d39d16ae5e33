"""Bring claims up to date: train what is missing, judge, and keep the verdicts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, TextIO

from ablations.devices import choose_device, load_backend
from ablations.evidence import Evidence, NoRuns
from ablations.plan import make_plan
from ablations.progress import Progress
from ablations.registry import RegisteredClaim
from ablations.store import Store
from ablations.verdict import give_verdict


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
