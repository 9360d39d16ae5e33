"""Numbers are read as they are written; what is no number is none."""

import numpy as np
import pandas as pd
import pytest

from ablations.study.table.columns import Reading, Said, read_column, read_column_as
from ablations.study.table.written import find_numbers, number, split_number


def read(cells):
    return read_column(pd.Series(cells, dtype=object))


WRITTEN = {
    "dollars": (["$1,234.50", "$7", "-$12.25"], [1234.5, 7, -12.25]),
    "dollars before a minus": (["$-5.5", "$6"], [-5.5, 6]),
    "euros behind": (["1.234,50 €", "7,25 €"], [1234.5, 7.25]),
    "a code of a currency": (["USD 1,200.00", "USD 3.50"], [1200, 3.5]),
    "one currency, three names": (["$5", "US$6", "7 USD"], [5, 6, 7]),
    "percent": (["45 %", "7.5%", "-3 %"], [45, 7.5, -3]),
    "losses in parentheses": (["(17.60)", "$(3)", "8"], [-17.6, -3, 8]),
    "thousands": (["17.6K", "950", "1.2M"], [17_600, 950, 1_200_000]),
    "small thousands": (["17.6k", "1.2m", "3b"], [17_600, 1_200_000, 3e9]),
    "millions of euros": (["1,5 Mio. €", "750 Tsd. €"], [1.5e6, 7.5e5]),
    "a billion in dollars": (["$1.2bn", "$800M"], [1.2e9, 8e8]),
    "lakh": (["2 lakh", "1 crore"], [2e5, 1e7]),
    "groups of India": (["1,23,456", "12,34,567.5"], [123_456, 1_234_567.5]),
    "a unit": (["17.6 kg", "3kg", "20"], [17.6, 3, 20]),
    "units of one thing": (["1.5 kg", "500 g"], [1500, 500]),
    "sizes of files": (["12 KB", "3 MB", "512 B"], [12e3, 3e6, 512]),
    "metres are no millions": (["17.6 m", "3 m"], [17.6, 3]),
    "one and more": (["1 year", "2 years", "10 Years"], [1, 2, 10]),
    "degrees": (["20.5 °C", "-3 °C"], [20.5, -3]),
    "a share of ten": (["8/10", "7.5/10"], [8, 7.5]),
    "groups with blanks": (["1 234,50", "22,75"], [1234.5, 22.75]),
    "narrow blanks": (["1\u202f234", "12\u00a0345"], [1234, 12345]),
    "groups of Switzerland": (["1'234.50", "1\u2019000"], [1234.5, 1000]),
    "points as groups": (["1.234.567", "12.345"], [1_234_567, 12_345]),
    "Unicode minus": (["\u22123.5", "4", "\u20137"], [-3.5, 4, -7]),
    "minus at the end": (["17.60-", "3.00"], [-17.6, 3]),
    "plus": (["+3", "-4"], [3, -4]),
    "wide digits": (["\uff11\uff12", "\uff13"], [12, 3]),
    "digits of Arabic": (["٣\u066b\u0665", "\u0661\u0662"], [3.5, 12]),
    "marks of footnotes": (["0.44*", "1.5 kg \u2020", "3**"], [0.44, 1.5, 3]),
    "about": (["~5", "ca. 7", "≈ 8"], [5, 7, 8]),
    "numbers below one": (["0,994", "0,685"], [0.994, 0.685]),
}


@pytest.mark.parametrize("what", WRITTEN)
def test_written_numbers_are_read(what):
    cells, values = WRITTEN[what]
    column = read(cells)
    assert column.reading.kind == "numeric"
    np.testing.assert_allclose(column.values, values)
    again = read_column_as(pd.Series(cells, dtype=object), column.reading)
    np.testing.assert_array_equal(again.values, column.values)
    passed = read_column_as(column.values, column.reading)
    np.testing.assert_array_equal(passed.values, column.values)


NO_NUMBERS = {
    "codes with a letter": ["z73301", "z00501"],
    "numbered rooms": ["Room 12", "Room 14"],
    "quarters": ["Q1", "Q2", "Q3"],
    "ranges": ["20-30", "30-40"],
    "addresses": ["12 Main Street", "7 Elm Road", "3 Oak Lane"],
    "free text with digits": ["bad 3 times #0", "good 2 see", "4 of them broke"],
    "models": ["320i", "330d", "520d"],
    "addresses of machines": ["10.0.0.1", "10.0.0.2"],
    "versions": ["1.2.3", "1.10.0"],
    "phones": ["(030) 123-4567", "(040) 765-4321"],
    "phones with groups": ["030 123 456", "040 765 432"],
    "phones with a plus": ["+4930123456", "+4940765432"],
    "feet and inches": ["5'11\"", "6'2\""],
    "underscores": ["1_000", "2_000"],
    "half a parenthesis": ["(5", "6)"],
    "two signs": ["--5", "+-6"],
    "ages in groups": ["<18", "18-30", ">30"],
    "currencies that differ": ["$5", "€6", "$7", "€8"],
    "units that differ": ["5 kg", "6 lb", "7 kg", "8 lb"],
    "classes with more": ["0", "1", "2+"] * 5,
}


