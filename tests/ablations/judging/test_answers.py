"""Which sentence is told of which outcomes, and with which numbers."""

import pytest

from ablations.judging.answers import (
    MOST_NUMBERS,
    MOST_WORDS,
    answer,
    count_numbers,
    count_words,
    fields_of,
    fill,
    fits,
)
from ablations.judging.combine import Decision
from ablations.judging.outcome import Outcome
from models.config import ConfigError

SUPPORTED = Decision("supported")


def outcome(key: str = "sgd", word: str = "holds", **changes) -> Outcome:
    fields = {
        "key": key,
        "label": key,
        "kind": "success_rate",
        "outcome": word,
        "text": "",
        "rule": "",
        "estimate": 0.9,
        "unit": "share of runs",
        "n": 20,
        "role": "core",
    }
    return Outcome(**(fields | changes))


OUTCOMES = [
    outcome("sgd"),
    outcome("adam", "fails"),
    outcome("lion", "undecided"),
    outcome("muon", "untested"),
    outcome("dose", "fails", role="beside"),
    outcome("known", role="control"),
]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("sgd", True),
        ("!sgd", False),
        ("?sgd", False),
        ("!adam", True),
        ("adam", False),
        ("?lion", True),
        ("?muon", True),
        ("lion", False),
        ("sgd !adam ?lion !dose known", True),
        ("sgd adam", False),
        ("core", False),
        ("!core", False),
        ("?core", False),
        ("", True),
    ],
)
def test_a_pattern_fits_where_every_key_came_out_as_it_says(pattern, expected):
    assert fits(pattern, OUTCOMES) is expected


@pytest.mark.parametrize(
    ("word", "pattern"), [("holds", "core"), ("fails", "!core"), ("undecided", "?core")]
)
def test_core_stands_for_all_of_the_core_and_for_nothing_else(word, pattern):
    core = [outcome("a", word), outcome("b", word), outcome("c", role="beside")]
    assert fits(pattern, [*core, outcome("d", "fails", role="beside")])
    assert not fits(pattern, [*core, outcome("e", "untested")]) or word == "undecided"
    assert not fits(pattern, [])


def test_a_condition_without_room_is_not_asked_by_core():
    aside = outcome("full", "untested", details={"no_room": True})
    assert fits("core", [outcome(), aside])
    assert not fits("core", [aside])
    assert fits("?full", [outcome(), aside])


def test_a_pattern_that_names_an_unknown_key_is_refused():
    with pytest.raises(ConfigError, match="`answers` must name keys of predictions"):
        fits("sdg", OUTCOMES)


@pytest.mark.parametrize(
    ("field", "changes", "told"),
    [
        ("", {}, "18 of 20"),
        ("", {"n": 10_000, "estimate": 0.94321}, "94 %"),
        ("", {"estimate": None}, "an unknown number"),
        ("", {"unit": "difference in share of runs", "estimate": -0.224}, "22"),
        ("", {"unit": "val accuracy", "estimate": 0.0312}, "3.1"),
        ("", {"unit": "final loss", "estimate": -0.2049}, "-0.2"),
        (".percent", {}, "90 %"),
        (".missed", {}, "2 of 20"),
        (".n", {"n": 4000}, "4,000"),
        (".times", {"unit": "ratio of mean updates", "estimate": 0.25}, "4"),
        (".times", {"unit": "ratio of mean updates", "estimate": 2.5}, "2.5"),
        (".times", {"estimate": 0.0}, "0"),
        (".power", {"unit": "log10", "estimate": -2.0}, "100"),
        (".least", {"unit": "ratio", "estimate": 9.48}, "9.4"),
        (".least", {"unit": "ratio", "estimate": 1.188}, "1.1"),
        (".least", {"unit": "ratio", "estimate": 1.9}, "1.9"),
        (
            ".treatment",
            {
                "unit": "difference in share of runs",
                "details": {"treatment_mean": 0.95},
            },
            "19 of 20",
        ),
        (
            ".control",
            {"unit": "val accuracy", "details": {"control_mean": 0.845}},
            "84 %",
        ),
        (
            ".control",
            {"unit": "updates", "details": {"control_mean": 1234.5}},
            "1,200",
        ),
        (".first", {"unit": "loss", "details": {"means": [0.5, 0.25]}}, "0.5"),
        (".last", {"unit": "loss", "details": {"means": [0.5, 0.25]}}, "0.25"),
    ],
)
def test_a_sentence_quotes_an_outcome_in_units_that_people_think_in(
    field, changes, told
):
    assert fill(f"It is {{sgd{field}}}.", [outcome(**changes)]) == f"It is {told}."


