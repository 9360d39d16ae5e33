"""Write what a search found: a table of its trials, and the best network with its code.

The code is the script of a study, with the values of the best trial in it. The network
is the one that it makes, trained on all rows.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ablations.study.settings.recipe import LOSSES, Recipe
from ablations.tuner.session import SCORES
from models.config import MLPConfig
from models.search_space import OFF
from reports.files import write_files
from reports.study.model import train_model
from reports.study.script import (
    data_settings,
    preparation_settings,
    recipe_settings,
    render_script,
)
from reports.sweep import frame_csv

if TYPE_CHECKING:
    import pandas as pd

    from ablations.tuner.session import FileSearch

NAME, ENDINGS = "best", ("py", "keras", "joblib")
STARTED_FROM, BEFORE = "hp/tuner/trial_id", "hp/tuner/initial_epoch"
"""What Hyperband adds to the values of a trial."""


def write_search(found: FileSearch, out: Path) -> list[Path]:
    """Write `trials.csv`, `best.py` and what it makes into the folder of a search.

    That is `best.keras`, and `best.joblib`, by which it prepares columns. Without a
    trial that did not fail there is only the table; where the script cannot be run,
    as without its packages, only its text. A network that the same script has made is
    kept.

    Raises:
        ConfigError: If the folder cannot be written.
    """
    table = tabulate(found.search.trials, found.search.tuner.costs)
    write_files(out, {"trials.csv": frame_csv(table)})
    script, *parts = (out / f"{NAME}.{ending}" for ending in ENDINGS)
    if found.search.has_model:
        text = write_script(found, table)
        if not (script.exists() and script.read_text(encoding="utf-8") == text):
            # No model stays beside a script that did not make it.
            for path in parts:
                path.unlink(missing_ok=True)
            write_files(out, {script.name: text})
        if not all(path.exists() for path in parts):
            made, _ = train_model(text, found.dataset, found.source, name=NAME)
            write_files(out, made)
    written = (out / "trials.csv", script, *parts)
    return [path for path in written if path.exists()]


def tabulate(trials: pd.DataFrame, costs: dict[str, dict[str, float]]) -> pd.DataFrame:
    """Return one row per trial, the best first, for people and other programs.

    `epochs` are those that the trial has behind it, of the trial that it went on from,
    too, and `best_epoch` is the one whose score counts, both from 1; `seconds` is its
    share of the time of its stack; `started_from` is a trial of Hyperband; `message`
    says why a trial failed.

    Args:
        trials: As `ablations.tuner.project.read_project` returns them.
        costs: Epochs and seconds by trial, as the tuner keeps them.
    """
    names = list(trials["trial"])
    before = trials[BEFORE].fillna(0) if BEFORE in trials.columns else 0
    table = trials[["trial", "status", "score"]].copy()
    table["epochs"] = [costs.get(name, {}).get("epochs") for name in names]
    best = (trials["best_step"].astype(float) + before + 1).astype("Int64")
    table["best_epoch"] = best.where(table["status"] == "COMPLETED")
    table["seconds"] = [costs.get(name, {}).get("seconds") for name in names]
    for name in trials.columns:
        if name.startswith("hp/") and not name.startswith("hp/tuner/"):
            table[name.removeprefix("hp/")] = trials[name]
    if STARTED_FROM in trials.columns:
        table["started_from"] = trials[STARTED_FROM]
    return table.assign(message=trials["message"])


def write_script(found: FileSearch, table: pd.DataFrame) -> str:
    """Return the script that trains the network of the best trial on all rows."""
    regression = found.dataset.task == "regression"
    best = table.iloc[0]
    recipe = _recipe(best, found.dataset.task).replace(
        target_transform=found.target_transform
    )
    epochs = max(1, round(best["best_epoch"]))
    settings = {
        **data_settings(found.dataset, found.source),
        **recipe_settings(recipe, regression=regression),
        **preparation_settings(found.dataset, recipe.settings()),
        "net": True,
        "build": None,
        "estimator_imports": (),
        # A search judges batch norm as Keras does, by moving averages.
        "momentum": MLPConfig.model_fields["batch_norm_momentum"].default,
        "restates": False,
        "learning_rate": float(f"{best['learning_rate']:.6g}"),
        "epochs": epochs,
        "decay_epochs": epochs,
        "short_batch": True,
        "expectation": _expectation(found),
    }
    return render_script(settings, name=NAME, origin="search")


def _recipe(best: Any, task: str) -> Recipe:
    """Return the values of a trial as the recipe of a study."""

    def part(name: str) -> str:
        return "none" if best[name] == OFF else str(best[name])

    return Recipe(
        activation=best["activation"],
        initializer=best["initializer"],
        depth=int(best["depth"]),
        width=int(best["width"]),
        dropout=float(best["dropout"]),
        l2=float(best["l2"]),
        batch_norm=part("batch_norm"),  # type: ignore[arg-type]
        skip=part("skip"),  # type: ignore[arg-type]
        optimizer=best["optimizer"],
        batch_size=int(best["batch_size"]),
        loss=LOSSES[task][0],
    )


def _expectation(found: FileSearch) -> str:
    (name, value), *_ = found.test.items()
    return f"In the search, {SCORES[name]} on rows that no trial saw was {value:.4g}."
