"""Read the folder of a KerasTuner search, whoever made it and whatever is damaged.

Nothing here imports KerasTuner, which stops at the first file that it cannot read.
"""

from __future__ import annotations

import json
import math
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.config import ConfigError, requirement

if TYPE_CHECKING:
    import pandas as pd

STATUSES = ("RUNNING", "IDLE", "INVALID", "STOPPED", "COMPLETED", "FAILED")
"""What KerasTuner calls the states of a trial."""

UNREADABLE = "UNREADABLE"
"""Status of a trial whose file cannot be used at all."""

MAX_BYTES = 64 * 2**20
"""Largest file that is read; those of KerasTuner have a few kilobytes."""

COLUMNS = ("trial", "status", "score", "best_step", "problem", "message")
"""Columns that are there for every project, before `hp/...` and `metric/...`."""


class Unusable(Exception):
    """An error that says what is wrong with a file."""


def read_project(folder: Path | str) -> pd.DataFrame:
    """Return one row per trial of a KerasTuner project, the best score first.

    A trial that is damaged has its row, too, with what could be read and what is wrong
    in `problem`; a trial that the oracle remembers but whose folder is gone has one.
    What else is wrong is in `attrs["problems"]`, and `attrs["direction"]` says which
    scores are better, "min" or "max".

    Columns are `trial`, `status`, `score`, `best_step`, `problem`, `message`, the
    hyperparameters as `hp/name`, and metrics, the best value of each, as `metric/name`.
    Where a trial has none of a name, there is None or NaN.

    Args:
        folder: The folder that holds `oracle.json` and the trials.

    Raises:
        ConfigError: If there is no such folder, or no project in it.
    """
    import pandas as pd

    path = _project_folder(Path(folder))
    problems: list[str] = []
    oracle = _read_whole(path / "oracle.json", problems)
    tuners = [_read_whole(file, problems) for file in sorted(path.glob("tuner*.json"))]
    rows = [read_trial(trial) for trial in sorted(path.glob("trial_*"))]
    known = {row["trial"] for row in rows}
    order = oracle.get("start_order", [])
    if not isinstance(order, list):
        problems.append("oracle.json: `start_order` is no list")
        order = []
    for name in order:
        if isinstance(name, str) and name not in known:
            known.add(name)
            rows.append(_row(name, UNREADABLE, "its folder is missing"))
    direction = _direction(rows, tuners)
    frame = pd.DataFrame([_storable(_flat(row)) for row in rows])
    names = [name for name in frame.columns if name not in COLUMNS]
    names.sort(key=lambda name: (not name.startswith("hp/"), name))
    frame = frame.reindex(columns=[*COLUMNS, *names])
    frame["score"] = frame["score"].astype(float)
    # Stable, so that trials of the same score stay in the order of their names.
    frame = frame.sort_values(
        "score", ascending=direction == "min", kind="stable", na_position="last"
    )
    frame = frame.reset_index(drop=True)
    frame.attrs = {"problems": problems, "direction": direction}
    return frame


def _project_folder(path: Path) -> Path:
    """Return a folder that looks like a project."""
    try:
        if not path.is_dir():
            raise requirement("import", "must be a folder", str(path))
        inside = sorted(child.name for child in path.iterdir())
    except ValueError as error:  # a NUL in the path
        if isinstance(error, ConfigError):
            raise
        raise requirement("import", "must be the name of a folder", str(path)) from None
    if "oracle.json" in inside or any(name.startswith("trial_") for name in inside):
        return path
    below = [name for name in inside if (path / name / "oracle.json").is_file()]
    hint = f" Did you mean {str(path / below[0])!r}?" if below else ""
    must = "must hold a search of KerasTuner, `oracle.json` and `trial_...`"
    raise ConfigError(f"{requirement('import', must, str(path))}{hint}")


def _read_whole(path: Path, problems: list[str]) -> dict[str, Any]:
    """Return a file that the whole project shares, {} if it cannot be used."""
    try:
        return read_json(path)
    except Unusable as error:
        problems.append(f"{path.name}: {error}")
        return {}


