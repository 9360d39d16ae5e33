"""Record how the learning rate of an arm was chosen, and what it brought."""

from __future__ import annotations

from typing import Any

import numpy as np

from ablations.evidence.scores import score
from ablations.judging.case import Case
from ablations.protocol.arm import Arm
from ablations.protocol.run_config import RunConfig
from ablations.protocol.score import ScoreConfig


def tuning_record(case: Case, arm: Arm) -> dict[str, Any]:
    """Return what tuning an arm tried and chose, empty for an arm without tuning.

    Returns:
        The chosen `learning_rate`; the mean score at each rate `tried`, in
        `num_trials`; how many of them the grid has grown by, `num_widened`; whether
        the best is `at_edge`; the mean score of the `tuned` arm on the seeds that
        judge; and, where the claim wants it shown, `default` with the rate of the
        config and its score there.
    """
    choice = case.choice(arm)
    if arm.tune is None or choice is None:
        return {}
    record: dict[str, Any] = {
        "learning_rate": choice.learning_rate,
        "tried": {f"{rate:.12g}": mean for rate, mean in choice.tried.items()},
        "num_trials": choice.num_trials,
        "num_widened": choice.num_widened,
        "at_edge": choice.at_edge,
        "tuned": _mean(case, arm, choice.config, arm.tune.score),
    }
    if arm.tune.show_default:
        record["default"] = {
            "learning_rate": arm.config.get_learning_rate(),
            "score": _mean(case, arm, arm.config, arm.tune.score),
        }
    return record


def _mean(case: Case, arm: Arm, config: RunConfig, measured: ScoreConfig) -> float:
    """Return the mean score on the seeds that judge, NaN where a run has none."""
    table = case.evidence.runs(config, case.seeds_of(arm))
    return float(np.mean(score(table, measured))) if len(table) else float("nan")
