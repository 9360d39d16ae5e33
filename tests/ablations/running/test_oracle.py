"""Learning rates that KerasTuner proposes."""

import io

import numpy as np
import pytest

from ablations.evidence.evidence import Evidence
from ablations.evidence.tuning import proposal_specification
from ablations.protocol.arm import TuneConfig
from ablations.protocol.kinds import SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.xor import solved, xor_arm
from ablations.running.oracle import propose
from ablations.selfcheck.synthetic import drawn_arm
from ablations.session import bring_up_to_date
from ablations.store.store import Store

SCORE = ScoreConfig(quantity="loss", words="loss")


def tune(oracle: str, **changes) -> TuneConfig:
    fields = {"oracle": oracle, "score": SCORE, "trials": 8, "bounds": (1e-3, 1.0)}
    return TuneConfig(**(fields | changes))


def ask(config: TuneConfig, history=()) -> np.ndarray:
    return propose(proposal_specification(config, history))


@pytest.mark.parametrize(("oracle", "count"), [("random", 8), ("bayesian", 3)])
def test_proposals_lie_between_the_bounds_and_follow_from_the_seed(oracle, count):
    one = ask(tune(oracle))
    assert one.shape == (count,)
    assert np.all((one >= 1e-3) & (one <= 1.0))
    np.testing.assert_array_equal(one, ask(tune(oracle)))
    assert not np.array_equal(one, ask(tune(oracle, oracle_seed=2)))


def test_the_bayesian_oracle_learns_from_the_history():
    # The best rate is 0.1; after seven trials it is looked for near there.
    rates = np.geomspace(1e-3, 1.0, 7)
    history = [(rate, -((np.log10(rate) + 1) ** 2)) for rate in rates]
    (found,) = ask(tune("bayesian"), history)
    assert 0.03 < found < 0.3
    worse = [(rate, -((np.log10(rate) + 3) ** 2)) for rate in rates]
    assert ask(tune("bayesian"), worse)[0] < found


def test_a_rate_without_a_score_counts_as_the_worst():
    history = [(0.01, 0.5), (0.1, 1.0), (0.9, -np.inf)]
    (found,) = ask(tune("bayesian"), history)
    (same,) = ask(tune("bayesian"), [(0.01, 0.5), (0.1, 1.0), (0.9, 0.5)])
    assert found == same


def test_nothing_is_printed(capsys):
    ask(tune("random"))
    assert capsys.readouterr() == ("", "")


@pytest.mark.slow
def test_a_claim_is_tuned_by_an_oracle_from_proposal_to_verdict(make_claim, tmp_path):
    config = xor_arm(num_steps=100)
    tune = TuneConfig(
        oracle="bayesian", trials=5, bounds=(1e-4, 10.0), score=solved(), seeds=20
    )
    arm = drawn_arm("arm", config, tune)
    claim = make_claim(
        SuccessRate(key="s", label="s", arm=arm, score=solved(), bound=0.05)
    )
    path = tmp_path / "store.sqlite"
    (verdict,) = bring_up_to_date([claim], "quick", 20, "cpu", path, io.StringIO())
    assert verdict.verdict == "supported"
    assert verdict.arms[0]["num_trials"] == 5
    with Store.open(path, mode="read") as store:
        choice = Evidence(store).choice(arm)
    # Very small and very large rates do not solve XOR in 100 updates.
    assert 1e-3 < choice.learning_rate < 2.0
