"""Claims are found by their place and chosen by id, chapter or inventory row."""

import importlib

import pytest

import ablations.claims
from ablations.claims.registry import all_claims, chapters, select_claims
from ablations.protocol.claim import Claim, RegisteredClaim
from models.config import ConfigError

SOLVES = "printed_program_solves_xor"


@pytest.fixture
def claims_elsewhere(tmp_path, monkeypatch):
    """Let the registry look into an empty folder, and forget what it saw there."""
    monkeypatch.setattr(ablations.claims, "__path__", [str(tmp_path)])
    all_claims.cache_clear()
    yield tmp_path
    all_claims.cache_clear()


def test_every_file_of_a_chapter_is_a_claim_under_its_name():
    (root,) = map(str, ablations.claims.__path__)
    for id_, claim in all_claims().items():
        module = importlib.import_module(f"ablations.claims.{claim.chapter}.{id_}")
        assert module.__file__ == f"{root}/{claim.chapter}/{id_}.py"
        assert module.CLAIM is claim.claim


def test_claims_come_in_the_order_of_their_rows():
    rows = [c.claim.rows[0] for c in all_claims().values() if c.chapter == "xor"]
    assert rows == [f"A-XOR-{number}" for number in range(1, len(rows) + 1)]


def test_a_mechanism_is_one_paragraph():
    for claim in all_claims().values():
        assert claim.mechanism
        assert claim.mechanism == " ".join(claim.mechanism.split())


def test_no_name_selects_every_claim():
    assert select_claims([]) == list(all_claims().values())


def test_a_chapter_selects_its_claims():
    chosen = select_claims(["xor"])
    assert {claim.chapter for claim in chosen} == {"xor"}
    assert len(chosen) == sum(c.chapter == "xor" for c in all_claims().values())


def test_a_claim_is_selected_once_by_its_id_its_row_or_both():
    by_id, by_row = select_claims([SOLVES]), select_claims(["A-XOR-13"])
    assert [claim.id for claim in by_id] == [SOLVES]
    assert by_id == by_row == select_claims(["A-XOR-13", SOLVES])


def test_the_order_of_names_is_kept():
    chosen = select_claims(["A-XOR-13", "A-XOR-2"])
    assert [claim.claim.rows for claim in chosen] == [("A-XOR-13",), ("A-XOR-2",)]


def test_an_unknown_name_is_refused_with_the_closest_claim():
    with pytest.raises(ConfigError, match=f"Did you mean '{SOLVES}'"):
        select_claims(["printed_programs_solve_xor"])


def test_chapters_are_named_once():
    assert len(set(chapters())) == len(chapters())
    assert "xor" in chapters()


def test_the_digest_follows_the_rule_and_not_the_words_about_why():
    claim = all_claims()[SOLVES]
    same = RegisteredClaim("other", claim.chapter, "Because.", claim.claim)
    assert same.digest == claim.digest
    prediction = claim.claim.core[0].replace(bound=0.9)
    data = claim.claim.replace(core=(prediction, *claim.claim.core[1:]))
    assert RegisteredClaim(SOLVES, "xor", "", data).digest != claim.digest
    seeds = claim.claim.replace(seeds=claim.claim.seeds.replace(quick=50))
    assert RegisteredClaim(SOLVES, "xor", "", seeds).digest != claim.digest


def test_an_empty_folder_holds_no_claims(claims_elsewhere):
    assert all_claims() == {}
    assert select_claims([]) == []


def test_a_claim_added_as_one_file_is_found(claims_elsewhere):
    chapter = claims_elsewhere / "weather"
    chapter.mkdir()
    (chapter / "__init__.py").write_text('"""The weather."""\n')
    (chapter / "rain_is_wet.py").write_text(
        '"""Water wets.\n\nRain is water."""\n'
        "from ablations.protocol.claim import Claim\n"
        "from ablations.protocol.kinds import ExactCheck\n"
        "CLAIM = Claim(statement='Rain is wet.', rows=('W-1',), source='the sky',\n"
        "    core=(ExactCheck(key='wet', label='wet', measurement='wet',\n"
        "        quantity='wet', expected=1),))\n"
    )
    (claim,) = select_claims(["weather"])
    assert (claim.id, claim.mechanism) == ("rain_is_wet", "Water wets. Rain is water.")
    assert isinstance(claim.claim, Claim)


def test_a_file_without_a_claim_is_named(claims_elsewhere):
    chapter = claims_elsewhere / "empty"
    chapter.mkdir()
    (chapter / "nothing_here.py").write_text('"""Nothing."""\n')
    with pytest.raises(ConfigError, match=r"nothing_here\.py` must define `CLAIM`"):
        all_claims()
