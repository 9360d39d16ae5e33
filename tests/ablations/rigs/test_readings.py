"""What all chapters predict reads the arms given and passes on what else is said."""

import pytest

from ablations.rigs.readings import alike, error, interaction, yes_or_no
from ablations.rigs.xor import network, solved

ARMS = tuple(network(width=width) for width in (1, 2, 3, 4))
WORDS = {"key": "key", "label": "label"}


def test_answers_that_tell_the_same_numbers_differ_by_the_pattern():
    answers = yes_or_no("{a} of runs.", "core alike")
    assert answers == {
        "core alike": "Yes: {a} of runs.",
        "!core alike": "No: {a} of runs.",
    }


def test_an_error_is_called_by_its_rows_and_a_lost_run_counts_as_the_mean():
    assert [error(q).words for q in ("val_loss", "test_squared_error")] == [
        "val error",
        "test error",
    ]
    assert (error().better, error().failed_value) == ("lower", 1.0)


def test_equivalences_may_read_the_control_otherwise():
    same = alike(*ARMS[:2], solved(500), 0.1, solved(100), **WORDS)
    assert (same.treatment, same.control) == ARMS[:2]
    assert (same.score, same.control_score) == (solved(500), solved(100))
    assert same.margin == 0.1


def test_an_interaction_has_its_arms_in_the_order_given():
    found = interaction(ARMS, solved(), 0.1, "no_less", **WORDS)
    assert (found.neither, found.first, found.second, found.both) == ARMS
    assert (found.direction, found.margin) == ("no_less", 0.1)
    with pytest.raises(ValueError, match="shorter"):
        interaction(ARMS[:3], solved(), 0.1, **WORDS)
