"""A task's config has the settings that the task reads, and refuses all others."""

import pytest

from ablations.protocol.arm import Arm
from ablations.protocol.network_runs import ArmConfig
from ablations.rigs.xor import xor_arm
from ablations.tasks import DRAWN, FIXED, TaskConfig
from ablations.tasks.config import NUM_CLASSES, NUM_ROWS_TO_SPLIT, REGRESSIONS, SETTINGS
from models.config import ConfigError


def test_every_task_has_settings_and_a_maker():
    assert set(SETTINGS) == set(FIXED) | set(DRAWN)
    assert not set(FIXED) & set(DRAWN)
    assert set(NUM_ROWS_TO_SPLIT) | set(NUM_CLASSES) | set(REGRESSIONS) <= set(DRAWN)


@pytest.mark.parametrize("name", FIXED)
def test_a_task_without_settings_is_dumped_as_its_name_alone(name):
    assert TaskConfig(name=name).model_dump() == {"name": name}


@pytest.mark.parametrize("name", DRAWN)
def test_what_is_not_given_is_what_the_table_says(name):
    config = TaskConfig(name=name)
    told = {k: v for k, v in SETTINGS[name].items() if v is not None}
    assert config.model_dump() == {"name": name, **told}
    assert config == TaskConfig(name=name, **SETTINGS[name])
    assert TaskConfig.model_validate_json(config.model_dump_json()) == config
    assert config.replace(num_train=20).num_train == 20


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_that_the_task_does_not_read_is_refused_by_name(name):
    others = set(TaskConfig.model_fields) - {"name", *SETTINGS[name]}
    values = {
        "activation": "tanh",
        "labels": "random",
        "features": "raw",
        "scaling": "raw",
        "targets": "one_hot",
        "label_noise": 0.1,
        "wrong_labels": 0.1,
    }
    for field in others:
        with pytest.raises(ConfigError, match=f"^`{field}` is not a setting of"):
            TaskConfig(name=name, **{field: values.get(field, 2)})


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"name": "gmm10", "targets": "single"}, "`targets` must be one of"),
        ({"name": "gmm10", "num_classes": 1}, "`num_classes` must be at least 2"),
        ({"name": "gmm10", "targets": "signed"}, "`targets` must be one of"),
        ({"name": "regression8", "targets": "one_hot"}, "`targets` must be one of"),
        ({"name": "wine", "features": "shuffled_pixels"}, "`features` must be one of"),
        ({"name": "wine", "scaling": "unit"}, "`scaling` must be one of"),
        (
            {"name": "wine", "features": "engineered", "scaling": "raw"},
            "`scaling` must be 'standardized' for engineered",
        ),
        ({"name": "digits", "num_train": 1200}, "must together be at most 1,300"),
        ({"name": "tabular", "num_useful": 21}, "`num_useful` must be at most"),
        (
            {"name": "gmm10", "num_train": 10**10},
            "`task` must make at most 100,000,000",
        ),
        (
            {"name": "tabular", "num_inputs": 50, "num_useful": 40},
            "`num_useful` must be at most 14",
        ),
        ({"name": ["gmm10"]}, "`name` must be a string"),
        ({"name": "gmm10", "label_noise": 1.0}, "`label_noise` must be at least 0"),
        (
            {"name": "iris", "label_noise": 0.1, "wrong_labels": 0.1},
            "`wrong_labels` must be 0 where `label_noise` or `labels` changes",
        ),
        (
            {"name": "iris", "labels": "random", "wrong_labels": 0.1},
            "`wrong_labels` must be 0 where `label_noise` or `labels` changes",
        ),
        ({"name": "diabetes", "wrong_labels": 0.1}, "`wrong_labels` is not a setting"),
        ({"name": "gmm10", "num_trian": 5}, "`num_trian` is not a field"),
    ],
)
def test_settings_that_do_not_fit_are_refused_by_name(settings, message):
    with pytest.raises(ConfigError, match=message):
        TaskConfig(**settings)


def test_an_error_does_not_fill_the_screen_with_what_was_received():
    with pytest.raises(ConfigError) as caught:
        TaskConfig(name="xor", spread="x" * 100_000)
    assert len(str(caught.value)) < 500


def test_no_wrong_labels_are_written_as_they_always_were():
    none = TaskConfig(name="gmm10", wrong_labels=0.0)
    assert none == TaskConfig(name="gmm10")
    assert "wrong_labels" not in none.model_dump()
    assert TaskConfig(name="gmm10", wrong_labels=0.1).model_dump()["wrong_labels"]
    assert TaskConfig(name="gmm10", wrong_labels=0.1).replace(wrong_labels=0) == none


def test_two_classes_may_have_a_single_column():
    for settings in ({"name": "spirals"}, {"name": "gmm10", "num_classes": 2}):
        assert TaskConfig(**settings, targets="single").class_count() == 2


def test_a_setting_that_is_not_read_cannot_be_asked_for():
    assert TaskConfig(name="gmm10").setting("spread") == 0.55
    with pytest.raises(ConfigError, match="`setting` must be one of"):
        TaskConfig(name="spirals").setting("spread")


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"name": "xor"}, False),
        ({"name": "wine"}, True),
        ({"name": "wine", "num_val": 0}, False),
        ({"name": "gmm10"}, True),
        ({"name": "gmm10", "num_test": 0}, False),
    ],
)
def test_a_task_is_split_if_rows_are_held_out_to_choose_and_to_test(settings, expected):
    assert TaskConfig(**settings).is_split is expected


def test_an_arm_of_a_task_without_settings_is_written_as_it_always_was():
    config = xor_arm()
    text = Arm(levels={"program": "printed"}, config=config).model_dump_json()
    assert '"config":{"task":{"name":"xor"},"model":{' in text
    assert isinstance(Arm.model_validate_json(text).config, ArmConfig)
    assert Arm.model_validate_json(text).config == config
