"""Count what trained studies call real: on random targets, of twins, of real effects.

    python benchmarks/studies.py --studies 20         a few minutes
    python benchmarks/studies.py --first 300 --studies 300   what OWN_DATA.md rests on

Every study has a table, splits and seeds of its own, 150 to 5,000 rows, for classes and
for numbers in turn, and trains two arms with two seeds each:

- `random`: the inputs tell nothing. Whatever is called real is false.
- `twins`: the inputs tell something; each arm is compared with itself, one seed as the
  arm and the other as the reference. Whatever is called real is false.
- `effect`: half the units are dropped from a network that needs them. What is not
  called real was missed.

Each is judged twice on the same runs: as studies are judged, and as they were before,
by the corrected resampled t over splits and Holm.
The file grows by a line per study; what it has is not trained again.
"""

from __future__ import annotations

import argparse
import csv
import io
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ablations.stats.multiple import holm
from ablations.stats.proportions import clopper_pearson
from ablations.stats.resampled import LEVEL, corrected_resampled_t
from ablations.study.findings.analysis import (
    Terms,
    difference,
    judge_family,
    learned,
)
from ablations.terminal import say
from ablations.training.devices import load_backend

if TYPE_CHECKING:
    import pandas as pd

    from ablations.study.training.scoring import Judged
    from ablations.study.training.setup import Setup

KINDS = ("random", "twins", "effect")
NUM_ROWS = (150, 500, 1_500, 5_000)
NUM_INPUTS = 8
FIELDS = (
    "kind",
    "number",
    "task",
    "rows",
    "comparisons",
    "real",
    "real_by_splits",
    "learned",
    "seconds",
)
REAL = ("better", "worse")


def draw_table(kind: str, task: str, num_rows: int, number: int) -> pd.DataFrame:
    """Return a table of its own for every study."""
    import pandas as pd

    rng = np.random.default_rng([KINDS.index(kind), number])
    x = rng.normal(size=(num_rows, NUM_INPUTS))
    told = x[:, 0] + x[:, 1] * x[:, 2]
    y = (kind != "random") * told + rng.normal(size=num_rows)
    frame = pd.DataFrame(x, columns=[f"x{place}" for place in range(NUM_INPUTS)])
    frame["y"] = np.where(y > 0, "yes", "no") if task == "classification" else y
    return frame


def set_up_study(kind: str, task: str, num_rows: int, number: int) -> Setup:
    """Return a study of two arms that is ready to be trained."""
    from ablations.study.settings.config import StudyConfig
    from ablations.study.training.setup import set_up

    config = StudyConfig(
        data="a frame",
        target="y",
        task=task,
        preset="quick",
        trials=2,
        seeds=2,
        seed=number,
        factors={"dropout": (0.0, 0.5)},
        recipe={"width": 16, "depth": 1},
        score="accuracy" if task == "classification" else "rmse",
        baselines=False,
    )
    return set_up(config, frame=draw_table(kind, task, num_rows, number))


def train(setup: Setup) -> tuple[dict[str, Judged], dict[str, Any]]:
    """Train a study; return its judged runs by arm, and what the dummy says."""
    from ablations.running.heartbeat import Heartbeat
    from ablations.running.work import machine
    from ablations.store.store import Store
    from ablations.study.training import baselines as others
    from ablations.study.training import runs, scoring

    seeds, num_splits = setup.config.seeds, len(setup.splits.folds)
    wanted = others.wanted_baselines(False)
    with (
        Heartbeat(io.StringIO()) as quiet,
        tempfile.TemporaryDirectory() as folder,
        Store.open(Path(folder) / "runs.sqlite") as store,
    ):
        work = setup.work, store, quiet
        runs.train_rates(setup.candidates, num_splits, *work)
        places, _ = runs.choose_rates(setup.candidates, num_splits, store.load)
        runs.train_chosen(setup.candidates, places, seeds, *work)
        others.train_baselines(wanted, setup.splits, store, machine, quiet)
        told = others.stored_baselines(wanted, setup.splits, store)
        dummy = others.outputs_of(told[others.DUMMY])
        judged = {
            one.name: scoring.read_judged(one, places[one.name], seeds, store, dummy)
            for one in setup.candidates
        }
    return judged, dict(dummy)


