"""Times of day, durations and zones are read as they are written."""

import datetime

import numpy as np
import pandas as pd
import pytest

from ablations.study.table.columns import read_column, read_column_as
from ablations.study.table.times import CLOCK, split_zone

HOUR = pd.Timedelta(hours=1)


def read(cells):
    return read_column(pd.Series(cells, dtype=object))


@pytest.mark.parametrize(
    ("cells", "hours"),
    [
        (["08:30", "21:45", ""], [8.5, 21.75, np.nan]),
        (["8:30", "0:15"], [8.5, 0.25]),
        (["1:05:00", "0:19:30"], [1 + 5 / 60, 19.5 / 60]),
        (["2:05:09 PM", "12:30:00 AM"], [14 + 5 / 60 + 9 / 3600, 0.5]),
        (["2:15 pm", "12:00 p.m."], [14.25, 12]),
        (["2 PM", "11am"], [14, 11]),
        (["08:30", "2:45:00 PM", "1:15:00"], [8.5, 14.75, 1.25]),
        (["8h30", "21h45"], [8.5, 21.75]),
        (["08:30+02:00", "09:30Z"], [8.5, 9.5]),
        (["08:30 Uhr", "09:30 h"], [8.5, 9.5]),
        (["24:00", "12:00"], [0, 12]),
        ([datetime.time(8, 30), datetime.time(9, 45)], [8.5, 9.75]),
    ],
)
def test_times_of_day_are_read_as_the_time_since_midnight(cells, hours):
    column = read(cells)
    assert column.reading.kind == "date"
    assert column.reading.date_format == CLOCK
    found = (column.values - pd.Timestamp(0)) / HOUR
    np.testing.assert_allclose(found, hours)
    again = read_column_as(column.values, column.reading)
    pd.testing.assert_series_equal(again.values, column.values)


@pytest.mark.parametrize(
    ("cells", "hours"),
    [
        (["1:30:00", "26:15:00"], [1.5, 26.25]),
        (["1 day, 2:00:00", "3:30:00"], [26, 3.5]),
        (["0 days 01:30:00", "2 days 00:00:00"], [1.5, 48]),
        (["-1:30:00", "2:00:00"], [-1.5, 2]),
        (["59:30", "1:02:00"], [59.5 / 60, 1 + 2 / 60]),
        (["1:58.50", "2:01.25"], [118.5 / 3600, 121.25 / 3600]),
    ],
)
def test_durations_are_numbers_of_days(cells, hours):
    column = read(cells)
    assert column.reading.kind == "numeric"
    np.testing.assert_allclose(column.values * 24, hours)
    again = read_column_as(pd.Series(cells), column.reading)
    pd.testing.assert_series_equal(again.values, column.values, check_index=False)


@pytest.mark.parametrize(
    "cells", [["08:30-09:30", "10:00-11:15"], ["16:9", "4:3"], ["a:30", "b:45"]]
)
def test_what_is_no_time_is_classes(cells):
    assert read(cells).reading.kind == "categorical"


@pytest.mark.parametrize(
    "cells",
    [
        ["2021-03-28T08:30:00+01:00", "2021-07-28T08:30:00+02:00"],
        ["2021-03-28 08:30:00 CET", "2021-07-28 08:30:00 CEST"],
        ["2021-03-28T08:30:00.000Z", "2021-07-28T08:30:00.000Z"],
        ["2021-03-28T08:30-05:00[America/New_York]", "2021-07-28T08:30-04:00"],
        ["28.03.2021 08:30 UTC", "28.07.2021 08:30 UTC"],
        ["03/28/2021 08:30 AM EST", "07/28/2021 08:30 AM EDT"],
    ],
)
def test_times_with_a_zone_keep_the_local_hour_and_the_zone_is_named(cells):
    column = read(cells)
    assert column.reading.kind == "date"
    days = pd.to_datetime(["2021-03-28 08:30", "2021-07-28 08:30"])
    assert column.values.tolist() == days.tolist()
    assert column.zones


def test_times_of_pandas_with_a_zone_keep_the_local_hour_too():
    when = pd.Series(pd.date_range("2021-10-30 08:30", periods=4, tz="Europe/Berlin"))
    for cells in (when, when.astype(object)):
        assert read_column(cells).values.dt.hour.tolist() == [8] * 4
    assert read_column(when).zones == ("Europe/Berlin",)


def test_a_day_has_no_zone():
    assert split_zone("2021-03-04") == ("2021-03-04", "")
    assert split_zone("08:30 PM") == ("08:30 PM", "")
