"""Compare what studies recommend with models of scikit-learn, on six real tables.

    python benchmarks/tables.py                    all six, and the table of the README
    python benchmarks/tables.py --tables iris wine

A study by the preset `quick` recommends a model. The rivals are trained on the same
splits, each on the training and validation rows together, of which it makes what it
wants: boosting and the network stop early, the linear model is tuned.
A recommendation stands if the 95 % interval of its difference from the best rival
reaches zero, or lies on its side.
`tables.json` has a line per table; what it has is not run again.
"""

from __future__ import annotations

import argparse
import io
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import threadpool_limits

from ablations.running.machine import describe_machine, package_versions
from ablations.stats.estimate import Estimate
from ablations.study.findings.analysis import difference, judge_family
from ablations.study.settings.score import SHARES, amount
from ablations.terminal import say

if TYPE_CHECKING:
    import pandas as pd

    from ablations.study.training.setup import Setup

HERE = Path(__file__).parent
TABLES = ("iris", "wine", "breast_cancer", "digits", "diabetes", "fair")
RIVALS = ("boosting", "forest", "linear model", "network")


def read_fair() -> pd.DataFrame:
    """Return the 6,366 rows of statsmodels' table of extramarital affairs.

    To be told is whether there was one, from eight answers of a questionnaire.
    """
    import statsmodels.api as sm

    frame = sm.datasets.fair.load_pandas().data
    frame["target"] = np.where(frame.pop("affairs") > 0, "yes", "no")
    return frame


def lay_out(name: str) -> Setup:
    """Return the study of a table."""
    from ablations.study.settings.config import StudyConfig
    from ablations.study.training.setup import set_up

    source = "a frame" if name == "fair" else f"sklearn:{name}"
    config = StudyConfig(data=source, name=name, preset="quick")
    return set_up(config, frame=read_fair() if name == "fair" else None)


def make_rival(name: str, task: str) -> Any:
    """Return an untrained model of scikit-learn."""
    from sklearn import ensemble, linear_model, neural_network

    classifies = task == "classification"
    kind = "Classifier" if classifies else "Regressor"
    if name == "boosting":
        model = getattr(ensemble, f"HistGradientBoosting{kind}")
        return model(early_stopping=True, max_iter=500, random_state=0)
    if name == "forest":
        model = getattr(ensemble, f"RandomForest{kind}")
        return model(n_estimators=300, random_state=0)
    if name == "network":
        model = getattr(neural_network, f"MLP{kind}")
        return model(early_stopping=True, max_iter=500, random_state=0)
    if classifies:
        return linear_model.LogisticRegressionCV(
            Cs=8, max_iter=1000, scoring="neg_log_loss", use_legacy_attributes=False
        )
    return linear_model.RidgeCV(alphas=np.logspace(-3, 4, 15))


def rival_values(name: str, setup: Setup) -> np.ndarray:
    """Return what every test adds to the score of a rival `[L]`."""
    from ablations.study.training.baselines import said_by
    from ablations.study.training.scoring import score_test_rows

    task, said = setup.dataset.task, []
    for split in range(len(setup.splits.folds)):
        rows = setup.splits.prepared(split)
        x = np.concatenate([rows.x_train, rows.x_val])
        y = np.concatenate([rows.y_train, rows.y_val])
        answers = y.argmax(axis=1) if rows.scale is None else y[:, 0]
        with warnings.catch_warnings(action="ignore"), threadpool_limits(1):
            model = make_rival(name, task).fit(x, answers)
            said.append(said_by(model, rows.x_test, rows.y_test))
    outputs = {"test": np.array(said, np.float32)[:, None]}
    return score_test_rows(setup.score.name, outputs, setup.splits)[:, 0].ravel()


