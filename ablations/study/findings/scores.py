"""Score every run of a study, and lay the scores out as frames."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ablations.study.findings import analysis
from ablations.study.findings.analysis import Terms
from ablations.study.training.baselines import DUMMY, wanted_baselines
from ablations.study.training.scoring import Judged, scores_of, with_penalty
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
        """Score what was judged, with that of the dummy for what diverged."""
        self._setup, self._judged = setup, judged
        splits, name = setup.splits, setup.score.name
        plain = {
            key: {
                k.removeprefix("curve."): np.asarray(v, float) for k, v in one.items()
            }
            for key, one in baselines.items()
        }
        self._told = {
            key: {part: scores_of(one, part, splits) for part in ("val", "test")}
            for key, one in plain.items()
        }
        self._all = {
            key: {
                part: with_penalty(
                    scores_of(one.metrics, part, splits),
                    one.diverged,
                    self._told[DUMMY][part],
                )
                for part in ("val", "test")
            }
            for key, one in judged.items()
        }
        self.test = {k: one["test"][name].mean(axis=1) for k, one in self._all.items()}
        self.val = {k: one["val"][name].mean(axis=1) for k, one in self._all.items()}
        self.baselines = {k: one["test"][name] for k, one in self._told.items()}

    def runs_frame(self) -> pd.DataFrame:
        """Return one row per judged run."""
        import pandas as pd

        folds, name, rows = self._setup.splits.folds, self._setup.score.name, []
        for arm, one in self._judged.items():
            tested, val = self._all[arm]["test"], self._all[arm]["val"][name]
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
        for arm, told in self._told.items():
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
                        "score": float(told["test"][name][j]),
                        "val_score": float(told["val"][name][j]),
                        **{k: float(v[j]) for k, v in told["test"].items()},
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
                values, terms.test_to_train, is_share=self._setup.score.is_share
            )
            numbers = stored[name]["setting"].astype(int)
            settings = wanted[name].settings[int(np.bincount(numbers).argmax())]
            rows.append(
                {
                    "baseline": name,
                    "mean": mean,
                    "low": low,
                    "high": high,
                    "sd": float(np.std(values, ddof=1)),
                    "settings": ", ".join(f"{k}={v:g}" for k, v in settings.items()),
                    "rounds": round(float(np.median(stored[name]["rounds"]))),
                    "seconds": float(np.mean(stored[name]["seconds"])),
                }
            )
        return pd.DataFrame(rows)
