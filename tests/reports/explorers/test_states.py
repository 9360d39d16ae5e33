"""What is published is what was read, and the fuller of the two is shown."""

import json
from dataclasses import replace

import numpy as np
import pytest

from ablations.protocol.score import ScoreConfig
from ablations.rigs.normalization.networks import GAINS, GRID, settings
from ablations.rigs.xor import network, solved
from ablations.store.table import RunTable
from models.config import ConfigError
from reports.explorers import EXPLORERS
from reports.explorers.declared import ExplorerConfig, control, reading
from reports.explorers.states import (
    State,
    digest_of,
    measure_state,
    published,
    read,
    states_of,
    to_json,
)
from reports.figures.source import ArmRuns

LEAKY = ExplorerConfig(
    id="leaky",
    question="How often do they learn?",
    claim="a_claim",
    controls=(
        control("width", "Width", {"one": 1, "two": 2}, "slider"),
        reading("updates", "Updates", {"early": 0, "late": 500}, fills="at"),
    ),
    score=solved(),
    measure="loss",
    chart="icons",
    says={"all": "All.", "some": "Some.", "none": "None."},
    first=("one", "early"),
)


@pytest.fixture
def leaky(width_source):
    """Return a claim with runs of one unit that all end at a half, and none of two."""
    arms = {arm.levels["width"]: arm for arm in width_source.arms}
    assert set(arms) == {1, 2}
    assert arms[2].config == network().config
    return width_source


def test_runs_are_counted_at_the_update_that_is_read(leaky):
    found = read(LEAKY, leaky)
    assert [(s.address, s.total, s.won) for s in found.values()] == [
        ("one/early", 48, 0),
        ("one/late", 48, 0),
        ("two/early", 48, 0),
        ("two/late", 48, 24),
    ]
    # A quarter is the loss of one half everywhere; here it is still falling.
    assert found["one/late"].mean < found["one/early"].mean


def test_runs_are_looked_for_in_every_claim_that_is_named(source, leaky):
    assert read(LEAKY, source) == {}
    assert read(LEAKY, source, leaky) == read(LEAKY, leaky)
    assert digest_of(source, leaky).split() == [
        source.verdict.digest,
        leaky.verdict.digest,
    ]


def test_a_state_reads_the_runs_that_succeed_at_its_rate_and_weights():
    arm = settings(None, 6)
    there = np.zeros((4, len(GRID), len(GAINS)), bool)
    there[:3, GRID.index(0.3), GAINS.index(2.0)] = True
    status = np.array(["ok", "ok", "failed", "ok"])
    arrays = {"settings_that_learn": there}
    table = RunTable(np.arange(4), status, np.full(4, -1), arrays)
    runs = ArmRuns(arm, arm.config, table)
    (config,) = EXPLORERS["batch_norm"]
    found = [measure_state(config, options, runs) for options in config.states()]
    assert {s.address.split("/", 2)[2] for s in found if s.won} == {"0.3/doubled"}
    assert {(s.won, s.lost) for s in found if s.won} == {(2, 1)}


def test_what_is_published_is_read_as_it_was_written(leaky, tmp_path):
    found = read(LEAKY, leaky)
    (tmp_path / "leaky.json").write_text(to_json(found, "a rule"))
    assert published(LEAKY, "a rule", tmp_path) == found
    assert published(LEAKY, "another rule", tmp_path) == {}
    assert published(LEAKY, "a rule", tmp_path / "nowhere") == {}


def test_numbers_of_seeds_are_kept_where_they_are_drawn(leaky):
    loss = ScoreConfig(quantity="loss", words="loss")
    drawn, told = (
        read(LEAKY.replace(score=loss, chart=chart), leaky)["one/late"]
        for chart in ("columns", "grid")
    )
    assert len(drawn.values) == 48
    assert told.values == (drawn.values[0], drawn.values[-1])
    assert told.mean == drawn.mean


def test_a_file_that_holds_no_states_is_refused_by_its_name(tmp_path):
    (tmp_path / "leaky.json").write_text('{"digest": "a rule", "states": [{"x": 1}]}')
    with pytest.raises(ConfigError, match=r"leaky\.json` must hold the states"):
        published(LEAKY, "a rule", tmp_path)


def test_published_states_stand_until_as_many_runs_are_at_hand(leaky, tmp_path):
    here = read(LEAKY, leaky)
    digest = leaky.verdict.digest
    more = {a: replace(s, total=10_000, won=5_000) for a, s in here.items()}
    assert states_of(LEAKY, leaky, folder=tmp_path) == here
    path = tmp_path / "leaky.json"
    path.write_text(to_json(more, digest))
    assert states_of(LEAKY, leaky, folder=tmp_path)["two/late"].total == 10_000
    path.write_text(to_json({a: replace(s, won=1) for a, s in here.items()}, digest))
    assert states_of(LEAKY, leaky, folder=tmp_path) == here


def test_numbers_are_written_with_the_digits_that_can_be_seen():
    state = State("a", 2, 0, None, 0.12345, (0.1, 0.2))
    written = json.loads(to_json({"a": state}, "rule"))["states"]
    assert written == [
        {"address": "a", "total": 2, "lost": 0, "mean": 0.12345, "values": [0.1, 0.2]}
    ]
