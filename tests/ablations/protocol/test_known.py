"""A published result says who, when, where, on what, and how far it was looked up."""

import pytest

from ablations.protocol.known import MOST_WORDS, KnownResult
from models.config import ConfigError

RESULT = {
    "authors": "Author and Other",
    "year": 2015,
    "place": "A title, a journal",
    "result": "18 of 20 networks learn",
    "conditions": "digits",
    "ours": "{learn} networks learn",
    "agreement": "agrees",
    "checked": "abstract",
}


def known(**changes) -> KnownResult:
    return KnownResult(**(RESULT | changes))


def test_a_source_is_told_in_one_line():
    assert known().source == "Author and Other (2015), A title, a journal"


@pytest.mark.parametrize("agreement", ["differs", "not comparable"])
def test_who_does_not_agree_says_why_and_who_agrees_does_not(agreement):
    assert known(agreement=agreement, why="other data").why
    with pytest.raises(ConfigError, match=r"`why` must"):
        known(agreement=agreement)
    with pytest.raises(ConfigError, match=r"`why` must"):
        known(why="other data")


@pytest.mark.parametrize("where", ["section 2.1", "table 1, as quoted by others"])
def test_a_result_is_checked_in_a_named_part_or_from_memory(where):
    assert not known(checked=where).is_from_memory
    assert known(checked="from memory").is_from_memory
    with pytest.raises(ConfigError, match=r"`checked` must name the part"):
        known(checked="yes")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("year", 1904),
        ("year", 20015),
        ("agreement", "roughly"),
        ("result", " "),
        ("conditions", "word " * (MOST_WORDS + 1)),
        ("number", "0.3"),
    ],
)
def test_what_is_no_result_is_refused_by_name(field, value):
    with pytest.raises(ConfigError, match=f"`{field}`"):
        known(**{field: value})
