"""Keep one search per folder, and bring a folder back to what was written last.

A search writes, as each stack of trials ends, what the trials hold, then `tuner0.json`
with the values of all that were proposed, and then `oracle.json`. That last file says
what has ended; whatever a process that died had written beside it is made again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from ablations.store.file import WriterLock
from ablations.store.whole_file import PREFIX, require_writable, write_whole
from ablations.tasks.data import Data
from ablations.tuner.project import Unusable, read_json, read_trial
from ablations.tuner.settings import SearchConfig
from models.config import ConfigError, requirement
from models.search_space import Range, SearchSpace

IDENTITY, ORACLE, TUNER = "search.json", "oracle.json", "tuner0.json"
FORMAT = 1
"""Number in the identity; it grows when a search would go on otherwise."""


def identify(
    config: SearchConfig,
    space: SearchSpace,
    folds: Sequence[Data],
    task: str,
    name: str = "",
    digest: str = "",
) -> dict[str, Any]:
    """Return what makes a search this one: all but the number of trials.

    Args:
        config: Settings of the search.
        space: What may be chosen.
        folds: Rows to train on and to score by; several are a cross-validation.
        task: "classification" or "regression".
        name: What the data are called, for messages.
        digest: That of the whole data, rows for the end included.
    """
    sha = hashlib.sha256(digest.encode())
    for data in folds:
        for array in data.arrays().values():
            sha.update(str(array.shape).encode())
            sha.update(np.ascontiguousarray(array, "<f4").tobytes())
    settings = config.model_dump(mode="json", exclude={"trials"})
    fields = space.model_dump(mode="json")
    return {
        "format": FORMAT,
        "data": name,
        "digest": digest[:16],
        "task": task,
        "rows": sha.hexdigest()[:16],
        "folds": len(folds) if len(folds) > 1 else None,
        **settings,
        **{f"space.{field}": value for field, value in fields.items()},
    }


def check_folder(folder: Path) -> None:
    """Check that a search can be begun in a folder, or one that is there continued.

    Raises:
        ConfigError: If it is no folder, or holds other files or a damaged search.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise requirement("out", "must be a folder", str(folder))
    names = {path.name for path in folder.iterdir()}
    names = {name for name in names if not name.startswith(PREFIX)}
    if not names - {f"{IDENTITY}-lock"}:
        return
    if IDENTITY not in names:
        must = "must be a new or empty folder, or one that holds a search of `tune`"
        hint = " `ablations tune --import` shows a search of KerasTuner."
        raise ConfigError(
            f"{requirement('out', must, str(folder))}{hint * (ORACLE in names)}"
        )
    if ORACLE in names:
        _read_state(folder / IDENTITY)
        _read_state(folder / ORACLE)


def _read_state(path: Path) -> dict[str, Any]:
    try:
        return read_json(path)
    except Unusable as error:
        raise ConfigError(
            f"`out` must hold no damaged search; {path.name} {error}. Received:"
            f" {str(path.parent)!r}. `ablations tune --import` shows what is left of"
            " it; choose another folder for a new one."
        ) from None


def _refuse_another(folder: Path, there: dict[str, Any], now: dict[str, Any]) -> None:
    """Raise an error that names every setting in which two searches differ."""
    differing = [n for n in now if n != "data" and there.get(n) != now[n]]
    if not differing:
        return
    if {"digest", "seed", "folds"} & set(differing):
        # These choose the rows.
        differing = [name for name in differing if name != "rows"]
    told = f"has {', '.join(_told(name, there, now) for name in differing)}"
    if "format" in differing:
        told = "was begun by another version of this program"
    raise ConfigError(
        f"`out` must be the folder of this search, or a new one. Received:"
        f" {str(folder)!r}, whose search {told}."
    )


def _told(name: str, there: dict[str, Any], now: dict[str, Any]) -> str:
    if name in ("digest", "rows"):
        if there.get("data") == now["data"]:
            return f"other rows of {now['data']!r}: {there.get(name)} (now {now[name]})"
        name = "data"
    old, new = (_shown(one.get(name)) for one in (there, now))
    return f"`{name}` {old} (now {new})"


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        # A range of a search space.
        return repr(Range(**value)).removeprefix("Range")
    return repr(value)


@contextmanager
def claimed(folder: Path, identity: dict[str, Any]) -> Iterator[None]:
    """Make a folder that of a search, unless it is, and be the only one to write it.

    A search in which no trial has ended yet gives way to another. What is wrong with
    the disk on the way is said in a line.

    Raises:
        ConfigError: If the folder cannot be written, is being written by another
            process, or holds something else: other files, a damaged search, or another
            one; names what differs.
    """
    check_folder(folder)
    require_writable(folder)
    shown = f"Search {str(folder)!r}"
    lock = WriterLock(folder / IDENTITY, shown, "another folder with `--out`")
    try:
        if (folder / ORACLE).exists():
            _refuse_another(folder, _read_state(folder / IDENTITY), identity)
        else:
            write_whole(folder / IDENTITY, json.dumps(identity, indent=1))
        yield
    except OSError as error:
        if error.errno is None:
            raise
        raise ConfigError(
            f"`out` must be a folder that can be written: {error.strerror}. Received:"
            f" {str(folder)!r}. Trials written before are kept; the same command goes"
            " on once that is repaired."
        ) from error
    finally:
        lock.release()


def repair(folder: Path) -> None:
    """Bring a folder to what its `oracle.json` says: what has ended, what is to be.

    Trials that it does not know go. Of a trial that has not ended, or whose file cannot
    be used, only its values stay, so that it is trained again.

    Raises:
        ConfigError: If the values of such a trial are not known either.
    """
    for path in folder.glob(f"{PREFIX}*"):
        path.unlink(missing_ok=True)
    try:
        there = (folder / ORACLE).exists()
        oracle = _read_state(folder / ORACLE) if there else {}
        started = [str(name) for name in oracle["start_order"]] if there else []
        ended = set(oracle["end_order"]) if there else set()
        known = read_json(folder / TUNER)["values"] if started else {}
    except (Unusable, KeyError, TypeError):
        must = f"must hold no damaged search; {TUNER} or {ORACLE} cannot be used"
        raise requirement("out", must, str(folder)) from None
    if not there:
        # KerasTuner would take it for a search.
        (folder / TUNER).unlink(missing_ok=True)
    for path in folder.glob("trial_*"):
        if path.name.removeprefix("trial_") not in started:
            shutil.rmtree(path)
    lost = set()
    for name in started:
        place = folder / f"trial_{name}"
        place.mkdir(exist_ok=True)
        for path in place.glob(f"{PREFIX}*"):
            path.unlink(missing_ok=True)
        if name in ended and not read_trial(place)["problem"]:
            continue
        if name not in known:
            raise requirement("out", f"must know the values of trial {name}", folder)
        lost.add(name)
        state = _fresh_trial(name, oracle, known[name])
        write_whole(place / "trial.json", json.dumps(state))
    if lost & ended:
        order = [name for name in oracle["end_order"] if name not in lost]
        write_whole(folder / ORACLE, json.dumps(oracle | {"end_order": order}))


def _fresh_trial(
    name: str, oracle: dict[str, Any], values: dict[str, Any]
) -> dict[str, Any]:
    """Return the file of a trial that was proposed and not yet trained."""
    space = oracle.get("hyperparameters", {}).get("space", [])
    return {
        "trial_id": name,
        "hyperparameters": {"space": space, "values": values},
        "metrics": {"metrics": {}},
        "score": None,
        "best_step": 0,
        "status": "RUNNING",
        "message": None,
    }