def study_values(setup: Setup, path: Path) -> tuple[str, np.ndarray, Any, Any]:
    """Run a study; return what it recommends, its value of every test, and terms."""
    from ablations.running.executors import Local
    from ablations.running.heartbeat import Heartbeat
    from ablations.store.store import Store
    from ablations.study.findings.frames import make_terms
    from ablations.study.findings.scores import Scores
    from ablations.study.run import train_and_analyze
    from ablations.study.training.baselines import (
        outputs_of,
        stored_baselines,
        wanted_baselines,
    )
    from ablations.study.training.budget import tune
    from ablations.study.training.scoring import read_judged
    from ablations.study.training.ways import DUMMY

    with Heartbeat(io.StringIO()) as voice, Store.open(path) as store:
        found = train_and_analyze(setup, store, Local("cpu"), voice).recommendation
        # All is there now: nothing is trained again.
        tuned = tune(setup, store, voice)
        setup = tuned.setup
        wanted = wanted_baselines(True)
        told = stored_baselines(wanted, setup.splits, store, setup.ways)
        seeds, dummy = setup.config.seeds, outputs_of(told[DUMMY])
        judged = {
            one.name: read_judged(one, tuned.places[one.name], seeds, store, dummy)
            for one in setup.candidates
        }
    scores = Scores(setup, judged, told)
    nets = {name: scores.values(name) for name in judged}
    score, terms = make_terms(setup, nets, scores.values(DUMMY))
    return found.name, scores.values(found.name), score, terms


def compare(name: str, folder: Path) -> dict[str, Any]:
    """Return the line of a table."""
    setup = lay_out(name)
    recommended, mine, score, terms = study_values(setup, folder / f"{name}.sqlite")
    rivals = {rival: rival_values(rival, setup) for rival in RIVALS}
    means = {rival: terms.mean(values) for rival, values in rivals.items()}
    best = max(RIVALS, key=lambda rival: terms.gain(means[rival]))
    (judged,) = judge_family([difference(mine, rivals[best])], terms, [True])
    one: Estimate = judged.estimate
    ends = sorted((one.low, one.high), key=terms.gain)
    return {
        "table": name,
        "rows": len(setup.dataset),
        "score": score.name,
        "recommended": recommended,
        "mean": terms.mean(mine),
        "rivals": means,
        "best": best,
        "difference": terms.gain(one.estimate),
        "low": terms.gain(ends[0]),
        "high": terms.gain(ends[1]),
        "margin": amount(terms.margin, score),
        "stands": bool(terms.gain(ends[1]) >= 0),
    }


def write_markdown(lines: list[dict[str, Any]]) -> str:
    """Return the table of the README."""
    head = ["table", "rows", "score", "recommended", "its score", *RIVALS]
    head += ["against the best of them (95 %)", "stands"]
    text = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for line in lines:
        show = _writer(line["score"])
        rivals = [show(line["rivals"][rival]) for rival in RIVALS]
        ends = [_signed(line[end], show) for end in ("difference", "low", "high")]
        against = f"{line['best']}: {ends[0]} ({ends[1]} to {ends[2]})"
        cells = [line["table"], f"{line['rows']:,}", line["score"]]
        cells += [f"`{line['recommended']}`", show(line["mean"]), *rivals, against]
        cells += ["yes" if line["stands"] else "no"]
        text.append("| " + " | ".join(cells) + " |")
    return "\n".join(text)


def _writer(score: str) -> Callable[[float], str]:
    if score in SHARES:
        return lambda value: f"{100 * value:.2f}"
    return lambda value: f"{value:.3g}"


def _signed(value: float, show: Callable[[float], str]) -> str:
    sign = "+" if value >= 0 else "\N{MINUS SIGN}"
    return f"{sign}{show(abs(value))}"


def main() -> None:
    """Compare what is missing, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--tables", nargs="+", choices=TABLES, default=list(TABLES))
    parser.add_argument("--out", type=Path, default=HERE / "tables.json")
    parser.add_argument("--runs", type=Path, default=Path("table_runs"))
    asked = parser.parse_args()
    asked.runs.mkdir(exist_ok=True)
    kept = {"tables": []}
    if asked.out.exists():
        kept = json.loads(asked.out.read_text(encoding="utf-8"))
    there = {line["table"] for line in kept["tables"]}
    for name in asked.tables:
        if name not in there:
            kept["tables"].append(compare(name, asked.runs))
            kept["machine"] = {**describe_machine(), **package_versions()}
            text = json.dumps(kept, indent=1) + "\n"
            asked.out.write_text(text, encoding="utf-8")
    say(write_markdown(kept["tables"]))


if __name__ == "__main__":
    main()
