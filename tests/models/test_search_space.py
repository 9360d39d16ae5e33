"""What a search may choose."""

import pytest

from models.config import ConfigError, MLPConfig
from models.search_space import OFF, Range, SearchSpace, configure, parse_field

BASE = MLPConfig(input_units=3, hidden_units=(), output_units=2)
VALUES = {
    "activation": "tanh",
    "initializer": "he_normal",
    "depth": 3,
    "width": 8,
    "dropout": 0.25,
    "l2": 1e-3,
    "batch_norm": OFF,
    "skip": OFF,
}


class Defaults:
    """Stand where KerasTuner declares hyperparameters, and choose the defaults."""

    def __init__(self) -> None:
        self.declared = {}

    def Choice(self, name, values, default):
        self.declared[name] = values
        return default

    def Float(self, name, low, high, sampling):
        self.declared[name] = (low, high, sampling)
        return low

    def Fixed(self, name, value):
        return value


def test_a_field_of_one_choice_is_no_dimension_of_the_search():
    hp = Defaults()
    values = SearchSpace(depth=(3,), width=(64, 8)).declare(hp)
    assert set(values) == set(SearchSpace.model_fields)
    assert values["depth"] == 3
    assert "depth" not in hp.declared
    assert values["width"] == 64
    assert hp.declared["width"] == [8, 64]


def test_the_values_of_a_space_make_the_network():
    network = configure(BASE, VALUES)
    assert network.hidden_units == (8, 8, 8)
    assert network.batch_norm is None
    assert network.per_layer("dropout") == (0.25,) * 3
    changed = configure(BASE, VALUES | {"batch_norm": "after", "skip": "residual"})
    assert (changed.batch_norm, changed.skip) == ("after", "residual")


def test_levels_include_both_ends():
    assert Range(low=0.0, high=1.0).levels(3) == (0.0, 0.5, 1.0)
    assert Range(low=1e-4, high=1e-2, log=True).levels(3) == (1e-4, 1e-3, 1e-2)
    assert Range(low=1.0, high=4.0, log=True).levels(1) == (2.0,)


def test_the_size_is_that_of_the_full_grid():
    one = {field: getattr(SearchSpace(), field)[:1] for field in ("width", "depth")}
    space = SearchSpace(**one, activation=("relu", "elu"), batch_norm=(OFF,))
    # Two activations, two initializers and three ranges.
    assert space.size(levels=5) == 2 * 2 * 5**3


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"activation": ("rleu",)}, "Did you mean 'relu'"),
        ({"optimizer": ()}, "`optimizer` must hold different choices"),
        ({"width": (8, 8)}, "`width` must hold different choices"),
        ({"dropout": (1.0,)}, "dropout"),
        ({"dropout": Range(low=0.0, high=1.0)}, "`dropout.high` must be less than 1"),
        ({"l2": Range(low=-1.0, high=1.0)}, "`l2.low` must not be negative"),
        ({"batch_norm": ("inside",)}, "`batch_norm` must be one of"),
    ],
)
def test_what_cannot_be_searched_is_refused_by_name(fields, named):
    with pytest.raises(ConfigError, match=named):
        SearchSpace(**fields)


@pytest.mark.parametrize(
    ("fields", "named"),
    [({"low": 1.0, "high": 1.0}, "`high`"), ({"low": 0, "high": 1, "log": 1}, "`low`")],
)
def test_a_range_has_a_length_and_logarithms(fields, named):
    with pytest.raises(ConfigError, match=named):
        Range(**fields)


def test_a_field_is_read_as_a_user_types_it():
    assert parse_field("width=16, 32") == ("width", (16, 32))
    assert parse_field("activation=relu,tanh") == ("activation", ("relu", "tanh"))
    assert parse_field("dropout=0,0.2") == ("dropout", (0.0, 0.2))
    field, found = parse_field("learning_rate=1e-4:1e-1:log")
    assert (field, found) == ("learning_rate", Range(low=1e-4, high=0.1, log=True))
    assert parse_field("dropout=0:0.5")[1] == Range(low=0.0, high=0.5)


@pytest.mark.parametrize(
    "text",
    [
        "witdh=3",
        "width=1:2",
        "width",
        "width=",
        "dropout=a",
        "l2=1:",
        "l2=2:1",
        "=",
        "l2=0:1:x",
    ],
)
def test_what_is_no_field_is_refused(text):
    with pytest.raises(ConfigError):
        parse_field(text)
