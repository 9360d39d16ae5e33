"""Turn what a user types into a study, and say what came out."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from ablations.running.heartbeat import Heartbeat
from ablations.store.whole_file import require_writable
from ablations.study.findings.result import StudyResult
from ablations.study.folder import describe_replaced, identify, note_study
from ablations.study.run import STORE_NAME
from ablations.study.settings.config import StudyConfig, parse_factor, read_config
from ablations.study.training.setup import Setup, set_up
from ablations.terminal import printable
from models.config import requirement

SECRET = re.compile(
    r"(?i)([\w-]*(?:key|token|secret|passw(?:or)?d|signature|credentials?)=)[^&\s]+"
    r"|//[^/@\s]+(@)"
)
"""A value that the word before it calls secret, or who somebody is in an address."""


def config_from(
    file: Path | None, factors: Sequence[str] | None, **options: Any
) -> StudyConfig:
    """Return the study of a file, of options, or of a file changed by options.

    Args:
        file: A TOML file, or None.
        factors: Texts like `dropout=0,0.2,0.5`.
        options: Fields of `StudyConfig`; None where not given.

    Raises:
        ConfigError: If neither names data, or a field is not usable.
    """
    given = {name: value for name, value in options.items() if value is not None}
    if factors:
        levels: dict[str, tuple[Any, ...]] = {}
        for text in factors:
            name, values = parse_factor(text)
            if name in levels:
                raise requirement("factor", "must not name a factor twice", name)
            levels[name] = values
        given["factors"] = levels
    if file is not None:
        return read_config(file, **given)
    if "data" not in given:
        raise requirement("data", "must be given, or a file with `--config`", None)
    return StudyConfig.model_validate(given)


def parse_ordered(texts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Read texts like `size=small<medium<large` as columns and their levels.

    Raises:
        ConfigError: If one is not `COLUMN=LEVEL<LEVEL`, or a column is named twice.
    """
    ordered: dict[str, tuple[str, ...]] = {}
    for text in texts:
        name, _, levels = text.partition("=")
        parts = tuple(level.strip() for level in levels.split("<"))
        if not name.strip() or len(parts) < 2 or not all(parts):
            raise requirement("ordered", "must be like size=small<medium<large", text)
        if name.strip() in ordered:
            raise requirement("ordered", "must not name a column twice", name.strip())
        ordered[name.strip()] = parts
    return ordered


def ready(config: StudyConfig, out: Path) -> tuple[Setup, Path]:
    """Lay a study out and make sure that its results can be written.

    Returns:
        The study, and the file that keeps its runs.

    Raises:
        ConfigError: If the data cannot be used or the folder cannot be written.
    """
    setup = set_up(config)
    store = out / STORE_NAME if config.store is None else Path(config.store)
    for folder in {out, store.parent}:
        require_writable(folder)
    return setup, store


def run_command(
    config: StudyConfig, out: Path, device: str, executor: str, voice: Heartbeat
) -> StudyResult:
    """Run a study whose runs and report go into a folder."""
    from ablations.running.executors import make_executor
    from ablations.store.store import Store
    from ablations.study.run import train_and_analyze
    from ablations.training.devices import choose_device, pool_no_memory

    choose_device(device)
    pool_no_memory()
    carrier = make_executor(executor, device)
    voice.write(printable(f"Reading {config.data}.") + "\n")
    with voice.doing("Reading the data"):
        setup, path = ready(config, out)
    identity = identify(setup)
    if replaced := describe_replaced(out, identity):
        voice.write(f"{printable(replaced)}\n")
    with Store.open(path) as store, closing(carrier):
        result = train_and_analyze(setup, store, carrier, voice, command_line())
    note_study(out, identity)
    return result


def command_line() -> str:
    """Return the command as it was typed, without what looks like a secret."""
    return shlex.join(["ablations", *map(_without_secrets, sys.argv[1:])])


def _without_secrets(word: str) -> str:
    """Return a word with stars for passwords in addresses and values of keys."""
    return SECRET.sub(lambda found: f"{found[1] or '//'}***{found[2] or ''}", word)


def summarize(result: StudyResult) -> list[str]:
    """Return what a study came to, in lines for a terminal."""
    found = result.recommendation
    lines = [found.sentence, *found.reasons, ""]
    real = result.effects[result.effects["verdict"].isin(["better", "worse"])]
    pairs = result.interactions[
        result.interactions["verdict"].isin(["better", "worse"])
    ]
    texts = [*real["text"], *pairs["text"]]
    lines += texts or ["No difference is surely real."]
    counts = result.effects["verdict"].value_counts()
    for verdict, words in (
        ("undecided", "within noise"),
        ("same", "surely within the margin"),
        ("not tested", "not tested, as nothing was learned"),
    ):
        if counts.get(verdict, 0):
            lines.append(f"Comparisons {words}: {counts[verdict]}.")
    lines += [
        f"Warning: {note.text}"
        for note in result.notes
        if note.severity == "warning" and note.text not in found.reasons
    ]
    budget = result.budget
    lines.append(
        f"Runs trained now: {budget.num_trained:,} of {budget.num_runs:,}, in"
        f" {budget.seconds:,.0f} s."
    )
    return lines


