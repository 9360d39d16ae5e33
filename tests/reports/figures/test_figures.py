from dataclasses import replace

import pytest

from ablations.claims.registry import all_claims
from reports.figures import FIGURES, draw_figures, figure_name


@pytest.fixture
def named(source):
    """Return a function to what a figure may read of a claim that names it."""

    def make(figure, of=source):
        return replace(of, claim=of.claim.replace(figure=figure))

    return make


def test_every_module_that_draws_a_figure_is_found():
    assert {"curves", "gradient_depth", "rescue_matrix"} <= set(FIGURES)
    assert "ladders" not in FIGURES


def test_every_figure_that_a_claim_names_exists_and_every_figure_is_named():
    named = {c.claim.figure for c in all_claims().values() if c.claim.figure}
    assert named == set(FIGURES) - {"kaplan_meier"}


def test_a_claim_has_the_figure_it_names_and_no_other(named):
    (picture,), missing = draw_figures(named("curves"))
    assert picture.name == "curves"
    assert picture.title
    assert picture.numbers.startswith("what,where,0")
    assert not missing


def test_what_the_card_says_already_is_no_figure(named):
    assert figure_name(named(None)) is None
    assert draw_figures(named(None)) == ([], [])


def test_figures_without_runs_are_left_out_in_words(named, empty_source):
    for name in ("boundaries", "curves", "stuck", "success_by_width"):
        pictures, missing = draw_figures(named(name, empty_source))
        assert pictures == []
        (sentence,) = missing
        assert name.replace("_", " ") in sentence


def test_a_figure_that_does_not_exist_is_said(named):
    assert draw_figures(named("pie"))[1] == ["There is no figure called pie."]
