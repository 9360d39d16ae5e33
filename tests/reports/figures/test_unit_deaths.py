"""Units that die, hardly learn or are lost with their run are counted apart."""

import pytest

from ablations.rigs.depth.recipes import recipe_config
from reports.figures import unit_deaths
from reports.figures.unit_deaths import Deaths, Losses

BEST, HIGH = "best rate", "10 times the best rate"
ALL, NONE = Losses(1.0, 0.0, 0.0, 4), Losses(0.0, 0.0, 0.0, 4)


def put(deep_runs, activation, bias, rate, dead, flat, status=("ok",) * 4):
    levels = {"activation": activation, "bias": bias, "rate": rate}
    config = recipe_config(("ReLU",), learning_rate=0.01, bias_start=bias)
    config = config.with_learning_rate(0.01 * (1 + len(deep_runs.arms)))
    probes = {"zero_slope_share": [dead, 0.0], "flat_share": [flat, 0.0]}
    deep_runs.add(levels, config, [0.1] * 4, status=list(status), **probes)


@pytest.fixture
def found(deep_runs):
    put(deep_runs, "ReLU", 0.0, BEST, 0.0, 0.0)
    put(deep_runs, "ReLU", -3.0, BEST, 1.0, 1.0)
    put(deep_runs, "ReLU", 0.0, HIGH, 0.4, 0.4, ["ok", "ok", "ok", "diverged"])
    put(deep_runs, "ELU", -3.0, BEST, 0.0, 0.6)
    put(deep_runs, "ELU", 0.0, HIGH, 0.0, 0.0)
    put(deep_runs, "GELU", 0.0, HIGH, 0.0, 0.0)
    put(deep_runs, "GELU", -1.0, "default rate", 0.5, 0.5)
    return unit_deaths.read(deep_runs.source())


def test_shares_are_of_all_units_of_all_runs(found):
    relu = found.rows["ReLU"]
    # Half the layers have them, and of four runs one diverged.
    assert relu[0.0, 10.0] == Losses(pytest.approx(0.15), 0.0, 0.25, 4)
    assert relu[-3.0, 1.0] == Losses(0.5, 0.0, 0.0, 4)
    assert found.rows["ELU"][-3.0, 1.0] == Losses(0.0, pytest.approx(0.3), 0.0, 4)


def test_rows_with_few_numbers_and_rates_of_another_kind_are_left_out(found):
    assert list(found.rows) == ["ReLU", "ELU"]
    assert found.factors == ("activation",)
    assert found.places == [(0.0, 1.0), (-3.0, 1.0), (0.0, 10.0)]


def test_a_place_that_few_rows_have_is_left_out(deep_runs):
    for name in ("ReLU", "ELU", "GELU"):
        put(deep_runs, name, -3.0, BEST, 0.5, 0.5)
        put(deep_runs, name, 0.0, HIGH, 0.5, 0.5)
    put(deep_runs, "ReLU", 0.0, BEST, 0.0, 0.0)
    found = unit_deaths.read(deep_runs.source())
    assert found.places == [(-3.0, 1.0), (0.0, 10.0)]


def test_biases_at_a_high_rate_stand_behind_those_at_the_best(deep_runs, texts):
    for name in ("ReLU", "ELU"):
        for bias in (-3.0, 0.0):
            for rate in (HIGH, BEST):
                put(deep_runs, name, bias, rate, 0.5, 0.5)
    found = unit_deaths.read(deep_runs.source())
    assert found.places == [(0.0, 1.0), (-3.0, 1.0), (0.0, 10.0), (-3.0, 10.0)]
    told = texts(unit_deaths.draw(found).svg)
    assert {"best rate", "10 times that", "first bias"} <= {*told}
    low = "biases of \N{MINUS SIGN}3 at 10 times the best rate"
    assert f"at {low} 25 % dead" in unit_deaths.describe(found)


def test_numbers_of_dead_and_of_diverged_stand_apart(found, texts):
    told = texts(unit_deaths.draw(found).svg)
    assert {"50 %", "30 %", "15+25 %", "\N{MINUS SIGN}3", "biases start at"} <= {*told}
    assert "10 times the best rate 15 % dead and 25 % of runs diverged" in (
        unit_deaths.describe(found)
    )


def test_the_title_says_what_kills_and_whom_it_leaves_hardly_learning():
    weak = Losses(0.0, 0.9, 0.0, 4)
    rows = {"ReLU": {(-3.0, 1.0): ALL}, "ELU": {(-3.0, 1.0): weak}}
    assert unit_deaths.title(Deaths(("activation",), rows)) == (
        "Biases of \N{MINUS SIGN}3 kill all ReLU units; most ELU units hardly learn"
    )
    place, some = (0.0, 30.0), Losses(0.59, 0.0, 0.0, 4)
    rows = {"SGD": {place: None}, "Adam": {place: some}}
    assert unit_deaths.title(Deaths(("optimizer",), rows)) == (
        "30 times the best rate kills 59 % of units with Adam"
    )
    rows = {"SGD": {place: ALL}, "Adam": {place: ALL, (0.0, 1.0): NONE}}
    assert unit_deaths.title(Deaths(("optimizer",), rows)) == (
        "30 times the best rate kills all units"
    )


def test_a_claim_without_biases_has_no_such_figure(source, empty_source):
    assert unit_deaths.read(source) is None
    assert unit_deaths.read(empty_source) is None