def write_template(path: Path) -> None:
    """Write a commented study file; one that is there is not replaced.

    Raises:
        ConfigError: If there is a file already, or it cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(TEMPLATE)
    except FileExistsError:
        raise requirement("path", "must not be there already", str(path)) from None
    except OSError as error:
        reason = error.strerror or str(error)
        must = f"cannot be written: {reason}"
        raise requirement("path", must, str(path)) from None


TEMPLATE = """\
# A study: which ingredients help on your data, and is the difference real?
# Run it with `ablations study run study.toml`; add `--dry-run` to see what it takes.
# A line that starts with # shows what is taken unless you say otherwise.

# A CSV, Parquet or .xlsx file, or sklearn:digits, breast_cancer, wine, iris, diabetes.
data = "sklearn:breast_cancer"

# The column to predict. Without it, the column "target".
# target = "target"

# classification or regression; found from the target.
# task = "classification"

# Columns to leave out.
# drop = ["id"]

# Columns to use though they look like names of the rows.
# keep = ["id"]

# A column that says which rows belong together, such as all of one patient: they are in
# one part of every split, and the column is no input.
# group = "patient"

# Or a column that says which rows are later: later ones test. It is no input unless it
# is kept.
# time = "day"

# A column that says how much each row counts, in training and in scores; no input.
# sample_weight = "weight"

# Learn the log of numbers to predict, or their quantile; answers are turned back.
# As one of the factors below, it compares them in place of this.
# target_transform = "none"

# What columns hold, where it is not what they look like; `--dry-run` shows how each is
# read. Classes with an order become the numbers 0, 1, 2 ...
# numeric = ["weight"]
# categorical = ["postcode"]
# ordered = { size = ["small", "medium", "large"] }

# The texts that mean missing, beside the empty one; without it NA, ?, null and such.
# text_is_missing = ["unknown", "99"]

# How much to spend: quick, standard or full. With more than 10,000 rows there are fewer
# repeats and trials, and batches of 128, unless said here.
preset = "standard"

# Splits of a cross-validation, how often it is repeated, and trainings per split.
# folds = 5
# repeats = 3
# seeds = 1

# Learning rates tried for every arm in every split, on its validation rows,
# around the usual rate of the optimizer; or the rates themselves.
# trials = 5
# learning_rates = [0.0001, 0.0003, 0.001, 0.003, 0.01]

# Passes over the training rows; what makes about 1,000 updates, from 10 to 50, and
# twice or four times as many for all nets where the validation loss still falls.
# epochs = 30

# accuracy, balanced_accuracy, auc, average_precision, f1 or log_loss; for numbers
# rmse, mae, r2 or rmsle, the error of the logarithm. Others are shown beside it.
# score = "accuracy"

# Smallest difference that matters, in the unit of the score (0.01 is a point);
# otherwise a tenth of the error of the reference, and at most a point, or 0.1 of rmsle.
# margin = 0.01

# Also train models that are no networks.
baselines = true

# Which arms are compared:
#   one_at_a_time         each factor changed alone, from the plain recipe
#   leave_one_out         each factor taken out of the full recipe (all last levels)
#   full_factorial        every combination of levels: shows interactions
#   fractional_factorial  some combinations of two levels each: interactions, cheaply
design = "one_at_a_time"

# Chooses the splits, and the seeds of all trainings.
# seed = 0

# File that keeps the runs, so that a stopped study continues; in the report's folder.
# store = "study/runs.sqlite"

# A factory of your own, build(config) -> keras.Model; `config` has the levels of all
# factors, num_inputs, num_outputs and task. Its factors may have any names.
# build = "my_models:build"

# Levels by factor, the plain one first, the full one last. What is not named here is
# not varied. Without this table the usual factors are varied.
[factors]
activation = ["relu", "tanh"]
dropout = [0.0, 0.2, 0.5]
batch_norm = ["none", "before", "after"]
early_stopping = [0, 10]        # epochs to wait; 0 trains to the end
# initializer = ["he_normal", "glorot_uniform"]
# depth = [2, 1, 3]             # hidden layers
# width = [64, 16]
# l2 = [0.0, 0.001]
# weight_decay = [0.0, 0.1]
# skip = ["none", "residual"]
# optimizer = ["adam", "momentum"]
# schedule = ["constant", "cosine"]
# batch_size = [32, 128]
# loss = ["crossentropy", "mse"]  # for numbers: mse, huber, mae
# ensemble = [1, 8]             # networks from other seeds whose outputs are averaged
# class_weight = ["none", "balanced"]  # balanced: all classes count alike in the loss
# scaling = ["standard", "quantile"]   # quantile: normal scores of the ranks

# Ingredients that are the same in all arms, where they should not be the plain ones.
[recipe]
# width = 128
"""
