"""Verdicts as a frame and as cards, without a network and without Keras."""

import subprocess
import sys
from dataclasses import replace
from html import escape

import pytest

import ablations
from ablations.claims.registry import all_claims
from ablations.judging.standing import published_verdicts
from ablations.store.store import Store
from ablations.verdict_frame import COLUMNS
from models.config import ConfigError


def test_every_claim_is_a_row_with_its_published_answer():
    frame = ablations.load_verdicts()
    assert list(frame.index) == list(all_claims())
    assert tuple(frame.columns) == COLUMNS
    for name, verdict in published_verdicts().items():
        assert frame.loc[name, "answer"] == verdict.answer
        assert len(frame.loc[name, "holds"]) >= len(verdict.where.get("holds", []))


def test_names_narrow_the_frame_and_one_claim_is_a_card():
    assert set(ablations.load_verdicts("xor").chapter) == {"xor"}
    verdict = ablations.load_verdict("A-XOR-23")
    assert list(ablations.load_verdicts("A-XOR-23").index) == [verdict.id]
    card = replace(verdict, answer="<b>", verdict="refuted")._repr_html_()
    assert "<b>Refuted.</b> &lt;b&gt;" in card
    labels = [label for labels in verdict.where.values() for label in labels]
    assert labels
    assert all(f"<li>{escape(label)}<" in card for label in labels)


def test_a_store_that_is_not_there_or_is_empty_is_told_apart(tmp_path):
    with pytest.raises(ConfigError, match="nowhere"):
        ablations.load_verdicts(store=tmp_path / "nowhere.sqlite")
    with Store.open(tmp_path / "empty.sqlite"):
        pass
    verdict = ablations.load_verdict("A-XOR-23", store=tmp_path / "empty.sqlite")
    assert verdict == ablations.load_verdict("A-XOR-23")


def test_reading_verdicts_imports_no_keras():
    program = (
        "import ablations, sys; assert len(ablations.load_verdicts());"
        " assert not {'keras', 'tensorflow', 'matplotlib'} & set(sys.modules)"
    )
    done = subprocess.run(  # noqa: S603 - no input from outside
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
