"""Train every point of a grid over any settings of an arm, into tidy frames.

A setting is named by its dotted path, as `training.optimizer.learning_rate` or
`model.hidden_units`.
All points are planned together, so that those of one structure train as one program.
"""

from __future__ import annotations

import io
import itertools
import json
import math
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np

from ablations.protocol.network_runs import ArmConfig
from ablations.running.cost import describe_time
from ablations.running.executors import make_executor
from ablations.running.jobs import RunsLost
from ablations.running.plan import Plan, Request, pack, stack_sizes, without
from ablations.running.progress import Progress
from ablations.running.runner import execute
from ablations.running.settings import flat, given_fields, judged, with_values
from ablations.store.store import Store
from ablations.store.table import RunTable
from ablations.toml_file import read_toml
from ablations.training.devices import choose_device
from models.config import ConfigError, requirement

if TYPE_CHECKING:
    import pandas as pd

MAX_POINTS = 100_000
"""Most points of a sweep."""

MAX_SEEDS = 100_000
"""Most seeds of a point."""

MOST_CURVE_ROWS = 2_000_000
"""Most rows of the frame of curves."""

Grid = Mapping[str, Sequence[Any]]
Points = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Sweep:
    """The points of a sweep.

    Attributes:
        varied: Dotted paths of what differs between points.
        points: What each point sets, by path.
        configs: Config of every point.
        seeds: Seeds of every point `[S]`.
    """

    varied: tuple[str, ...]
    points: tuple[dict[str, Any], ...]
    configs: tuple[ArmConfig, ...]
    seeds: np.ndarray


@dataclass(frozen=True)
class SweepResult:
    """What a sweep found.

    Attributes:
        varied: Dotted paths of what differs between points; columns of both frames.
        runs: One row per run: `point`, what was varied, `seed`, `status`, `diverged_at`
            (-1 for none), `steps` (the last recorded update) and every metric there.
        curves: One row per run, recorded step and metric: `point`, what was varied,
            `seed`, `step`, `metric`, `value`.
    """

    varied: tuple[str, ...]
    runs: pd.DataFrame
    curves: pd.DataFrame


def sweep(
    base: ArmConfig | Mapping[str, Any],
    grid: Grid | Points,
    *,
    seeds: int | Sequence[int] = 1,
    store: str | Path | None = None,
    device: str = "auto",
    executor: str = "local",
    stream: TextIO | None = None,
) -> pd.DataFrame:
    """Train every point of a grid and return one row per run.

    Args:
        base: The arm that points change.
        grid: Values by dotted path, of which every combination is a point; or a list
            of points, each a mapping from path to value.
        seeds: The seeds of every point, or how many from 0 on.
        store: File that keeps the runs, so that a stopped sweep continues; without it
            they are not kept.
        device: `auto`, `cpu` or `gpu`.
        executor: Who trains, a name that `make_executor` takes.
        stream: Where progress is shown; nowhere when None.

    Where points have batch norm and do not say otherwise,
    `training.batch_norm_statistics` is "training_rows".

    Raises:
        ConfigError: If there is no such setting, or a value is not usable.

    Examples:
        >>> frame = sweep(base, {"training.optimizer.learning_rate": [0.01, 0.1]},
        ...               seeds=10)  # doctest: +SKIP
    """
    asked = make_sweep(base, grid, seeds=seeds)
    found = run_sweep(
        asked, store=store, device=device, executor=executor, stream=stream
    )
    return found.runs


def make_sweep(
    base: ArmConfig | Mapping[str, Any],
    grid: Grid | Points,
    *,
    seeds: int | Sequence[int] = 1,
) -> Sweep:
    """Return the points of a sweep, each checked.

    Raises:
        ConfigError: If there is no such setting, or a value is not usable; says at
            which point.
    """
    points = _points(grid)
    fields = given_fields(base) if isinstance(base, ArmConfig) else dict(base)
    configs = []
    for point in points:
        try:
            config = ArmConfig.model_validate(judged(with_values(fields, point)))
            config.model.check_size()
        except ConfigError as error:
            shown = ", ".join(f"{k} = {v!r}" for k, v in point.items())
            raise ConfigError(f"{error} (at the point {shown})") from None
        configs.append(config)
    _refuse_repeats(points, configs)
    varied = tuple(dict.fromkeys(path for point in points for path in point))
    return Sweep(varied, tuple(points), tuple(configs), _seeds(seeds))


