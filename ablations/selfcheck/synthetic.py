"""Hand scores that were drawn, not trained, to the functions that judge."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from ablations.evidence.evidence import Evidence, NoRuns
from ablations.judging.case import Case
from ablations.protocol.arm import TUNING_SEEDS_START, Arm, TuneConfig
from ablations.protocol.claim import Claim, RegisteredClaim, SeedPlan
from ablations.protocol.network_runs import ArmConfig
from ablations.protocol.prediction import Prediction
from ablations.protocol.run_config import RunConfig
from ablations.protocol.score import ScoreConfig
from ablations.store.table import RunTable
from ablations.tasks import TaskConfig
from ablations.training.config import OptimizerConfig, TrainingConfig
from models.config import ActivationConfig, MLPConfig

VALUE = ScoreConfig(quantity="value", better="higher", words="score")
SUCCESS = ScoreConfig(quantity="solved", at_least=1.0, words="succeed")
RELU = ActivationConfig(name="relu")
BUDGET = 200
"""Updates that runs have to reach a target in."""


Data = Literal["score", "success", "time", "measured"]
"""What the runs of an arm are drawn as."""


@lru_cache(maxsize=1_024)
def drawn_arm(
    name: str, config: ArmConfig | None = None, tune: TuneConfig | None = None
) -> Arm:
    """Return an arm of this name; arms of different names have different networks."""
    return Arm(levels={"arm": name}, config=config or _config_of(name), tune=tune)


def _config_of(name: str) -> ArmConfig:
    width = 2 + zlib.crc32(name.encode())
    return ArmConfig(
        task=TaskConfig(name="xor"),
        model=MLPConfig(input_units=2, hidden_units=(width,), activation=RELU),
        training=TrainingConfig(
            optimizer=OptimizerConfig(name="sgd", learning_rate=0.5), num_steps=BUDGET
        ),
    )


class Drawn(Evidence):
    """Runs by what they are, in place of a store."""

    def __init__(
        self,
        tables: Mapping[RunConfig, RunTable],
        numbers: Mapping[str, dict[str, np.ndarray]] | None = None,
    ) -> None:
        """Use these tables, and these numbers of measurements."""
        super().__init__(NoRuns())
        self._drawn = tables
        self._numbers = numbers or {}

    def measurement(self, name: str) -> dict[str, np.ndarray] | None:
        """Return the numbers of a measurement by name, or None if it was not made."""
        return self._numbers.get(name)

    def runs(
        self, config: RunConfig, num_seeds: int, first_seed: int | None = None
    ) -> RunTable:
        """Return the runs there are with seeds in [first_seed, first_seed + n)."""
        first_seed = self.first_seed if first_seed is None else first_seed
        table = self._drawn.get(config)
        if table is None:
            return NoRuns().load("")
        inside = (table.seeds >= first_seed) & (table.seeds < first_seed + num_seeds)
        return table if inside.all() else table.select(inside)


def table_of(
    values: np.ndarray,
    *,
    metric: str = "value",
    seeds: np.ndarray | None = None,
    status: Sequence[str] | None = None,
    steps: Sequence[int] = (BUDGET,),
    machine: Mapping[str, str] | None = None,
) -> RunTable:
    """Return runs with these values of a metric, `[S]` or a curve `[S, T]`."""
    size = len(values)
    return RunTable(
        seeds=np.arange(size) if seeds is None else np.asarray(seeds),
        status=np.full(size, "ok") if status is None else np.asarray(status),
        diverged_at=np.full(size, -1),
        arrays={
            f"curve.{metric}": np.reshape(values, (size, -1)),
            "steps": np.tile(steps, (size, 1)),
        },
        machines=() if machine is None else (dict(machine),),
    )


def times_table(times: np.ndarray) -> RunTable:
    """Return runs that reach their target at these times `[S]`, at most `BUDGET`."""
    steps = np.arange(BUDGET + 1)
    return table_of(
        (steps >= times[:, None]) * 1.0, metric="solved", steps=steps.tolist()
    )


def make_claim(*core: Prediction, **fields: Any) -> RegisteredClaim:
    """Return a claim with this core; `fields` are further ones of the claim."""
    claim = Claim(
        statement="Drawn scores tell what was planted.",
        rows=("SELF-1",),
        source="selfcheck",
        core=core,
        seeds=SeedPlan(quick=20, standard=20, full=20),
        **fields,
    )
    return RegisteredClaim("drawn_scores_tell", "selfcheck", "Why.", claim)


def evidence_of(
    claim: Claim, scores: Mapping[str, np.ndarray | RunTable], metric: str = "value"
) -> Drawn:
    """Return evidence with one table per arm, from scores `[S]` or as given."""
    return Drawn(
        {
            claim.arms[name].config: (
                values
                if isinstance(values, RunTable)
                else table_of(values, metric=metric)
            )
            for name, values in scores.items()
        }
    )


def case_of(
    claim: Claim,
    scores: Mapping[str, np.ndarray | RunTable],
    num_seeds: int,
    metric: str = "value",
) -> Case:
    """Return the case that a claim has with these scores."""
    return Case(claim, evidence_of(claim, scores, metric), "quick", num_seeds)


def case_of_draw(prediction: Prediction, data: Data, scores: np.ndarray) -> Case:
    """Return the case of a claim of one prediction, from one draw `[arms, n]`."""
    claim = claim_of(prediction).claim
    if data == "measured":
        return Case(claim, Drawn({}, {"measured": {"value": scores[0]}}), "quick")
    by_arm = dict(zip(claim.arms, scores, strict=True))
    if data == "time":
        tables = {arm: times_table(times) for arm, times in by_arm.items()}
        return case_of(claim, tables, scores.shape[-1])
    metric = "solved" if data == "success" else "value"
    return case_of(claim, by_arm, scores.shape[-1], metric)


@lru_cache(maxsize=64)
def claim_of(prediction: Prediction) -> RegisteredClaim:
    """Return a claim of one prediction."""
    return make_claim(prediction)


def tuning_seeds(num_seeds: int) -> np.ndarray:
    """Return the seeds that choose and never judge `[S]`."""
    return np.arange(TUNING_SEEDS_START, TUNING_SEEDS_START + num_seeds)
