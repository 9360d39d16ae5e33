"""The table of numbers that goes with a figure."""

import csv
import io
from dataclasses import dataclass

import numpy as np
import pytest

from reports.figures.tidy import tidy_csv


@dataclass(frozen=True)
class Panel:
    title: str
    differences: np.ndarray
    ends: tuple[float, float]
    missing: None = None


def read(text):
    return list(csv.reader(io.StringIO(text)))


def test_every_number_and_word_stands_where_its_line_and_column_say():
    panels = [
        Panel("a", np.array([[0.5, 1.0], [2.0, np.nan]]), (0.0, 2.0)),
        Panel("b", np.ones(0), (1, 2)),
    ]
    assert read(tidy_csv({"panels": panels, "n": np.array(7)})) == [
        ["what", "where", "0", "1"],
        ["panels.0.title", "", "a"],
        ["panels.0.differences", "0", "0.5", "1"],
        ["panels.0.differences", "1", "2", "nan"],
        ["panels.0.ends", "", "0", "2"],
        ["panels.1.title", "", "b"],
        ["panels.1.ends", "", "1", "2"],
        ["n", "", "7"],
    ]


def test_axes_before_the_last_are_counted():
    lines = read(tidy_csv({"x": np.arange(6).reshape(3, 1, 2)}))[1:]
    assert [line[1:] for line in lines] == [
        ["0,0", "0", "1"],
        ["1,0", "2", "3"],
        ["2,0", "4", "5"],
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.float32(1 / 3), "0.333"),
        (-6.2838e-17, "-6.28e-17"),
        (1234.5, "1230"),
        (1536.0, "1536"),
        (12_345_678.0, "12300000.0"),
        (12_345_678, "12345678"),
        (-0.0, "0"),
        (np.inf, "inf"),
    ],
)
def test_numbers_keep_the_digits_that_a_figure_can_show(value, text):
    assert read(tidy_csv({"x": value}))[1:] == [["x", "", text]]


def test_a_word_that_a_spreadsheet_would_compute_stays_a_word():
    ((*_, value),) = read(tidy_csv({"x": "=1+1"}))[1:]
    assert value == "'=1+1"


def test_a_set_is_written_in_one_order():
    names = [f"switch {k}" for k in range(9)]
    wanted = " + ".join(names)
    rows = read(tidy_csv({"arms": {frozenset(names[::-1]): frozenset(names)}}))[1:]
    assert rows == [[f"arms.{wanted}", "", wanted]]
