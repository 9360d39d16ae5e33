"""An arm's key is that of the runs that are stored and published."""

import pytest

from ablations.protocol.arm import Arm, TuneConfig, name_of
from ablations.protocol.network_runs import ArmConfig
from ablations.rigs.xor import (
    PRINTED,
    PRINTED_FIT,
    single_neuron,
    solved,
    width_arm,
    xor_arm,
)
from ablations.store.codec import spec_digest
from ablations.tasks import TaskConfig, make_task
from ablations.training.config import EarlyStoppingConfig
from models.config import ConfigError

PUBLISHED = {
    "printed": (
        PRINTED,
        "24eec6bf1183ab46f3e46b5c1b928477b4a892684e196b4308235befe1c3f6df",
    ),
    "by fit": (
        PRINTED_FIT,
        "b1f2ce9811737185fa16753433d6ae69c6165313b73c8d67d3a615b0db7b0a77",
    ),
    "neuron": (
        single_neuron(),
        "0ade6c938e91233078e48a2fed048c2ce5ae2d797a9c00c46f103d9e05ac81bc",
    ),
    "eight": (
        width_arm(8, "relu"),
        "5d599331fa922fdc82024b1d55e9b1014edb31332a1b99606990f248eb8672ce",
    ),
}
"""Keys of published runs; to change one is to throw the runs away."""


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_keys_of_published_runs_stay(name):
    config, digest = PUBLISHED[name]
    assert spec_digest(config.specification()) == digest


def test_settings_of_the_task_change_the_key_and_the_stack():
    def on(**settings) -> ArmConfig:
        return xor_arm(input_units=20, output_units=10).replace(
            task=TaskConfig(name="gmm10", **settings)
        )

    one, other = on(), on(spread=0.9)
    assert spec_digest(one.specification()) != spec_digest(other.specification())
    assert one.structure() != other.structure()
    assert one.structure() == on(num_train=4000).structure()


def test_another_learning_rate_changes_nothing_else():
    config = xor_arm(learning_rate=0.05)
    changed = config.with_learning_rate(0.5)
    assert changed.get_learning_rate() == 0.5
    assert changed == xor_arm(learning_rate=0.5)
    assert changed.structure() == config.structure()


def test_an_arm_says_what_it_records_and_how_long_it_trains():
    config = xor_arm(num_steps=100)
    assert config.recorded_metrics() == ("loss", "max_error", "solved")
    assert config.recorded_steps() == (0, 10, 20, 50, 100)
    task = make_task(config.task)
    assert config.count_updates(task) == 100
    assert config.count_rows_seen(task, 100) == 400
    assert config.count_settings() == 1
    training = config.training
    stopping = training.replace(early_stopping=EarlyStoppingConfig(monitor="loss"))
    epochs = training.replace(num_steps=None, epochs=3)
    for changed in (stopping, epochs):
        assert config.replace(training=changed).recorded_steps() is None


ONE = {"arm": "one"}


@pytest.mark.parametrize(
    ("levels", "name"),
    [
        ({"optimizer": "SGD"}, "SGD"),
        ({"batch norm": True}, "batch norm"),
        ({"batch_norm": True, "skip": False}, "batch norm"),
        ({"depth": 8}, "depth 8"),
        ({"learning_rate": 0.05}, "learning rate 0.05"),
        ({"rows": 40_000}, "rows 40,000"),
        ({"rate": 1e-7}, "rate 1e-07"),
        (
            {"optimizer": "SGD", "batch norm": True, "skip": False, "depth": 8},
            "SGD, batch norm, depth 8",
        ),
        ({"note": "", "depth": 1}, "depth 1"),
        ({"width": 0}, "width 0"),
        ({}, ""),
    ],
)
def test_levels_are_said_in_words_in_their_order(levels, name):
    assert name_of(levels) == name


def test_an_arm_is_called_by_its_levels_and_keeps_those_that_are_off():
    arm = Arm(levels={"optimizer": "SGD", "skip": False}, config=PRINTED)
    assert arm.name == "SGD"
    assert arm.levels == {"optimizer": "SGD", "skip": False}
    more = arm.with_levels(skip=True, depth=2)
    assert (more.name, more.config) == ("SGD, skip, depth 2", arm.config)


@pytest.mark.parametrize("levels", [{}, {"skip": False}, {"note": ""}])
def test_levels_that_name_nothing_are_refused(levels):
    with pytest.raises(ConfigError, match="`levels` must name the arm"):
        Arm(levels=levels, config=PRINTED)


def test_the_digest_of_an_arm_is_of_its_runs_and_not_of_its_name():
    tune = TuneConfig(learning_rates=(0.1, 0.2, 0.3), score=solved())
    arm = Arm(levels=ONE, config=PRINTED)
    other = Arm(levels={"arm": "two"}, config=PRINTED)
    assert arm.digest == other.digest
    assert arm != other
    changed = (
        arm.replace(config=width_arm(8, "relu")),
        arm.replace(max_seeds=7),
        arm.replace(tune=tune),
    )
    assert len({a.digest for a in (arm, *changed)}) == 4


def test_what_is_cached_beside_the_fields_changes_nothing():
    fresh, used = (Arm(levels=ONE, config=PRINTED) for _ in range(2))
    assert (used.name, len(used.digest)) == ("one", 64)
    assert used == fresh
    assert hash(used) == hash(fresh)
    assert used.model_dump_json() == fresh.model_dump_json()
    assert used.replace(max_seeds=7) == fresh.replace(max_seeds=7)


def test_an_arm_of_neither_kind_is_refused():
    with pytest.raises(ConfigError, match="`model` is required by ArmConfig"):
        Arm(levels=ONE, config={"task": {"name": "xor"}})
    with pytest.raises(ConfigError, match="`kind` must be one of"):
        Arm(levels=ONE, config={"kind": "nothing"})
