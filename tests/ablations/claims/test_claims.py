"""The contract of claim files: one set of tests for all of them."""

import itertools
import re
from collections import Counter

import numpy as np
import pytest

from ablations import measures
from ablations.claims.registry import all_claims
from ablations.evidence.scores import DERIVED
from ablations.evidence.weight_scores import WEIGHT_SCORES
from ablations.protocol.claim import PRESETS
from ablations.protocol.kinds import Agreement, Comparison, SuccessRate
from ablations.stats.proportions import clopper_pearson
from ablations.store.table import RunTable
from tests.every import every_claim

SECTIONS = {
    "A-INT": 21,
    "A-XOR": 23,
    "A-BP": 12,
    "A-OPT": 48,
    "A-ACT": 32,
    "A-REG": 41,
    "A-BN": 25,
    "B-BAS": 5,
    "B-ACT": 38,
    "B-TRN": 12,
    "B-DEAD": 8,
    "B-VAN": 6,
    "B-EXP": 5,
    "B-SOL": 16,
}
"""Sections of the inventory, with how many rows each has."""


def numbered(*sections: str) -> list[str]:
    return [f"{name}-{k}" for name in sections for k in range(1, SECTIONS[name] + 1)]


DYING = [
    *("A-ACT-21", "B-ACT-9", "B-ACT-13", "B-ACT-18", "B-ACT-31"),
    *(f"B-DEAD-{number}" for number in (2, 3, 5, 6, 7)),
]
"""Rows on units that die in training, which have a chapter of their own."""

ROWS = {
    "xor": numbered("A-XOR"),
    "depth": numbered("A-INT", "B-VAN", "B-EXP", "B-SOL"),
    "regularization": numbered("A-REG"),
    "activations": [
        row for row in numbered("A-ACT", "B-ACT", "B-DEAD") if row not in DYING
    ],
    "dying_units": DYING,
    "backpropagation": numbered("A-BP"),
    "batch_norm": numbered("A-BN"),
    "training": numbered("B-BAS", "B-TRN"),
    "optimizers": numbered("A-OPT"),
}
"""The inventory rows of each chapter, each answered by exactly one claim."""


@pytest.mark.parametrize("chapter", ROWS)
def test_every_row_of_a_chapter_is_answered_by_exactly_one_claim(chapter):
    claims = [c.claim for c in all_claims().values() if c.chapter == chapter]
    answered = Counter(row for claim in claims for row in claim.rows)
    assert answered == Counter(ROWS[chapter])


def test_every_row_of_the_inventory_is_answered_by_exactly_one_claim():
    answered = Counter(row for c in all_claims().values() for row in c.claim.rows)
    assert answered == Counter(numbered(*SECTIONS))
    assert answered.total() == 292


def test_every_chapter_says_which_rows_it_answers():
    assert {claim.chapter for claim in all_claims().values()} == set(ROWS)


@every_claim
def test_the_id_is_a_short_sentence_in_snake_case(claim):
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+){2,9}", claim.id)


@every_claim
def test_the_docstring_gives_the_mechanism_in_two_or_three_sentences(claim):
    sentences = re.split(r"(?<=\.)\s+", claim.mechanism)
    assert len(sentences) in (2, 3)
    assert all(s.endswith(".") and s[0].isupper() for s in sentences)


@every_claim
def test_the_statement_is_a_sentence_with_a_source(claim):
    assert re.fullmatch(r"[A-Z0-9].*\.", claim.claim.statement)
    assert claim.claim.source


@every_claim
def test_every_prediction_says_its_rule_in_one_line(claim):
    for prediction in claim.claim.everything:
        assert "\n" not in prediction.rule()
        assert prediction.rule().startswith("holds if")


@every_claim
def test_every_claim_has_a_rule_or_says_why_it_has_none(claim):
    data = claim.claim
    assert bool(data.core) != bool(data.untestable)
    assert re.fullmatch(r"[A-Z].*\.", data.untestable or "Tested.", re.DOTALL)


@every_claim
def test_every_score_is_recorded_by_its_arm_at_that_update(claim):
    data = claim.claim
    read = [pair for p in data.everything for pair in p.reads()]
    read += [(arm, arm.tune.score) for arm in data.arms.values() if arm.tune]
    for arm, score in read:
        config = arm.config
        if score.quantity in WEIGHT_SCORES:
            assert score.at is None, "Weights are recorded at the end only."
            assert config.training.record_weights
            weights = np.zeros((3, config.model.parameter_count()[1]), np.float32)
            assert DERIVED[score.quantity](table_of(weights=weights), None).shape == (
                3,
            )
            continue
        if score.quantity in DERIVED:
            training = getattr(config, "training", None)
            probes = {
                f"probe.{probe}": np.ones((3, 2, 4), np.float32)
                for probe in (training.probes if training else ())
            }
            curves = {
                f"curve.{metric}": np.full((3, 2), 0.5, np.float32)
                for metric in config.recorded_metrics()
            }
            table = table_of(steps=np.tile([0, 10], (3, 1)), **probes, **curves)
            assert DERIVED[score.quantity](table, 0).shape == (3,)
        else:
            assert score.quantity in config.recorded_metrics()
        assert score.at in (None, *config.recorded_steps())


def table_of(**arrays: np.ndarray) -> RunTable:
    three = np.arange(3)
    return RunTable(three, np.full(3, "ok"), three, arrays)


@every_claim
def test_the_best_outcome_would_decide_every_success_rate(claim):
    rates = [p for p in claim.claim.judged if isinstance(p, SuccessRate | Agreement)]
    for prediction, preset in itertools.product(rates, PRESETS):
        n = min(claim.claim.num_seeds(arm, preset) for arm in prediction.arms())
        if getattr(prediction, "direction", "at_least") == "at_least":
            assert clopper_pearson(n, n).low >= prediction.bound
        else:
            assert clopper_pearson(0, n).high <= prediction.bound


@every_claim
def test_arms_with_tuned_rates_are_compared_after_equally_many_trials(claim):
    for prediction in claim.claim.everything:
        if isinstance(prediction, Comparison) and not prediction.differs_in:
            tunes = [arm.tune for arm in prediction.arms()]
            trials = {tune and (len(tune.learning_rates), tune.seeds) for tune in tunes}
            assert len(trials) == 1


def test_every_measurement_is_read_by_a_claim():
    read = {name for c in all_claims().values() for name in c.claim.measurements()}
    assert read == set(measures.MEASURES)


def test_every_score_of_weights_is_read_by_a_claim():
    read = {
        score.quantity
        for claim in all_claims().values()
        for prediction in claim.claim.everything
        for _, score in prediction.reads()
    }
    assert set(WEIGHT_SCORES) <= read
