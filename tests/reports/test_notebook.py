"""What a notebook shows of verdicts."""

import pytest

from ablations.claims.registry import all_claims
from ablations.judging.standing import published_verdicts
from ablations.store.store import Store
from models.config import ConfigError
from reports.cards import make_card
from reports.notebook import ShownVerdict, ShownVerdicts, load_verdicts


@pytest.fixture
def path(tmp_path):
    """Return the path of a store without runs."""
    found = tmp_path / "runs.sqlite"
    with Store.open(found):
        pass
    return found


def test_every_claim_is_a_row_of_the_frame_and_a_line_of_the_table(path):
    verdicts = load_verdicts(path)
    assert list(verdicts) == list(all_claims()) == list(verdicts.frame.index)
    published = published_verdicts()
    words = {
        k: published[k].verdict if k in published else "not tested" for k in verdicts
    }
    assert dict(verdicts.frame["verdict"]) == words
    assert verdicts._repr_html_().count("<tr>") == 1 + len(all_claims())


def test_a_chapter_can_be_loaded_alone(path):
    verdicts = load_verdicts(path, ["xor"])
    assert set(verdicts.frame["chapter"]) == {"xor"}
    assert len(repr(verdicts).splitlines()) == len(verdicts)


def test_one_verdict_shows_its_numbers_and_its_figures_and_hides_no_letter(
    standing, evidence
):
    card = make_card(standing(statement="<b>", figure="curves"), evidence)
    shown = ShownVerdict(card)._repr_html_()
    assert card.pictures[0].svg in shown
    assert "&lt;b&gt;" in shown
    assert "50.0 to 70.0 %" in shown
    assert repr(ShownVerdict(card)) == "supported: <b> Yes, it does."


def test_several_verdicts_are_a_frame_and_lines(standing, evidence):
    cards = [make_card(standing(id=name), evidence) for name in ("a", "b")]
    both = ShownVerdicts(list(map(ShownVerdict, cards)))
    assert list(both) == list(both.frame.index) == ["a", "b"]
    assert both.frame.loc["a", "coverage"] == "1 of 1 conditions and controls"
    assert both.frame.loc["b", "estimate"] == 0.6
    assert len(repr(both).splitlines()) == 2


def test_a_store_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match="nowhere"):
        load_verdicts(tmp_path / "nowhere.sqlite")
