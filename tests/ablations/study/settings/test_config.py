import tomllib

import pytest

from ablations.study.command import TEMPLATE, config_from, write_template
from ablations.study.settings.config import (
    PRESETS,
    RATES,
    StudyConfig,
    parse_factor,
    read_config,
)
from ablations.study.settings.designs import DESIGNS, make_arms
from ablations.study.settings.usual import DEFAULT_FACTORS
from models.config import ConfigError
from models.search_space import OPTIMIZERS


def test_the_template_is_a_study_and_explains_every_field(tmp_path):
    path = tmp_path / "study.toml"
    write_template(path)
    config = read_config(path)
    assert config.data == "sklearn:breast_cancer"
    for field in StudyConfig.model_fields:
        if field != "name":
            assert f"{field} = " in TEMPLATE or f"[{field}]" in TEMPLATE


def test_what_the_template_comments_out_is_usable_too():
    lines = [
        line.removeprefix("# ")
        for line in TEMPLATE.splitlines()
        if not line.startswith("# ") or " = " in line
    ]
    # What depends on the user's machine, and the other way to name rates, stays out.
    absent = ("build", "store", "drop", "trials", "time")
    kept = [line for line in lines if not line.startswith(absent)]
    StudyConfig.model_validate(tomllib.loads("\n".join(kept)))


def test_a_template_does_not_replace_a_file(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text("mine")
    with pytest.raises(ConfigError, match="must not be there already"):
        write_template(path)
    assert path.read_text() == "mine"


def test_levels_are_read_as_numbers_where_they_are_numbers():
    assert parse_factor("dropout=0,0.2, 0.5") == ("dropout", (0, 0.2, 0.5))
    assert parse_factor("flag=true,false") == ("flag", (True, False))
    assert parse_factor("activation=relu,tanh") == ("activation", ("relu", "tanh"))


@pytest.mark.parametrize("level", ["nan", "inf", "1e400", "1" * 402, "1" * 5000])
def test_a_level_that_no_number_can_hold_stays_a_word(level):
    assert parse_factor(f"depth={level}") == ("depth", (level,))


@pytest.mark.parametrize("text", ["dropout", "=1,2", "dropout=", "dropout=1,,2"])
def test_a_factor_without_name_or_levels_is_refused(text):
    with pytest.raises(ConfigError, match="must be like dropout="):
        parse_factor(text)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"factors": {"dropout": [0, 1.5]}}, "`factors.dropout` must be"),
        ({"factors": {"activation": ["relu", "rleu"]}}, "`factors.activation` must"),
        ({"recipe": {"depth": -1}}, "`recipe.depth` must be"),
        ({"folds": 1}, "`folds` must be at least 2"),
        ({"folds": 3, "repeats": 1}, "at least 4 splits"),
        ({"learning_rates": [0.1, 0.01]}, "`learning_rates` must increase"),
        ({"learning_rates": [0.1], "trials": 2}, "`trials` must be 1"),
        ({"build": "mine"}, "`build` must be like"),
        ({"margin": 0}, "`margin` must be"),
        ({"group": "a", "time": "b"}, "`time` must be left out with `group`"),
        ({"time": "b", "repeats": 2}, "`repeats` must be 1 with `time`"),
        ({"repeats": 100_000}, "at most 1,000 splits together"),
        ({"epochs": 99_999_999_999}, "`epochs` must be at most 10,000"),
        ({"trials": 1000}, "`trials` must be at most 21"),
        ({"factors": {"depth": [10**6]}}, "`factors.depth` must be at most 1,000"),
        ({"factors": {"depth": [10**402]}}, "`factors.depth"),
        ({"scor": "accuracy"}, "Did you mean `score`"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_by_name(fields, words):
    with pytest.raises(ConfigError, match=words):
        StudyConfig(data="sklearn:iris", **fields)


def test_without_a_factory_every_factor_must_be_one_of_ours():
    config = StudyConfig(data="sklearn:iris", factors={"drop": [0, 0.5]})
    with pytest.raises(ConfigError, match="'dropout'"):
        config.check_names()


@pytest.mark.parametrize("name", ["mean", "options", "a b", "<b>", "", "x" * 41])
def test_a_factor_has_a_name_that_tables_can_have_beside_their_own(name):
    with pytest.raises(ConfigError, match="`factors` must"):
        StudyConfig(data="x", build="mine:build", factors={name: [1, 2]})


def test_a_factory_of_the_users_may_have_factors_of_any_name():
    config = StudyConfig(
        data="sklearn:iris", build="mine:build", factors={"gates": [1, 2]}
    )
    recipe = config.plain_recipe("classification").with_levels({"gates": 2})
    assert recipe.level("gates") == 2
    assert recipe.settings()["gates"] == 2


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_tries_equally_many_rates_around_its_usual_one(optimizer):
    for preset, spent in PRESETS.items():
        rates = StudyConfig(data="x", preset=preset).rates(optimizer)
        assert len(rates) == spent["trials"]
        assert list(rates) == sorted(set(rates))
        assert rates[len(rates) // 2] == RATES[optimizer]


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("task", ["classification", "regression"])
@pytest.mark.parametrize("design", DESIGNS)
def test_the_usual_factors_make_a_study_under_every_design(preset, task, design):
    config = StudyConfig(data="x", preset=preset, design=design)
    arms = make_arms(design, config.levels(task)).arms
    plain = config.plain_recipe(task)
    recipes = [plain.with_levels(dict(arm.levels)) for arm in arms]
    assert len(set(recipes)) == len(recipes)


def test_the_first_level_of_every_usual_factor_is_that_of_the_plain_recipe():
    plain = StudyConfig(data="x").plain_recipe("classification")
    for factors in DEFAULT_FACTORS.values():
        for name, levels in factors.items():
            if levels:
                assert plain.level(name) == levels[0]


def test_options_change_what_a_file_says(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text('data = "sklearn:iris"\nfolds = 5\n[factors]\ndepth = [1, 2]\n')
    config = config_from(path, ["width=8,16"], folds=10, repeats=None)
    assert (config.folds, config.factors) == (10, {"width": (8, 16)})


def test_a_study_needs_data():
    with pytest.raises(ConfigError, match="`data` must be given"):
        config_from(None, None)


@pytest.mark.parametrize("text", ["data = ", "\ud800", "data = 1", "[[data]]"])
def test_a_file_that_is_no_study_is_refused(tmp_path, text):
    path = tmp_path / "study.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(ConfigError):
        read_config(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        read_config(tmp_path / "none.toml")
