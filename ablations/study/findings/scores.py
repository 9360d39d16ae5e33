"""Score every run of a study, and lay the scores out as frames."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from ablations.study.findings import analysis
from ablations.study.findings.analysis import Terms
from ablations.study.training.baselines import outputs_of, wanted_baselines
from ablations.study.training.chosen_score import scores_of
from ablations.study.training.scoring import Judged, score_splits, score_test_rows
from ablations.study.training.setup import Setup

if TYPE_CHECKING:
    import pandas as pd


class Scores:
    """The scores of every arm and baseline of a study, on every split `[J]`.

    Attributes:
        test: On the test rows, by arm.
        val: On the validation rows, by arm.
        baselines: On the test rows, by baseline.
    """

    def __init__(
        self,
        setup: Setup,
        judged: Mapping[str, Judged],
        baselines: Mapping[str, Mapping[str, np.ndarray]],
    ) -> None:
        """Score what was judged."""
        self._setup, self._judged = setup, judged
        self._values: dict[str, np.ndarray] = {}
        splits, name = setup.splits, setup.score.name
        self._outputs = {
            **{key: outputs_of(one) for key, one in baselines.items()},
            **{key: one.outputs for key, one in judged.items()},
        }
        names = scores_of(setup.dataset, name)
        self._tested = {
            key: score_splits(names, one, "test", splits)
            for key, one in self._outputs.items()
        }
        self._val = {
            key: score_splits([name], one, "val", splits)[name]
            for key, one in self._outputs.items()
        }
        means = {key: one[name].mean(axis=1) for key, one in self._tested.items()}
        self.test = {key: means[key] for key in judged}
        self.val = {key: self._val[key].mean(axis=1) for key in judged}
        self.baselines = {key: means[key] for key in baselines}

    def values(self, name: str) -> np.ndarray:
        """Return what every test adds to the score of an arm or baseline `[L]`.

        Split after split; the mean over the rows of a split is the score there.
        """
        if name not in self._values:
            score, splits = self._setup.score.name, self._setup.splits
            # [J, S, N]
            rows = score_test_rows(score, self._outputs[name], splits)
            self._values[name] = rows.mean(axis=1).ravel()
        return self._values[name]

    def runs_frame(self) -> pd.DataFrame:
        """Return one row per judged run."""
        import pandas as pd

        folds, name, rows = self._setup.splits.folds, self._setup.score.name, []
        for arm, one in self._judged.items():
            tested, val = self._tested[arm], self._val[arm]
            for j, s in np.ndindex(one.epochs.shape):
                rows.append(
                    {
                        "arm": arm,
                        "kind": "net",
                        "repeat": folds[j].repeat,
                        "split": folds[j].split,
                        "seed": s,
                        "learning_rate": float(one.rates[j]),
                        "epoch": int(one.epochs[j, s]),
                        "score": float(tested[name][j, s]),
                        "val_score": float(val[j, s]),
                        **{k: float(v[j, s]) for k, v in tested.items()},
                        "diverged": bool(one.diverged[j, s]),
                    }
                )
        for arm in self.baselines:
            tested, val = self._tested[arm], self._val[arm]
            for j, fold in enumerate(folds):
                rows.append(
                    {
                        "arm": arm,
                        "kind": "baseline",
                        "repeat": fold.repeat,
                        "split": fold.split,
                        "seed": 0,
                        "learning_rate": math.nan,
                        "epoch": 0,
                        "score": float(tested[name][j, 0]),
                        "val_score": float(val[j, 0]),
                        **{k: float(v[j, 0]) for k, v in tested.items()},
                        "diverged": False,
                    }
                )
        return pd.DataFrame(rows)

    def baseline_frame(
        self, terms: Terms, stored: Mapping[str, Mapping[str, np.ndarray]]
    ) -> pd.DataFrame:
        """Return one row per baseline."""
        import pandas as pd

        wanted = {b.name: b for b in wanted_baselines(True)}
        rows = []
        for name, values in self.baselines.items():
            mean, low, high = analysis.mean_and_interval(
                self.values(name), terms, is_share=self._setup.score.is_share
            )
            numbers = stored[name]["setting"].astype(int)
            settings = wanted[name].settings[int(np.bincount(numbers).argmax())]
            ways = self._setup.ways.of(wanted[name])
            chosen = np.bincount(stored[name]["preparation"].astype(int)).argmax()
            rows.append(
                {
                    "baseline": name,
                    "mean": mean,
                    "low": low,
                    "high": high,
                    "sd": float(np.std(values, ddof=1)),
                    "settings": ", ".join(f"{k}={v:g}" for k, v in settings.items()),
                    **asdict(ways[int(chosen)]),
                    "rounds": round(float(np.median(stored[name]["rounds"]))),
                    "seconds": float(np.mean(stored[name]["seconds"])),
                }
            )
        return pd.DataFrame(rows)
