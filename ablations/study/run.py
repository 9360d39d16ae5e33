"""Run a study from its settings to its result."""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from ablations.running.executors import make_executor
from ablations.running.heartbeat import Heartbeat
from ablations.running.jobs import Executor
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
from ablations.study.training.budget import tune
from ablations.study.training.runs import (
    train_chosen,
)
from ablations.study.training.scoring import (
    read_judged,
)
from ablations.study.training.setup import (
    Setup,
    set_up,
)
from ablations.training.devices import choose_device, pool_no_memory

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
    executor: str = "local",
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
        executor: Who trains, a name that `make_executor` takes.
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
    pool_no_memory()
    with ExitStack() as stack:
        voice = stack.enter_context(Heartbeat(stream or io.StringIO()))
        with voice.doing("Reading the data"):
            setup = set_up(whole, frame=frame, build=build)
        path = store if store is not None else whole.store
        if path is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            path = Path(folder) / STORE_NAME
        opened = stack.enter_context(Store.open(Path(path)))
        carrier = stack.enter_context(closing(make_executor(executor, device)))
        return train_and_analyze(setup, opened, carrier, voice, command)


def train_and_analyze(
    setup: Setup, store: Store, executor: Executor, stream: Heartbeat, command: str = ""
) -> StudyResult:
    """Train what the store lacks of a study, and return the result."""
    started = time.monotonic()
    with stream.doing("Starting Keras"):
        executor.machine()
    stream.write("Tuning the learning rate of every arm in every split.\n")
    tuned = tune(setup, store, stream, executor)
    setup, places, config = tuned.setup, tuned.places, setup.config
    stream.write("Training every arm at the chosen rates.\n")
    trained = tuned.num_trained + train_chosen(
        setup.candidates, places, config.seeds, setup.work, store, stream, executor
    )
    baselines = wanted_baselines(config.baselines)
    train_baselines(
        baselines, setup.splits, store, executor.machine, stream, setup.ways
    )
    with stream.doing("Comparing what was trained"):
        told = stored_baselines(baselines, setup.splits, store, setup.ways)
        dummy = outputs_of(told[DUMMY])
        judged = {
            c.name: read_judged(c, places[c.name], config.seeds, store, dummy)
            for c in setup.candidates
        }
        result = analyze(setup, judged, places, tuned.trials, told)
    budget = replace(
        result.budget, num_trained=trained, seconds=time.monotonic() - started
    )
    return replace(
        result,
        budget=budget,
        notes=(*result.notes, *tuned.notes),
        versions=executor.machine(),
        command=command,
    )
