import pytest

from ablations.judging import judge
from ablations.selfcheck.defects import (
    DEFECTS,
    Workshop,
    changed_margin_row,
    defect_row,
    helpful_row,
)


@pytest.fixture(scope="module")
def shop() -> Workshop:
    return Workshop()


def test_a_treatment_that_helps_is_supported(shop):
    assert helpful_row(shop).passed


@pytest.mark.parametrize("name", DEFECTS)
def test_a_planted_defect_gives_the_stated_verdict(shop, name):
    plant, allowed = DEFECTS[name]
    assert "supported" not in allowed
    row = defect_row(name, plant(shop), allowed)
    assert row.passed, row


@pytest.mark.parametrize(
    "name", ["twice the steps for one arm", "labels leaked", "seed ignored"]
)
def test_without_preconditions_the_defect_would_be_judged(shop, name, monkeypatch):
    monkeypatch.setattr(judge, "unmet_precondition", lambda *arguments: None)
    plant, allowed = DEFECTS[name]
    assert not defect_row(name, plant(shop), allowed).passed


def test_twice_the_steps_would_have_looked_better(shop):
    plant, _ = DEFECTS["twice the steps for one arm"]
    tables = plant(shop).tables
    means = {k: t.arrays["curve.val_loss"][:, -1].mean() for k, t in tables.items()}
    assert means["treatment"] < means["control"]


def test_a_margin_that_was_changed_after_the_run_is_seen():
    assert changed_margin_row().passed
