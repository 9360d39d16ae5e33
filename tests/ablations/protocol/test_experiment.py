"""An experiment is an arm like any other: planned, run, stored, judged and tuned."""

from typing import ClassVar, Literal

import numpy as np
import pytest

from ablations.evidence.evidence import Evidence, NoRuns
from ablations.judging.judgement import give_verdict
from ablations.protocol import experiment as experiment_module
from ablations.protocol.arm import TUNING_SEEDS_START, Arm, TuneConfig
from ablations.protocol.experiment import (
    ExperimentConfig,
    checked,
    experiment_class,
    experiment_kinds,
    parse_experiment,
)
from ablations.protocol.kinds import Comparison
from ablations.protocol.score import ScoreConfig
from ablations.rigs.xor import xor_arm
from ablations.running.plan import make_plan
from ablations.running.runner import execute
from ablations.selfcheck.synthetic import drawn_arm
from ablations.store.store import Store, spec_digest
from ablations.tasks import TaskConfig, make_task
from models.config import ConfigError

LOSS = ScoreConfig(quantity="loss", better="lower", words="loss")
SEEDS = np.arange(20)


class WalkConfig(ExperimentConfig):
    """Walk downhill on a noisy parabola; a step above 2 never comes down."""

    version: ClassVar[int] = 3
    chunk_size: ClassVar[int] = 8

    kind: Literal["walk"] = "walk"
    learning_rate: float = 0.5
    task: TaskConfig | None = None

    def recorded_metrics(self):
        return ("loss",)

    def recorded_steps(self):
        return (0, 10)

    def count_updates(self, task):
        return 10

    def run(self, seeds):
        start = np.array([1 + np.random.default_rng(int(s)).random() for s in seeds])
        end = start * (1 - self.learning_rate) ** 10
        lost = np.abs(end) > 1e3
        return {
            "steps": np.tile([0, 10], (len(seeds), 1)),
            "curve.loss": np.stack([start, np.where(lost, np.nan, np.abs(end))], 1),
            "probe.place": np.stack([start, end], 1)[:, :, None],
            "diverged_at": np.where(lost, 10, -1),
        }


def better(fast: Arm, slow: Arm, direction: str = "less") -> Comparison:
    fields = {"key": "c", "label": "l", "treatment": fast, "control": slow}
    return Comparison(**fields, score=LOSS, margin=0.0, direction=direction)


def run_all(claim, store) -> None:
    while (plan := make_plan([claim], "quick", store)).num_steps:
        execute(plan, store, lambda step: None)


@pytest.fixture
def walking(monkeypatch):
    """Let the kind be found by its name, as those of the package are."""
    kinds = {"walk": WalkConfig}
    monkeypatch.setattr(experiment_module, "experiment_class", kinds.__getitem__)


def test_the_kinds_of_the_package_have_distinct_names_that_parse():
    kinds = experiment_kinds()
    assert kinds
    for name in kinds:
        kind = experiment_class(name)
        assert kind.model_fields["kind"].default == name
        assert kind.__module__.startswith("ablations.experiments.")


def test_the_key_is_of_kind_version_fields_and_rows():
    config = WalkConfig(task=TaskConfig(name="xor"))
    spec = config.specification()
    assert (spec["experiment"], spec["experiment_version"]) == ("walk", 3)
    assert spec["data"] == make_task(TaskConfig(name="xor")).digest
    digests = {
        spec_digest(each.specification())
        for each in (config, WalkConfig(), WalkConfig(learning_rate=0.1), xor_arm())
    }
    assert len(digests) == 4


def test_an_unknown_kind_is_refused_with_the_closest_name():
    with pytest.raises(ConfigError, match="Did you mean 'classical'"):
        parse_experiment({"kind": "clasical"})


def test_an_arm_of_an_experiment_survives_a_round_trip_through_json(walking):
    arm = drawn_arm("walk", WalkConfig(learning_rate=0.25))
    found = Arm.model_validate_json(arm.model_dump_json())
    assert found == arm
    assert isinstance(found.config, WalkConfig)