def test_the_boundary_can_be_quoted_and_is_of_the_core():
    outcomes = [
        outcome("a", "fails", factor="width", value=1),
        outcome("b", factor="width", value=2),
        outcome("c", factor="width", value=0.5, role="beside"),
    ]
    assert (
        fill("It {boundary}.", outcomes) == "It holds from width 2 on, fails up to 1."
    )


def test_a_number_of_an_unknown_key_is_refused():
    with pytest.raises(ConfigError, match="`answers` must take numbers from keys"):
        fill("It is {sdg}.", OUTCOMES)


def test_the_fields_of_a_sentence_are_its_keys():
    sentence = "{sgd.control} of {adam}, {sgd}; no {{braces}}."
    assert list(fields_of(sentence)) == ["sgd", "adam", "sgd"]


@pytest.mark.parametrize(
    ("text", "words", "numbers"),
    [
        ("Yes: 18 of 20 runs learn.", 6, 1),
        ("No: 1,234.5 against 0.2, 3 times.", 6, 3),
        ("Twenty layers learn.", 3, 0),
        ("It is 12 %.", 4, 1),
        ("", 0, 0),
    ],
)
def test_words_and_numbers_are_counted(text, words, numbers):
    assert (count_words(text), count_numbers(text)) == (words, numbers)


def test_the_first_pattern_that_fits_is_told_and_an_empty_one_never():
    answers = {"": "Never.", "adam": "No.", "sgd": "Yes: {sgd}.", "core": "Too late."}
    assert answer(answers, SUPPORTED, OUTCOMES) == "Yes: 18 of 20."


@pytest.mark.parametrize(
    ("verdict", "words", "told"),
    [
        ("supported", ("holds",), "Yes: it holds in the one setting tried."),
        ("supported", ("holds", "holds"), "Yes: it holds in all 2 settings tried."),
        (
            "supported",
            ("holds", "fails"),
            "Yes, as far as tested: it holds in 1 of 2 settings.",
        ),
        ("refuted", ("fails",), "No: it fails in the one setting tried."),
        ("refuted", ("fails", "holds"), "No: it fails in 1 of 2 settings."),
        (
            "inconclusive",
            ("holds", "undecided"),
            "Not settled: it surely holds in 1 of 2 settings.",
        ),
        (
            "not tested",
            ("untested",),
            "Not tested: a condition could not be judged.",
        ),
    ],
)
def test_where_no_pattern_fits_the_words_presume_nothing(verdict, words, told):
    core = [outcome(f"k{i}", word) for i, word in enumerate(words)]
    beside = outcome("x", "fails", role="beside")
    found = answer({"!k0 k0": "Never."}, Decision(verdict), [*core, beside])
    assert found == told


def test_a_boundary_is_told_where_it_is_short():
    core = [outcome("a", "fails"), outcome("b")]
    short = Decision("conditional", boundary="holds from depth 8 on, fails up to 4")
    assert answer({}, short, core) == (
        "It depends: it holds from depth 8 on, fails up to 4."
    )
    long = Decision("conditional", boundary="holds at depth 1, 4 and 8, fails at 2")
    assert answer({}, long, core) == "It depends: it holds in 1 of 2 settings."


def test_neutral_words_keep_the_limits_of_an_answer():
    core = [outcome(f"k{i}") for i in range(24)]
    for word in ("supported", "refuted", "conditional", "inconclusive", "not tested"):
        told = answer({}, Decision(word, boundary="holds " * 40), core)
        assert count_words(told) <= MOST_WORDS
        assert count_numbers(told) <= MOST_NUMBERS
