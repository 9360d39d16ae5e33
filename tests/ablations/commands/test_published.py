"""What a command says of runs that were made here, beside what is published."""

import json
import re
from functools import partial

import numpy as np
import pytest
import typer

from ablations.commands import claims as claim_commands
from ablations.commands import run as run_commands
from ablations.evidence.evidence import Evidence
from ablations.judging import standing
from ablations.judging.judgement import give_verdict
from ablations.judging.verdict import INCOMPLETE, VERDICTS
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.xor import solved, xor_arm
from ablations.selfcheck.synthetic import drawn_arm
from ablations.store.store import Store

ARMS = [drawn_arm(f"arm{n}", xor_arm(learning_rate=n / 100)) for n in (1, 2)]


@pytest.fixture
def claim(make_claim, monkeypatch):
    """Return a claim of which quick judges one condition of two, as the only one."""
    one, other = (
        SuccessRate(key=arm.name, arm=arm, score=solved(), bound=0.5, quick=quick)
        for arm, quick in zip(ARMS, (True, False), strict=True)
    )
    registered = make_claim(one, other, answers={"core": "Yes.", "!core": "No."})
    for commands in (run_commands, claim_commands):
        monkeypatch.setattr(commands, "select", lambda *_: [registered])
    return registered


@pytest.fixture
def store(tmp_path):
    """Make a store in which all runs of both arms are solved, or none."""

    def make(name: str, value: float):
        path = tmp_path / f"{name}.sqlite"
        with Store.open(path) as opened:
            for arm in ARMS:
                opened.insert(
                    opened.put_spec(arm.config.specification()),
                    np.arange(40),
                    ["ok"] * 40,
                    [-1] * 40,
                    {
                        "curve.solved": np.full((40, 1), value, np.float32),
                        "steps": np.full((40, 1), 500),
                    },
                    {"backend": "tensorflow"},
                )
        return path

    return make


@pytest.fixture
def published(claim, store, tmp_path, monkeypatch):
    """Publish what the standard preset says where all runs are solved."""
    folder = tmp_path / "published"
    folder.mkdir()
    with Store.open(store("published", 1.0), mode="read") as opened:
        verdict = give_verdict(claim, Evidence(opened), "standard")
    (folder / "xor.json").write_text(json.dumps([verdict.record()]))
    read = partial(standing.published_verdicts, folder)
    monkeypatch.setattr(standing, "published_verdicts", read)
    return verdict


@pytest.fixture
def nothing_published(tmp_path, monkeypatch):
    read = partial(standing.published_verdicts, tmp_path / "nowhere")
    monkeypatch.setattr(standing, "published_verdicts", read)


COUNTS = "Re-run here, 1 published claim: {} the same, 0 undecided, {} contradicting. "


@pytest.fixture
def printed(capsys):
    """Return what was printed, as sentences without the ends of their lines."""
    return lambda: " ".join(capsys.readouterr().out.split()) + " "


@pytest.mark.parametrize("command", ["run", "reproduce"])
def test_runs_that_agree_with_what_is_published_are_counted(
    command, published, store, tmp_path, printed
):
    more = {"out": tmp_path / "report"} if command == "reproduce" else {}
    getattr(run_commands, command)(store=store("here", 1.0), device="cpu", **more)
    assert COUNTS.format("1 condition", 0) in printed()


@pytest.mark.parametrize("command", ["run", "reproduce"])
def test_runs_that_contradict_what_is_published_end_with_1(
    command, published, store, tmp_path, printed
):
    more = {"out": tmp_path / "report"} if command == "reproduce" else {}
    with pytest.raises(typer.Exit) as caught:
        getattr(run_commands, command)(store=store("here", 0.0), device="cpu", **more)
    assert caught.value.exit_code == 1
    told = printed()
    assert COUNTS.format("0 conditions", 1) in told
    # The quick run does not take the place of the published verdict.
    assert "Published: 1 supported." in told
    assert ("Report: " in told) == (command == "reproduce")


def test_a_part_of_the_rule_is_never_given_the_word_of_a_verdict(
    claim, nothing_published, store, printed
):
    path = store("here", 0.0)
    run_commands.run(store=path, device="cpu")
    claim_commands.verdicts(["xor"], store=path)
    claim_commands.info(claim.id, store=path)
    # The rule itself says when it would be supported.
    told, _, _ = printed().partition("The rule:")
    assert told.count("So far: 0 of 1 conditions hold, of 2 in the rule.") == 3
    assert len(re.findall(INCOMPLETE, told, re.IGNORECASE)) >= 3
    assert not re.search("|".join(VERDICTS), told, re.IGNORECASE)
    assert "No." not in told


def test_without_a_store_the_published_verdicts_are_shown(published, tmp_path, capsys):
    claim_commands.verdicts(["xor"], store=tmp_path / "absent.sqlite")
    assert "1 claim. Published: 1 supported." in capsys.readouterr().out
    assert not (tmp_path / "absent.sqlite").exists()
    claim_commands.verdicts(as_json=True, store=tmp_path / "absent.sqlite")
    (record,) = json.loads(capsys.readouterr().out)
    assert (record["published"], record["rerun"]) == (True, None)
    assert (record["preset"], record["answer"]) == ("standard", "Yes.")


def test_verdicts_as_json_hold_the_numbers_and_what_they_rest_on(
    claim, published, store, capsys
):
    path = store("here", 1.0)
    run_commands.run(store=path, device="cpu")
    capsys.readouterr()
    claim_commands.verdicts(as_json=True, store=path)
    (record,) = json.loads(capsys.readouterr().out)
    told = ("id", "rows", "statement", "finding", "unit", "reason")
    assert set(told) <= set(record)
    assert (record["verdict"], record["answer"]) == ("supported", "Yes.")
    assert record["low"] < record["estimate"] == record["high"] == 1.0
    assert record["n"] == 40
    assert record["coverage"] == {"judged": 2, "of": 2, "no_room": 0}
    outcomes = [(o["key"], o["role"], o["outcome"]) for o in record["outcomes"]]
    assert outcomes == [("arm1", "core", "holds"), ("arm2", "core", "holds")]
    assert record["rerun"] == {
        **{"same": ["arm1"], "undecided": [], "contradicting": [], "timed": []},
        **{"of": 2, "preset": "quick"},
    }
