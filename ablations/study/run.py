"""Run a study from its settings to its result."""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from ablations.store.store import Store
from ablations.study.findings.frames import analyze
from ablations.study.findings.result import StudyResult
from ablations.study.settings.config import StudyConfig
from ablations.study.training.baselines import (
    DUMMY,
    outputs_of,
    stored_baselines,
    train_baselines,
    wanted_baselines,
)
from ablations.study.training.runs import (
    choose_rates,
    train_chosen,
    train_rates,
)
from ablations.study.training.scoring import (
    read_judged,
)
from ablations.study.training.setup import (
    Setup,
    set_up,
)
from ablations.training.devices import choose_device, load_backend

if TYPE_CHECKING:
    import pandas as pd


STORE_NAME = "runs.sqlite"


def run_study(
    config: StudyConfig | None = None,
    *,
    frame: pd.DataFrame | None = None,
    build: Callable[..., Any] | None = None,
    store: str | Path | None = None,
    device: str = "auto",
    stream: TextIO | None = None,
    command: str = "",
    **settings: Any,
) -> StudyResult:
    """Run a study and return its result, of which most are pandas frames.

    Args:
        config: The study; without it, `settings` are its fields.
        frame: The data, in place of a file.
        build: A factory of the user's: `build(config) -> keras.Model`, called with a
            `ablations.study.settings.recipe.Net`.
        store: File that keeps the runs, so that a stopped study continues; without
            it, and without `store` in the config, runs are not kept.
        device: `auto`, `cpu` or `gpu`.
        stream: Where progress is shown; nowhere when None.
        command: What is shown as the command that repeats the study.
        settings: Fields of a `StudyConfig`, or changes to `config`.

    Raises:
        ConfigError: If settings or data cannot be used.

    Examples:
        >>> result = run_study(data="sklearn:iris", preset="quick")  # doctest: +SKIP
        >>> result.effects[["arm", "difference", "verdict"]]  # doctest: +SKIP
    """
    if frame is not None:
        settings.setdefault("data", "a frame")
    whole = StudyConfig(**settings) if config is None else config.replace(**settings)
    choose_device(device)
    setup = set_up(whole, frame=frame, build=build)
    path = store if store is not None else whole.store
    with ExitStack() as stack:
        if path is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            path = Path(folder) / STORE_NAME
        opened = stack.enter_context(Store.open(Path(path)))
        return train_and_analyze(
            setup, opened, device, stream or io.StringIO(), command
        )


def train_and_analyze(
    setup: Setup, store: Store, device: str, stream: TextIO, command: str = ""
) -> StudyResult:
    """Train what the store lacks of a study, and return the result."""
    started = time.monotonic()
    load_backend(device)
    from ablations.running.runner import machine

    config, num_splits = setup.config, len(setup.splits.folds)
    stream.write("Tuning the learning rate of every arm in every split.\n")
    trained = train_rates(setup.candidates, num_splits, setup.work, store, stream)
    places, trials = choose_rates(setup.candidates, num_splits, store.load)
    stream.write("Training every arm at the chosen rates.\n")
    trained += train_chosen(
        setup.candidates, places, config.seeds, setup.work, store, stream
    )
    baselines = wanted_baselines(config.baselines)
    train_baselines(baselines, setup.splits, store, machine, stream, setup.ways)
    told = stored_baselines(baselines, setup.splits, store, setup.ways)
    dummy = outputs_of(told[DUMMY])
    judged = {
        c.name: read_judged(c, places[c.name], config.seeds, store, dummy)
        for c in setup.candidates
    }
    result = analyze(setup, judged, places, trials, told)
    budget = replace(
        result.budget, num_trained=trained, seconds=time.monotonic() - started
    )
    return replace(
        result,
        budget=budget,
        versions=machine(),
        command=command,
    )