def test_an_experiment_is_run_in_chunks_and_judged_against_another(
    make_claim, tmp_path
):
    fast = drawn_arm("fast", WalkConfig())
    slow = drawn_arm("slow", WalkConfig(learning_rate=0.1))
    claim = make_claim(better(fast, slow))
    plan = make_plan([claim], "quick", NoRuns())
    assert sorted(stack.num_runs for stack in plan.stacks) == [4, 4, 8, 8, 8, 8]
    assert {stack.name for stack in plan.stacks} == {"walk"}
    with Store.open(tmp_path / "store.sqlite") as store:
        run_all(claim, store)
        verdict = give_verdict(claim, Evidence(store), "quick")
        table = store.load(spec_digest(fast.config.specification()))
    assert verdict.verdict == "supported"
    assert [arm["summary"] for arm in verdict.arms] == [
        "walk, learning rate 0.5",
        "walk, learning rate 0.1",
    ]
    expected = fast.config.run(SEEDS)
    assert set(table.arrays) == set(expected) - {"diverged_at"}
    np.testing.assert_allclose(table.arrays["curve.loss"], expected["curve.loss"])


def test_runs_that_break_down_are_stored_as_diverged(make_claim, tmp_path):
    fast = drawn_arm("fast", WalkConfig())
    claim = make_claim(better(fast, drawn_arm("slow", WalkConfig(learning_rate=5.0))))
    with Store.open(tmp_path / "store.sqlite") as store:
        run_all(claim, store)
        verdict = give_verdict(claim, Evidence(store), "quick")
    assert [arm["diverged"] for arm in verdict.arms] == [0, 20]


def test_the_learning_rate_of_an_experiment_is_tuned_like_any_other(
    make_claim, tmp_path
):
    score = ScoreConfig(quantity="loss", at_most=1e-3, words="arrive")
    tune = TuneConfig(learning_rates=(0.01, 0.6, 5.0), score=score, seeds=10)
    arms = {
        name: drawn_arm(name, WalkConfig(learning_rate=rate), tune)
        for name, rate in (("fast", 0.5), ("slow", 0.1))
    }
    claim = make_claim(better(**arms, direction="no_greater"))
    with Store.open(tmp_path / "store.sqlite") as store:
        run_all(claim, store)
        choice = Evidence(store).choice(arms["slow"], claim.claim.rivals(arms["slow"]))
        chosen = spec_digest(arms["slow"].with_learning_rate(0.6).specification())
        seeds = store.seeds_present(chosen)
    assert choice.learning_rate == 0.6
    assert (seeds >= TUNING_SEEDS_START).sum() == 10


def test_an_arm_without_a_learning_rate_cannot_be_tuned():
    class CoinConfig(ExperimentConfig):
        kind: Literal["coin"] = "coin"

        def recorded_metrics(self):
            return ("heads",)

        def run(self, seeds):
            return {}

    tune = TuneConfig(learning_rates=(0.1, 0.2, 0.3), score=LOSS)
    assert drawn_arm("coin", CoinConfig()).config.get_learning_rate() is None
    with pytest.raises(ConfigError, match="`tune` must be None for runs without"):
        drawn_arm("coin", CoinConfig(), tune)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"curve.loss": None}, "must give 'curve.loss' for 'walk'"),
        ({"steps": None}, "must give 'steps' for 'walk'"),
        ({"diverged_at": None}, "must give 'diverged_at' for 'walk'"),
        ({"curve.loss": np.zeros((20, 3))}, r"'curve.loss' of shape \(20, 2\)"),
        ({"probe.place": np.zeros((2, 20, 1))}, r"'probe.place' of shape \(20, 2\)"),
        ({"other": np.zeros(3)}, r"'other' of shape \(20,\)"),
        ({"diverged_at": np.zeros((20, 2))}, r"'diverged_at' of shape \(20,\)"),
    ],
)
def test_runs_that_do_not_give_what_they_promise_are_refused(change, message):
    config = WalkConfig()
    arrays = {**config.run(SEEDS), **change}
    arrays = {name: array for name, array in arrays.items() if array is not None}
    with pytest.raises(ConfigError, match=message):
        checked(config, SEEDS, arrays)


def test_curves_are_stored_in_single_precision():
    stored, diverged_at = checked(WalkConfig(), SEEDS, WalkConfig().run(SEEDS))
    assert stored["curve.loss"].dtype == stored["probe.place"].dtype == np.float32
    assert diverged_at.tolist() == [-1] * 20