@pytest.mark.parametrize("what", NO_NUMBERS)
def test_what_only_holds_digits_is_no_number(what):
    assert read(NO_NUMBERS[what]).reading.kind == "categorical"


@pytest.mark.parametrize(
    ("what", "differ"),
    [
        ("currencies that differ", {"$7", "€8"}),
        ("units that differ", {"7 kg", "8 lb"}),
        ("models", set()),
        ("addresses", set()),
    ],
)
def test_numbers_in_units_that_differ_are_named(what, differ):
    assert set(read(NO_NUMBERS[what]).units_differ) == differ


def many(*others, number=40):
    return [f"{i / 7:.2f}" for i in range(number)] + list(others)


BOUNDED = {
    "below": (many(*["<0.35"] * 12), 0.35),
    "above": (many(*["> 200"] * 12), 200),
    "or less": (many(*["≤0.1"] * 12), 0.1),
    "in words": (many(*["less than 0.5"] * 12), 0.5),
    "or more": (many(*["90+"] * 12), 90),
    "with a unit": ([f"{cell} mg" for cell in many()] + ["<0.5 mg"] * 12, 0.5),
}


@pytest.mark.parametrize("what", BOUNDED)
def test_bounds_among_numbers_are_read_as_the_bound(what):
    cells, bound = BOUNDED[what]
    column = read(cells)
    assert column.reading.kind == "numeric"
    assert column.values[40:].tolist() == [bound] * 12
    assert (column.num_bounds, column.bounds) == (12, (cells[-1],))
    assert column.num_unreadable == 0


@pytest.mark.parametrize(
    "words", [["not recorded", "n.d.", "trace"], ["<LOD", "see note 3", "2 of 3 lost"]]
)
def test_few_words_among_many_numbers_become_missing_and_are_named(words):
    column = read(many(*words * 5))
    assert column.reading.kind == "numeric"
    assert column.num_unreadable == 15
    assert set(column.unreadable) == set(words)


@pytest.mark.parametrize(
    "cells",
    [
        [*many(number=40), *["word"] * 60],
        [*many(number=40), *(f"word {'x' * i}" for i in range(30))],
        [*many(number=15), *["word"] * 5],
        [*map(str, range(101, 141)), *["A12", "B7"] * 10],
    ],
)
def test_more_words_or_fewer_numbers_are_classes(cells):
    assert read(cells).reading.kind == "categorical"


def test_what_the_user_calls_numbers_are_read_as_most_are_written():
    column = read_column(pd.Series(["5 kg", "6 kg", "7 lb", "x"]), Said("numeric"))
    np.testing.assert_array_equal(column.values, [5, 6, np.nan, np.nan])
    assert column.unreadable == ("7 lb", "x")


def test_a_number_in_a_unit_that_the_column_has_not_is_none():
    units = find_numbers(["5 kg", "7"], np.array([1, 1])).units
    assert number("3 kg", "point", units) == 3
    assert number("3", "point", units) == 3
    assert number("3 lb", "point", units) is None


@pytest.mark.parametrize(
    ("cells", "usual", "comma"),
    [
        (["1,994", "2,685"], [1994, 2685], [1.994, 2.685]),
        (["1,994", "2,685,100"], [1994, 2_685_100], [1994, 2_685_100]),
        (["1.234", "950"], [1.234, 950], [1234, 950]),
        (["1.234", "950.5"], [1.234, 950.5], [1.234, 950.5]),
        (["0.234", "1.234"], [0.234, 1.234], [0.234, 1.234]),
    ],
)
def test_comma_and_point_that_could_be_either_are_those_of_the_file(
    cells, usual, comma
):
    column = pd.Series(cells)
    assert read_column(column).values.tolist() == usual
    assert read_column(column, Said(decimal_comma=True)).values.tolist() == comma


def test_parts_of_a_number_are_its_sign_body_and_unit():
    parts = split_number("< (1\u2019234,5 kg)")
    assert (parts.sign, parts.body, parts.unit) == (-1, "1234,5", "kg")
    assert parts.is_bound
    assert split_number("none") is None


def test_codes_keep_their_zeros_and_a_numbers_zero_is_no_code():
    assert read(["00501", "73301", "02134"]).values[0] == "00501"
    assert read(["5", "12", "007", "345"]).reading == Reading("numeric")
    assert read(["0.5", "0", "01.5"]).reading.kind == "numeric"


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([f"{i:05}" for i in range(8000, 12_000)], "categorical"),
        ([f"{i:03}" for i in range(0, 400, 7)], "categorical"),
        ([f"{i:02}" for i in range(1, 13)], "numeric"),
        ([f"{i:02}" for i in range(60)], "numeric"),
        ([f"{i:02}" for i in range(1, 96)], "categorical"),
        ([f"{i % 24:02}{i % 60:02}" for i in range(99)], "numeric"),
        ([f"{i:04}" for i in range(0, 9000, 77)], "categorical"),
        ([*(str(i) for i in range(10_000, 12_000)), "01234"], "numeric"),
        ([*(f"{i:05}" for i in range(9000, 9990)), *["9", "10"]], "categorical"),
        (["030", "040", "0711", "89"], "categorical"),
        (["030", "400", "711", "8900"], "numeric"),
    ],
)
def test_zeros_before_make_codes_of_numbers_of_one_length(cells, kind):
    assert read(cells).reading.kind == kind
