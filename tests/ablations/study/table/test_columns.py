"""What a column holds is found from its cells."""

import datetime
import decimal

import numpy as np
import pandas as pd
import pytest

from ablations.study.table.columns import (
    Reading,
    UnusableColumn,
    read_column,
    read_column_as,
)

DAY = datetime.date(2021, 3, 4)


def read(cells, **options):
    return read_column(pd.Series(cells, **options))


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "2.5", "-3e2", ""], "numeric"),
        ([1, 2.5, None], "numeric"),
        ([decimal.Decimal("1.5"), 2], "numeric"),
        (["0", "1", "1"], "numeric"),
        (["none", "3", "4"], "numeric"),
        ([True, False, None], "boolean"),
        (["True", "false", "NA"], "boolean"),
        (["yes", "No", "YES"], "boolean"),
        (["y", "n"], "boolean"),
        (["Yes", "y", "No", "N"], "boolean"),
        (["yes", "off", "n"], "categorical"),
        (["yes", "y"], "categorical"),
        (["t", "f", "n"], "categorical"),
        (["yes", "yes"], "categorical"),
        (["yes", "no", "maybe"], "categorical"),
        (["y", "no"], "boolean"),
        (["0", "1", "2+"] * 3, "categorical"),
        (["20-30", "30-40", "40-50"], "categorical"),
        (["10.0.0.1", "10.0.0.2"], "categorical"),
        (["12:30", "13:45"], "date"),
        (["12:30", "30:15:00"], "numeric"),
        (["1_000", "2_000"], "categorical"),
        (["2021-03-04", ""], "date"),
        (["2021-03-04T10:00:00Z", "2021-03-05T11:00:00+02:00"], "date"),
        (["4.3.2021", "31.12.2020"], "date"),
        (["4 Mar 2021", "31 Dec 2020"], "date"),
        (["March 4, 2021"], "date"),
        (["03/04/2021 11:30", "12/31/2020 23:59"], "date"),
        ([DAY, None], "date"),
        ([datetime.timedelta(hours=12)], "numeric"),
        ([b"red", b"blue"], "categorical"),
        (["red", 1, None], "categorical"),
        ([], "numeric"),
        ([None, ""], "numeric"),
    ],
)
def test_the_kind_is_found(cells, kind):
    assert read(cells, dtype=object).reading.kind == kind


@pytest.mark.parametrize(
    "dtype",
    [
        "int8",
        "uint64",
        "float32",
        "Int64",
        "Float64",
        "object",
        "string",
        "Sparse[int]",
    ],
)
def test_numbers_are_the_same_in_every_type(dtype):
    column = pd.Series(["1", "2", "3"] if dtype == "string" else [1, 2, 3], dtype=dtype)
    assert read_column(column).values.tolist() == [1.0, 2.0, 3.0]
    assert read_column(column).values.dtype == np.float64


@pytest.mark.parametrize("dtype", ["bool", "boolean", "object", "category"])
def test_truth_values_are_the_same_in_every_type(dtype):
    column = read([True, False, True], dtype=dtype)
    assert column.reading.kind == "boolean"
    assert column.values.tolist() == [1.0, 0.0, 1.0]


@pytest.mark.parametrize(
    "cells",
    [
        pd.to_datetime(["2021-03-04"]),
        pd.to_datetime(["2021-03-04"]).astype("datetime64[s]"),
        pd.to_datetime(["2021-03-04 00:00"]).tz_localize("Europe/Athens"),
        ["2021-03-04T00:00+02:00"],
        pd.PeriodIndex(["2021-03-04"], freq="D"),
        [DAY],
        [np.datetime64("2021-03-04")],
        ["2021-03-04"],
        ["04.03.2021"],
        ["04-Mar-2021"],
    ],
)
def test_a_day_is_the_same_however_it_is_written(cells):
    assert read(cells).values.tolist() == [pd.Timestamp("2021-03-04")]


@pytest.mark.parametrize(
    ("cells", "style", "values"),
    [
        (["1,5", "2"], "comma", [1.5, 2]),
        (["1.234,5", "2"], "comma", [1234.5, 2]),
        (["1,234", "22"], "thousands", [1234, 22]),
        (["1,234.5", "1,234,567"], "thousands", [1234.5, 1234567]),
        (["1.5", "2"], "point", [1.5, 2]),
    ],
)
def test_commas_in_numbers_are_understood(cells, style, values):
    column = read(cells)
    assert column.reading == Reading("numeric", style)
    assert column.values.tolist() == values


def test_few_texts_among_many_numbers_become_missing_and_are_named():
    column = read([str(i) for i in range(95)] + ["broken"] * 5)
    assert column.reading.kind == "numeric"
    assert column.values.isna().sum() == column.num_unreadable == 5
    assert column.unreadable == ("broken",)


def test_numbers_that_no_network_can_use_become_missing():
    column = read(["1", "inf", "-1e400", "1e308", "1e30"])
    np.testing.assert_array_equal(column.values, [1, np.nan, np.nan, np.nan, 1e30])
    assert column.num_infinite == 3


def test_an_order_of_day_and_month_that_could_be_another_is_marked():
    assert read(["03/04/2021", "05/06/2021"]).reading.day_or_month
    assert not read(["13/04/2021", "05/06/2021"]).reading.day_or_month
    assert read(["13/04/2021"]).values[0] == pd.Timestamp("2021-04-13")


@pytest.mark.parametrize("cell", [[1], {"a": 1}, 1j, object(), {1}, (1, 2)])
def test_what_is_no_value_is_refused(cell):
    column = pd.Series([None, None], dtype=object)
    column[0] = cell
    with pytest.raises(UnusableColumn):
        read_column(column)


@pytest.mark.parametrize(
    "cells",
    [
        ["1,5", "", "7"],
        ["yes", "no", ""],
        ["13/04/2021 11:30", "", "14/04/2021 10:00"],
        ["red", "", "7"],
    ],
)
def test_reading_again_as_read_before_changes_nothing(cells):
    first = read(cells)
    again = read_column_as(first.values, first.reading)
    pd.testing.assert_series_equal(again.values, first.values)
    raw = read_column_as(pd.Series(cells), first.reading)
    pd.testing.assert_series_equal(raw.values, first.values)


def test_a_new_row_is_read_as_the_others_were():
    reading = read(["13/04/2021", "05/06/2021"]).reading
    new = read_column_as(pd.Series(["03/04/2021"]), reading)
    assert new.values[0] == pd.Timestamp("2021-04-03")
