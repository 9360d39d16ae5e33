"""What a notebook shows of verdicts."""

import pytest

from ablations.claims.registry import all_claims
from ablations.store.store import Store
from models.config import ConfigError
from reports.notebook import Verdict, load_verdicts


@pytest.fixture
def store(tmp_path):
    """Return the path of a store without runs."""
    path = tmp_path / "runs.sqlite"
    with Store.open(path):
        pass
    return path


def test_every_claim_is_a_row_of_the_frame_and_a_line_of_the_table(store):
    verdicts = load_verdicts(store)
    assert list(verdicts) == list(all_claims()) == list(verdicts.frame.index)
    assert set(verdicts.frame["verdict"]) == {"not tested"}
    assert verdicts._repr_html_().count("<tr>") == 1 + len(all_claims())


def test_a_chapter_can_be_loaded_alone(store):
    verdicts = load_verdicts(store, ["xor"])
    assert set(verdicts.frame["chapter"]) == {"xor"}
    assert len(repr(verdicts).splitlines()) == len(verdicts)


def test_one_verdict_shows_its_numbers_and_its_figures_and_hides_no_letter(
    record, condition
):
    verdict = Verdict(
        record(statement="<b>", conditions=[condition("a")]), ("<svg>drawn</svg>",)
    )
    shown = verdict._repr_html_()
    assert "<svg>drawn</svg>" in shown
    assert "&lt;b&gt;" in shown
    assert "50.0 to 70.0 %" in shown
    assert repr(verdict) == "supported: <b> a condition: 60.0 % of 100 runs."


def test_a_store_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigError, match="nowhere"):
        load_verdicts(tmp_path / "nowhere.sqlite")
