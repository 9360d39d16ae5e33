from dataclasses import replace

import numpy as np
import pytest

from ablations.study.findings.analysis import Terms, compare, judge_family, learned
from ablations.study.findings.recommend import Standings, not_surely_worse, recommend
from ablations.study.settings.score import Score

TERMS = Terms(0.25, 0.01, higher_is_better=True, step=5)
SCORE = Score("accuracy", True, 0.01, "points", 100.0)
generator = np.random.default_rng(7)


def scores(mean: float, spread: float = 0.01) -> np.ndarray:
    """Return scores of 15 splits."""
    return mean + spread * generator.normal(size=15)


def make_standings(
    nets: dict[str, np.ndarray], baselines: dict[str, np.ndarray]
) -> Standings:
    """Return standings in which the net chosen by validation is the last one."""
    dummy, chosen = np.full(15, 0.5), list(nets.values())[-1]
    known = learned({**nets, **baselines}, dummy, TERMS)
    family = [compare(chosen, values, TERMS) for values in baselines.values()]
    judged = judge_family(family, TERMS, [True] * len(family))
    return Standings(
        scores=nets,
        baselines=baselines,
        dummy=dummy,
        chosen=chosen,
        learned=known,
        complexity={name: (float(place),) for place, name in enumerate(nets)},
        against_baselines=dict(zip(baselines, judged, strict=True)),
        rates=dict.fromkeys(nets, 0.003),
    )


def test_of_equal_nets_the_simplest_is_recommended():
    common = scores(0.9)
    nets = {"simple": common, "complex": common + 0.002}
    found = recommend(make_standings(nets, {"linear": scores(0.7)}), SCORE, TERMS)
    assert (found.kind, found.name, found.best) == ("net", "simple", "complex")
    assert found.not_surely_worse == ("simple", "complex")
    assert found.learning_rate == 0.003


def test_a_net_that_is_surely_better_is_recommended_though_it_is_complex():
    nets = {"simple": scores(0.7), "complex": scores(0.9)}
    found = recommend(make_standings(nets, {"linear": scores(0.6)}), SCORE, TERMS)
    assert (found.kind, found.name) == ("net", "complex")
    assert found.better_than_baseline == "better"


def test_a_baseline_that_is_surely_better_is_recommended():
    nets = {"base": scores(0.8)}
    baselines = {"linear": scores(0.7), "random forest": scores(0.95)}
    found = recommend(make_standings(nets, baselines), SCORE, TERMS)
    assert (found.kind, found.name) == ("baseline", "random forest")
    assert found.sentence.startswith("Use a random forest rather than a neural network")
    assert "are really worse, by about" in found.sentence
    assert found.learning_rate is None


def test_a_baseline_within_the_margin_is_preferred_to_a_net():
    common = scores(0.9)
    nets = {"base": common + 0.001 + 1e-4 * generator.normal(size=15)}
    found = recommend(make_standings(nets, {"linear": common}), SCORE, TERMS)
    assert (found.kind, found.name) == ("baseline", "linear")


def test_where_nothing_learned_nothing_is_recommended():
    standings = make_standings({"base": scores(0.5)}, {"linear": scores(0.5)})
    found = recommend(standings, SCORE, TERMS)
    assert (found.kind, found.name) == ("nothing", "dummy")
    assert found.better_than_baseline == "not tested"


def test_where_only_a_baseline_learned_no_net_is_recommended():
    standings = make_standings({"base": scores(0.5)}, {"linear": scores(0.8)})
    found = recommend(standings, SCORE, TERMS)
    assert (found.kind, found.name) == ("baseline", "linear")


def test_that_choosing_flatters_is_said_with_the_number():
    nets = {"base": scores(0.9), "other": scores(0.89)}
    standings = make_standings(nets, {})
    standings = replace(standings, chosen=standings.scores["base"] - 0.02)
    found = recommend(standings, SCORE, TERMS)
    assert found.honest_score == pytest.approx(found.score - 0.02)
    assert any(
        "somewhat too good" in text and "2 points" in text for text in found.reasons
    )


def test_a_net_far_behind_is_not_kept_though_it_is_not_surely_worse():
    nets = {"best": scores(0.9, 0.001), "far": scores(0.87, 0.03)}
    assert not_surely_worse(nets, "best", TERMS) == ["best"]


def test_less_is_better_where_the_score_is_an_error():
    terms = replace(TERMS, higher_is_better=False)
    nets = {"bad": scores(2.0), "good": scores(1.0)}
    assert not_surely_worse(nets, "good", terms) == ["good"]
