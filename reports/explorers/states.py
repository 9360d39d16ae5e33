"""Read what became of every state of an explorer, from runs or from what is published.

One state is one line of a small JSON file, which holds all that an explorer shows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from ablations.evidence.scores import curve_at, score
from ablations.protocol.arm import Arm
from ablations.protocol.network_runs import ArmConfig
from ablations.protocol.score import ScoreConfig
from models.config import ConfigError
from reports.explorers.declared import ExplorerConfig, Options, Wanted, address_of
from reports.figures.gradient_depth import collect
from reports.figures.source import ArmRuns, Source

PUBLISHED = Path(__file__).resolve().parents[1] / "published" / "explorers"
"""Folder of the states that the project publishes, one file per explorer."""

DIGITS = 3
ENDS = [0, -1]
"""What is kept of numbers that are not drawn, but told in the table."""


@dataclass(frozen=True)
class State:
    """What became of the runs of one state.

    Attributes:
        address: The options, as they stand in the address.
        total: Number of runs.
        lost: How many diverged or failed.
        won: How many are a success, None where nothing counts as one, or nothing was
            trained.
        mean: Mean over the runs that have a number, None where none has.
        values: The number of every seed, increasing, or the median of every layer; the
            first and the last alone where not all are drawn.
    """

    address: str
    total: int
    lost: int
    won: int | None = None
    mean: float | None = None
    values: tuple[float, ...] = ()


States = dict[str, State]
"""What there is, by address."""


def arm_of(arms: tuple[Arm, ...], wanted: Mapping[str, Wanted]) -> Arm | None:
    """Return the first arm that has all these levels, None where none has."""
    for arm in arms:
        if all(_fits(arm, factor, level) for factor, level in wanted.items()):
            return arm
    return None


def _fits(arm: Arm, factor: str, wanted: Wanted) -> bool:
    allowed = wanted if isinstance(wanted, tuple) else (wanted,)
    return arm.levels.get(factor) in allowed


def read(config: ExplorerConfig, *sources: Source) -> States:
    """Return the states whose runs are there, of the first claim that has the arm."""
    found: States = {}
    for options, source in product(config.states(), sources):
        address = address_of(options)
        arm = arm_of(source.arms, config.levels(options))
        runs = None if arm is None or address in found else source.runs(arm)
        if runs is not None:
            found[address] = measure_state(config, options, runs)
    return found


def measure_state(config: ExplorerConfig, options: Options, runs: ArmRuns) -> State:
    """Return what became of the runs of one state."""
    address, table = address_of(options), runs.table
    lost = int((table.status != "ok").sum())
    if config.layers:
        median = collect(runs, is_absolute=True).median
        median = median if config.chart == "lines" else median[ENDS]
        is_trained = isinstance(runs.config, ArmConfig) and bool(
            runs.config.training.num_steps
        )
        won = int((score(table, config.score) == 1.0).sum()) if is_trained else None
        return State(address, len(table), lost, won, values=_digits(median))
    if config.array:
        entry = (table.status == "ok", *config.entry(options))
        won = int(table.arrays[config.array][entry].sum())
        return State(address, len(table), lost, won)
    wanted = config.reading(options)
    scores = score(table, wanted)
    if not wanted.is_success:
        known = np.sort(scores[np.isfinite(scores)])
        kept = known if config.chart == "columns" or not len(known) else known[ENDS]
        return State(address, len(table), lost, None, _mean(known), _digits(kept))
    won = int((scores == 1.0).sum())
    values = _measured(runs, config.measure, wanted)
    return State(address, len(table), lost, won, _mean(values))


def _measured(runs: ArmRuns, metric: str, wanted: ScoreConfig) -> np.ndarray:
    """Return the last finite numbers of a metric, none without a metric `[S]`."""
    if not metric:
        return np.zeros(0)
    values = curve_at(runs.table, metric, wanted.at)
    return values[(runs.table.status == "ok") & np.isfinite(values)]


def _mean(values: np.ndarray) -> float | None:
    return float(f"{values.mean():.4g}") if len(values) else None


def _digits(values: np.ndarray) -> tuple[float, ...]:
    return tuple(float(f"{value:.{DIGITS}g}") for value in values)


def to_json(states: States, digest: str) -> str:
    """Write states, one per line, with the digest of the rule that they belong to."""
    return write_lines(map(_brief, states.values()), digest)


def write_lines(
    records: Iterable[dict[str, Any]],
    digest: str,
    separators: tuple[str, str] | None = None,
) -> str:
    """Write records of states, one per line, as `json.dumps` separates them."""
    lines = ",\n".join(json.dumps(each, separators=separators) for each in records)
    return f'{{"digest": "{digest}", "states": [\n{lines}\n]}}\n'


def _brief(state: State) -> dict[str, Any]:
    """Return a state without what it does not have."""
    return {
        k: v for k, v in asdict(state).items() if v not in (None, ()) or k == "total"
    }


def published(config: ExplorerConfig, digest: str, folder: Path = PUBLISHED) -> States:
    """Return the states that are published of a rule, none for another rule.

    Raises:
        ConfigError: If the file is there and cannot be read.
    """
    path = folder / f"{config.id}.json"
    if not path.exists():
        return {}
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["digest"] != digest:
            return {}
        states = [State(**_whole(each)) for each in record["states"]]
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"`{path}` must hold the states of an explorer. Received: {error}."
        ) from error
    return {state.address: state for state in states}


def _whole(record: dict[str, Any]) -> dict[str, Any]:
    return {**record, "values": tuple(record.get("values", ()))}


def digest_of(*sources: Source) -> str:
    """Return the digests of the rules whose runs are shown."""
    return " ".join(source.verdict.digest for source in sources)


def states_of(
    config: ExplorerConfig, *sources: Source, folder: Path = PUBLISHED
) -> States:
    """Return the states of the runs at hand, if no published one has more runs."""
    here = read(config, *sources)
    known = published(config, digest_of(*sources), folder)
    is_less = any(a not in here or here[a].total < known[a].total for a in known)
    return known if is_less else here