def read_json(path: Path) -> dict[str, Any]:
    """Return the object that a file holds.

    Raises:
        Unusable: If there is none.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise Unusable("is no file")
        if found.st_size > MAX_BYTES:
            raise Unusable(f"has {found.st_size:,} bytes")
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Unusable("is missing") from None
    except OSError as error:
        raise Unusable(f"cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise Unusable("is no UTF-8 text") from None
    except (ValueError, RecursionError) as error:
        raise Unusable(f"is no JSON: {str(error)[:80]}") from None
    if not isinstance(value, dict):
        raise Unusable(f"holds no object but {type(value).__name__}")
    return value


def _row(name: str, status: str, problem: str = "") -> dict[str, Any]:
    return {
        "trial": name,
        "status": status,
        "score": math.nan,
        "best_step": None,
        "problem": problem,
        "message": "",
        "hp": {},
        "metrics": {},
    }


def read_trial(folder: Path) -> dict[str, Any]:
    """Return what is known of a trial."""
    row = _row(folder.name.removeprefix("trial_"), UNREADABLE)
    try:
        state = read_json(folder / "trial.json")
    except Unusable as error:
        return row | {"problem": f"trial.json {error}"}
    wrong: list[str] = []
    if state.get("status") in STATUSES:
        row["status"] = state["status"]
    else:
        wrong.append("`status` is none of KerasTuner's")
    if state.get("trial_id") != row["trial"]:
        wrong.append("`trial_id` is not that of its folder")
    row["score"] = _number(state, "score", wrong)
    row["best_step"] = _number(state, "best_step", wrong)
    message = state.get("message")
    if isinstance(message, str):
        row["message"] = message
    elif message is not None:
        wrong.append("`message` is no text")
    if row["status"] == "COMPLETED" and math.isnan(row["score"]):
        wrong.append("`score` is missing")
    row["hp"] = _values(state, wrong)
    row["metrics"] = _metrics(state, wrong)
    return row | {"problem": "; ".join(dict.fromkeys(wrong))}


def _number(state: dict[str, Any], field: str, wrong: list[str]) -> float:
    """Return a number or NaN for none."""
    value = state.get(field)
    if value is None:
        return math.nan
    number = _as_number(value)
    if number is None:
        wrong.append(f"`{field}` is no number")
        return math.nan
    return number


def _as_number(value: Any) -> float | None:
    """Return a number as float, None for what is none or too large."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


def _values(state: dict[str, Any], wrong: list[str]) -> dict[str, Any]:
    """Return the hyperparameters that are plain values."""
    values = state.get("hyperparameters")
    values = values.get("values") if isinstance(values, dict) else None
    if not isinstance(values, dict):
        wrong.append("`hyperparameters` holds no values")
        return {}
    plain = {}
    for name, value in values.items():
        if value is None or isinstance(value, str | int | float | bool):
            plain[name] = value
        else:
            wrong.append(f"the value of {name!r} is no plain value")
    return plain


def _metrics(state: dict[str, Any], wrong: list[str]) -> dict[str, tuple[float, str]]:
    """Return the best value of every metric, and which values are better."""
    metrics = state.get("metrics")
    metrics = metrics.get("metrics") if isinstance(metrics, dict) else None
    if not isinstance(metrics, dict):
        wrong.append("`metrics` holds no metrics")
        return {}
    best = {}
    for name, history in metrics.items():
        try:
            direction = history["direction"]
            means = [_mean(one["value"]) for one in history["observations"]]
        except (TypeError, KeyError, ValueError):
            wrong.append(f"the metric {name!r} is no history")
            continue
        if direction not in ("min", "max"):
            wrong.append(f"the metric {name!r} has no direction")
            continue
        known = [mean for mean in means if not math.isnan(mean)]
        chosen = (min if direction == "min" else max)(known, default=math.nan)
        best[name] = (chosen, direction)
    return best


def _mean(values: Any) -> float:
    """Return the mean of one number or several.

    Raises:
        ValueError: If there is none, or something else.
    """
    numbers = [
        _as_number(v) for v in (values if isinstance(values, list) else [values])
    ]
    if not numbers or None in numbers:
        raise ValueError
    return math.fsum(n for n in numbers if n is not None) / len(numbers)


def _direction(rows: list[dict[str, Any]], tuners: list[dict[str, Any]]) -> str:
    """Return which scores are better.

    KerasTuner does not write its objective down, but the score of a trial is the best
    value of it.
    """
    for tuner in tuners:
        if tuner.get("direction") in ("min", "max"):
            return str(tuner["direction"])
    votes = {"min": 0, "max": 0}
    for row in rows:
        for value, direction in row["metrics"].values():
            votes[direction] += value == row["score"]
    return "max" if votes["max"] > votes["min"] else "min"


def _storable(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row whose texts hold no lone surrogates, which no frame can store."""

    def clean(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return value.encode("utf-8", "replace").decode("utf-8")

    return {clean(name): clean(value) for name, value in row.items()}


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with a column per hyperparameter and metric."""
    hp = {f"hp/{name}": value for name, value in row["hp"].items()}
    metrics = {f"metric/{name}": value for name, (value, _) in row["metrics"].items()}
    return {name: row[name] for name in COLUMNS} | hp | metrics