def _points(grid: Grid | Points) -> list[dict[str, Any]]:
    if isinstance(grid, Mapping):
        for path, values in grid.items():
            if isinstance(values, str) or not isinstance(values, Sequence):
                raise requirement(f"grid.{path}", "must be a list of values", values)
            if not values:
                raise requirement(f"grid.{path}", "must hold a value", values)
            for place, value in enumerate(values):
                if value in values[:place]:
                    must = f"must not hold a value twice, as it does {value!r}"
                    raise requirement(f"grid.{path}", must, values)
        number = math.prod(len(values) for values in grid.values())
        _check_number(number)
        combined = itertools.product(*grid.values())
        return [dict(zip(grid, values, strict=True)) for values in combined]
    _check_number(len(grid))
    return [dict(point) for point in grid]


def _refuse_repeats(points: Points, configs: Sequence[ArmConfig]) -> None:
    """Check that no two points mean the same runs, however they say it."""
    found: dict[str, int] = {}
    for place, config in enumerate(configs):
        first = found.setdefault(config.digest, place)
        if first != place:
            must = f"must not be the same as points[{first}], {points[first]!r}"
            raise requirement(f"points[{place}]", must, points[place])


def _check_number(number: int) -> None:
    if not 1 <= number <= MAX_POINTS:
        raise requirement("grid", f"must make 1 to {MAX_POINTS:,} points", number)


def _seeds(seeds: int | Sequence[int]) -> np.ndarray:
    if isinstance(seeds, bool) or not isinstance(seeds, int | Sequence | np.ndarray):
        raise requirement("seeds", "must be a number or a list of seeds", seeds)
    if isinstance(seeds, int) and seeds > MAX_SEEDS:
        raise requirement("seeds", f"must be at most {MAX_SEEDS:,}", seeds)
    values = np.arange(seeds) if isinstance(seeds, int) else np.asarray(seeds)
    usable = values.ndim == 1 and values.dtype.kind in "iu"
    if not usable or not len(values) or values.min() < 0:
        raise requirement("seeds", "must be at least one seed, from 0 on", seeds)
    if len(np.unique(values)) < len(values):
        raise requirement("seeds", "must be different", seeds)
    return values.astype(np.int64)


def read_sweep(path: str | Path) -> Sweep:
    """Read the sweep of a TOML file: `base`, `grid` or `points`, and `seeds`.

    Raises:
        ConfigError: If the file cannot be read, or is no sweep.
    """
    fields = read_toml(path, "file")
    unknown = sorted(fields.keys() - {"base", "grid", "points", "seeds"})
    if unknown:
        must = "must hold `base`, `grid` or `points`, and `seeds` only"
        raise requirement("file", must, unknown)
    if not isinstance(fields.get("base"), dict):
        raise requirement("base", "must be a table", fields.get("base"))
    if ("grid" in fields) == ("points" in fields):
        raise ConfigError("Exactly one of `grid` and `points` must be given.")
    if "grid" in fields:
        if not isinstance(fields["grid"], dict):
            raise requirement("grid", "must be a table", fields["grid"])
        grid: Grid | Points = flat(fields["grid"])
    else:
        points = fields["points"]
        if not isinstance(points, list) or not all(isinstance(p, dict) for p in points):
            raise requirement("points", "must be a list of tables", points)
        grid = [flat(point) for point in points]
    return make_sweep(fields["base"], grid, seeds=fields.get("seeds", 1))


def plan_sweep(asked: Sweep, store: Store | None = None) -> Plan:
    """Return what a sweep has to train, without what a store has."""
    by_digest = {config.digest: config for config in asked.configs}
    requests = [
        Request(digest, config, asked.seeds) for digest, config in by_digest.items()
    ]
    sizes = stack_sizes(requests)
    if store is not None:
        requests = [without(r, store.seeds_present(r.digest)) for r in requests]
    num_wanted = len(by_digest) * len(asked.seeds)
    num_missing = sum(len(request.seeds) for request in requests)
    return Plan(
        stacks=tuple(pack(requests, sizes)),
        measurements=(),
        num_wanted=num_wanted,
        num_present=num_wanted - num_missing,
        waiting=False,
    )


