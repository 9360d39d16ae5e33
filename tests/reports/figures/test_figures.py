from ablations.claims.registry import all_claims
from reports.figures import FIGURES, draw_figures, figure_names
from reports.figures.source import Source


def test_every_figure_that_a_claim_names_exists():
    named = {c.id: c.claim.figure for c in all_claims().values() if c.claim.figure}
    assert not {id_: name for id_, name in named.items() if name not in FIGURES}


def test_a_claim_has_the_figure_it_names_and_its_conditions(source, record):
    named = Source(record(figure="curves"), source.claim, source.evidence)
    pictures, missing = draw_figures(named)
    assert [picture.name for picture in pictures] == ["curves", "conditions"]
    assert not missing


def test_an_exact_claim_has_its_checks_as_figure(record, condition, evidence):
    exact = Source(record(conditions=[condition(kind="exact")]), None, evidence)
    assert figure_names(exact) == ["checks"]


def test_figures_without_runs_are_left_out_in_words(empty_source, record):
    for name in ("boundaries", "curves", "stuck", "success_by_width"):
        changed = Source(record(figure=name), empty_source.claim, empty_source.evidence)
        pictures, missing = draw_figures(changed)
        assert [picture.name for picture in pictures] == ["conditions"]
        (sentence,) = missing
        assert name.replace("_", " ") in sentence


def test_a_figure_that_does_not_exist_is_said(empty_source, record):
    changed = Source(record(figure="pie"), None, empty_source.evidence)
    assert draw_figures(changed)[1] == ["There is no figure called pie."]
