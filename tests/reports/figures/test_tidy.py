"""The table of numbers that goes with a figure."""

import csv
import io
from dataclasses import dataclass

import numpy as np

from reports.figures.tidy import tidy_csv


@dataclass(frozen=True)
class Panel:
    title: str
    differences: np.ndarray
    ends: tuple[float, float]
    missing: None = None


def read(text):
    return list(csv.reader(io.StringIO(text)))


def test_every_number_and_word_has_a_line_that_says_where_it_stands():
    panels = [
        Panel("a", np.array([[0.5, 1.0]]), (0.0, 2.0)),
        Panel("b", np.ones(0), (1, 2)),
    ]
    assert read(tidy_csv({"panels": panels})) == [
        ["what", "where", "value"],
        ["panels.0.title", "", "a"],
        ["panels.0.differences", "0,0", "0.5"],
        ["panels.0.differences", "0,1", "1.0"],
        ["panels.0.ends", "0", "0.0"],
        ["panels.0.ends", "1", "2.0"],
        ["panels.1.title", "", "b"],
        ["panels.1.ends", "0", "1"],
        ["panels.1.ends", "1", "2"],
    ]


def test_numbers_keep_the_digits_that_a_figure_can_show():
    ((*_, value),) = read(tidy_csv({"x": np.float32(1 / 3)}))[1:]
    assert value == "0.33333"


def test_a_word_that_a_spreadsheet_would_compute_stays_a_word():
    ((*_, value),) = read(tidy_csv({"x": "=1+1"}))[1:]
    assert value == "'=1+1"


def test_a_set_is_written_in_one_order():
    names = [f"switch {k}" for k in range(9)]
    wanted = " + ".join(names)
    rows = read(tidy_csv({"arms": {frozenset(names[::-1]): frozenset(names)}}))[1:]
    assert rows == [[f"arms.{wanted}", "", wanted]]
