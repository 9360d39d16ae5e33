"""Write `conditions.json`: a sample of published conditions, as anybody can read them.

    python benchmarks/replication/export.py

Of each chapter the sample takes the conditions whose names have the smallest digests,
so that nobody picks; only what `retrain.py` can train is among them, at most two of a
claim and none twice.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ablations.claims.registry import all_claims
from ablations.judging.outcome import Outcome
from ablations.judging.standing import published_verdicts
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.network_runs import ArmConfig
from ablations.protocol.prediction import Prediction
from ablations.protocol.score import ScoreConfig

CONDITIONS = Path(__file__).resolve().parent / "conditions.json"
PER_CHAPTER = 12
MOST_OF_A_CLAIM = 2
RUNS = {"depth": 10, "regularization": 20, "xor": 500}
"""Runs of an arm that are retrained, by chapter; of others nothing is sampled."""

DEEPEST = 20
MOST_WORK = 50_000_000
"""Weights times updates of a run, so that all is retrained within minutes."""

TASKS = ("xor", "xnor", "gmm10", "regression8")
QUANTITIES = ("solved", "max_error", "loss", "accuracy", "squared_error")


def conditions() -> list[dict[str, Any]]:
    """Return the sample, chapter by chapter."""
    found: list[dict[str, Any]] = []
    for chapter in RUNS:
        drawn = sorted(_candidates(chapter), key=_digest)
        per_claim: Counter[str] = Counter()
        arms: set[str] = set()
        mine: list[dict[str, Any]] = []
        for each in drawn:
            trained = json.dumps([each["kind"], each["arms"]], sort_keys=True)
            if per_claim[each["claim"]] < MOST_OF_A_CLAIM and trained not in arms:
                mine.append(each)
                per_claim[each["claim"]] += 1
                arms.add(trained)
        found += mine[:PER_CHAPTER]
    return found


def _digest(condition: dict[str, Any]) -> str:
    name = f"{condition['claim']}/{condition['key']}"
    return hashlib.sha256(name.encode()).hexdigest()


def _candidates(chapter: str) -> Iterator[dict[str, Any]]:
    published = published_verdicts()
    for registered in all_claims().values():
        if registered.chapter != chapter:
            continue
        verdict = published[registered.id]
        rates = {arm["name"]: arm.get("learning_rate") for arm in verdict.arms}
        outcomes = {outcome.key: outcome for outcome in verdict.outcomes}
        for prediction in registered.claim.everything:
            outcome = outcomes[prediction.key]
            if _can_retrain(registered.claim, prediction, outcome):
                yield _condition(registered.id, prediction, outcome, rates)


def _can_retrain(claim: Claim, prediction: Prediction, outcome: Outcome) -> bool:
    plain = prediction.kind in ("success_rate", "comparison")
    if not plain or getattr(prediction, "among", None) or outcome.estimate is None:
        return False
    return all(_can_train(arm, score) for arm, score in prediction.reads())


def _can_train(arm: Arm, score: ScoreConfig) -> bool:
    config = arm.config
    if not isinstance(config, ArmConfig) or config.engine != "stack":
        return False
    model, training = config.model, config.training
    is_probed = score.quantity == "first_gradient" and score.at == 0
    return (
        config.task.name in TASKS
        and config.task.labels in (None, "true")
        and len(model.hidden_units) <= DEEPEST
        and model.parameter_count()[1] * (training.num_steps or 0) <= MOST_WORK
        and not isinstance(model.activation, tuple)
        and not isinstance(model.kernel_initializer, tuple)
        and not isinstance(model.dropout, tuple)
        and not (model.input_dropout or model.input_skip or model.l1)
        and model.batch_norm != "after"
        and model.dropout_target == "activations"
        and not (model.gaussian_noise and model.noise_kind == "additive")
        and not (model.batch_norm and config.task.num_train % training.batch_size)
        and training.optimizer.name in ("sgd", "adam", "rmsprop")
        and not training.frozen_layers
        and training.early_stopping is None
        and training.schedule.name == "constant"
        and (is_probed or score.quantity.removeprefix("test_") in QUANTITIES)
    )


def _condition(
    claim: str, prediction: Prediction, outcome: Outcome, rates: dict[str, float | None]
) -> dict[str, Any]:
    return {
        "claim": claim,
        "key": prediction.key,
        "label": prediction.label,
        "kind": prediction.kind,
        "unit": outcome.unit,
        "estimate": outcome.estimate,
        "low": outcome.low,
        "high": outcome.high,
        "n": outcome.n,
        "runs": min(outcome.n, RUNS[all_claims()[claim].chapter]),
        "arms": [_arm(arm, score, rates) for arm, score in prediction.reads()],
    }


def _arm(
    arm: Arm, score: ScoreConfig, rates: dict[str, float | None]
) -> dict[str, Any]:
    """Return what an arm trains, at the rate that tuning chose, and what is read."""
    config, rate = arm.config, rates.get(arm.name)
    if arm.tune is not None and rate is not None:
        config = config.with_learning_rate(rate)
    plain = config.model_dump(mode="json")
    training = plain["training"]
    optimizer = training["optimizer"].items()
    training["optimizer"] = {k: v for k, v in optimizer if v is not None}
    kept = ("optimizer", "loss", "batch_size", "clip_value", "clip_norm")
    # Moving averages, the default, are not written down.
    stated = {k: v for k, v in training.items() if k == "batch_norm_statistics"}
    return {
        "task": plain["task"],
        "model": plain["model"],
        "training": {k: training[k] for k in (*kept, "clip_global_norm")} | stated,
        "updates": score.at if score.at is not None else training["num_steps"],
        "quantity": score.quantity,
        "at_least": score.at_least,
        "at_most": score.at_most,
        "better": score.better,
        "failed_value": score.failed_value,
    }


def main() -> None:
    """Write the file."""
    text = json.dumps(conditions(), indent=1, sort_keys=True)
    CONDITIONS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