def rows_of(number: int) -> int:
    """Return how many rows a study has."""
    return NUM_ROWS[number // 2 % len(NUM_ROWS)]


def run_one(kind: str, number: int) -> dict[str, Any]:
    """Train one study and judge it, now and as before."""
    from ablations.study.findings.frames import make_terms
    from ablations.study.training.scoring import score_test_rows

    started = time.monotonic()
    task = ("classification", "regression")[number % 2]
    num_rows = rows_of(number)
    setup = set_up_study(kind, task, num_rows, number)
    judged, dummy = train(setup)
    name, splits = setup.score.name, setup.splits
    # By arm [J, S, N].
    rows = {
        arm: score_test_rows(name, one.outputs, splits) for arm, one in judged.items()
    }
    guess = score_test_rows(name, dummy, splits)[:, 0].ravel()
    nets = {arm: one.mean(axis=1).ravel() for arm, one in rows.items()}
    _, terms = make_terms(setup, nets, guess)
    known = learned(nets, guess, terms)
    if kind == "twins":
        family = [difference(*np.moveaxis(one, 1, 0)) for one in rows.values()]
        tested = [True] * len(family)
    else:
        family = [difference(*reversed(nets.values()))]
        tested = [any(known.values())]
    values = [one.ravel() for one in family]
    real = [one.verdict in REAL for one in judge_family(values, terms, tested)]
    return {
        "kind": kind,
        "number": number,
        "task": task,
        "rows": num_rows,
        "comparisons": len(family),
        "real": sum(real) + (kind == "random" and any(known.values())),
        "real_by_splits": sum(by_splits(values, terms, tested)),
        "learned": sum(known.values()),
        "seconds": round(time.monotonic() - started, 1),
    }


def by_splits(
    family: Sequence[np.ndarray], terms: Terms, tested: Sequence[bool]
) -> list[bool]:
    """Return what the corrected resampled t and Holm call real."""
    p_values = [
        corrected_resampled_t(one, terms.test_to_train).p_value or 0.0
        for one in terms.tests.means(np.array(family))
    ]
    adjusted = holm(p_values)
    return [bool(p < LEVEL) and one for p, one in zip(adjusted, tested, strict=True)]


def summary(lines: Sequence[dict[str, Any]]) -> str:
    """Say how many studies of each kind call something real.

    Upper bounds are those of Clopper and Pearson, one-sided, at 95 %.
    """
    told = []
    for kind in KINDS:
        mine = [line for line in lines if line["kind"] == kind]
        if not mine:
            continue
        now, before = (
            clopper_pearson(
                sum(int(line[name]) > 0 for line in mine), len(mine), alternative="less"
            )
            for name in ("real", "real_by_splits")
        )
        told.append(
            f"{kind}: {now.estimate:.1%} of {len(mine)} studies call something real,"
            f" surely at most {now.high:.1%}; by splits {before.estimate:.1%}"
        )
    return "\n".join(told)


def main() -> None:
    """Train what is missing and say what was counted."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--studies", type=int, default=20, help="of every kind")
    parser.add_argument("--first", type=int, default=0, help="number of the first")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument(
        "--rows", type=int, nargs="+", choices=NUM_ROWS, default=list(NUM_ROWS)
    )
    parser.add_argument("--out", type=Path, default=Path("benchmarks/studies.csv"))
    asked = parser.parse_args()
    load_backend("cpu")
    lines: list[dict[str, Any]] = []
    if asked.out.exists():
        with asked.out.open(newline="", encoding="utf-8") as file:
            lines = list(csv.DictReader(file))
    there = {(line["kind"], int(line["number"])) for line in lines}
    for number in range(asked.first, asked.first + asked.studies):
        for kind in asked.kinds:
            if (kind, number) in there or rows_of(number) not in asked.rows:
                continue
            lines.append(run_one(kind, number))
            is_new = not asked.out.exists()
            with asked.out.open("a", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, FIELDS)
                if is_new:
                    writer.writeheader()
                writer.writerow(lines[-1])
            say(str(lines[-1]))
    say(summary(lines))


if __name__ == "__main__":
    main()