def describe_sweep(asked: Sweep) -> str:
    """Say what a sweep would train."""
    plan = plan_sweep(asked)
    lines = [
        f"{len(asked.points):,} points x {len(asked.seeds):,} seeds:"
        f" {plan.num_wanted:,} runs in {len(plan.stacks):,} stacks;"
        f" {describe_time(plan)}.",
        *(f"  {path}: {_values(asked, path)}" for path in asked.varied),
    ]
    return "\n".join(lines)


def _values(asked: Sweep, path: str) -> str:
    values = dict.fromkeys(
        json.dumps(point[path]) for point in asked.points if path in point
    )
    return ", ".join(values)


def run_sweep(
    asked: Sweep,
    *,
    store: str | Path | None = None,
    device: str = "auto",
    executor: str = "local",
    stream: TextIO | None = None,
) -> SweepResult:
    """Train what a store lacks of a sweep, and return all of it.

    Args:
        asked: The sweep.
        store: File that keeps the runs; made if it is not there. None keeps nothing.
        device: `auto`, `cpu` or `gpu`.
        executor: Who trains, a name that `make_executor` takes.
        stream: Where progress is shown; nowhere when None.

    Raises:
        ConfigError: If the store or the device cannot be used.
        RunsLost: If runs were lost with their workers; all else is stored.
    """
    import tempfile

    choose_device(device)
    carrier = make_executor(executor, device)
    if store is None:
        with tempfile.TemporaryDirectory() as folder:
            return run_sweep(
                asked,
                store=Path(folder) / "runs.sqlite",
                device=device,
                executor=executor,
                stream=stream,
            )
    path = Path(store)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        must = f"must be in a folder that can be made ({error.strerror})"
        raise requirement("store", must, str(path)) from None
    with Store.open(path) as opened, closing(carrier):
        plan = plan_sweep(asked, opened)
        if plan.num_missing:
            with closing(Progress(plan, stream or io.StringIO())) as progress:
                failures = execute(plan, opened, progress, carrier)
            if failures:
                raise RunsLost(failures)
        return _collect(asked, opened)


def _collect(asked: Sweep, store: Store) -> SweepResult:
    import pandas as pd

    runs, curves, num_rows = [], [], 0
    for number, (point, config) in enumerate(
        zip(asked.points, asked.configs, strict=True)
    ):
        table = store.load(config.digest, asked.seeds)
        columns = {"point": number, **{p: _cell(point.get(p)) for p in asked.varied}}
        runs.append(_run_frame(columns, table))
        num_rows += table.arrays["steps"].size * len(_metrics(table))
        if num_rows <= MOST_CURVE_ROWS:
            curves.append(_curve_frame(columns, table))
    return SweepResult(
        asked.varied,
        pd.concat(runs, ignore_index=True),
        pd.concat(curves, ignore_index=True) if curves else pd.DataFrame(),
    )


def _cell(value: Any) -> Any:
    """Return a value as a frame can hold it: a list or a table as its text."""
    return value if isinstance(value, str | int | float | None) else json.dumps(value)


def _metrics(table: RunTable) -> list[str]:
    return [name for name in table.arrays if name.startswith("curve.")]


def _run_frame(columns: Mapping[str, Any], table: RunTable) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(
        {
            "seed": table.seeds,
            "status": table.status,
            "diverged_at": table.diverged_at,
            "steps": table.arrays["steps"][:, -1],
            **{
                n.removeprefix("curve."): table.arrays[n][:, -1]
                for n in _metrics(table)
            },
        }
    )
    for place, (name, value) in enumerate(columns.items()):
        frame.insert(place, name, value)
    return frame


def _curve_frame(columns: Mapping[str, Any], table: RunTable) -> pd.DataFrame:
    import pandas as pd

    steps, parts = table.arrays["steps"], []
    for name in _metrics(table):
        parts.append(
            pd.DataFrame(
                {
                    "seed": np.repeat(table.seeds, steps.shape[1]),
                    "step": steps.ravel(),
                    "metric": name.removeprefix("curve."),
                    "value": table.arrays[name].ravel(),
                }
            )
        )
    frame = pd.concat(parts, ignore_index=True)
    for place, (name, value) in enumerate(columns.items()):
        frame.insert(place, name, value)
    return frame
