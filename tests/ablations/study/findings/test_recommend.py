from dataclasses import replace

import numpy as np
import pytest

from ablations.stats.row_errors import RowTests
from ablations.study.findings.analysis import (
    Terms,
    difference,
    judge_family,
    learned,
)
from ablations.study.findings.recommend import (
    Choice,
    Standings,
    choose,
    not_surely_worse,
    recommend,
)
from ablations.study.findings.result import Recommendation
from ablations.study.settings.score import Score

SPLITS = RowTests.of([np.array([j]) for j in range(15)], [0] * 15)
TERMS = Terms(SPLITS, 0.25, 0.01, higher_is_better=True, step=5)
SCORE = Score("accuracy", True, 0.01, "points", 100.0)
generator = np.random.default_rng(7)


def scores(mean: float, spread: float = 0.01) -> np.ndarray:
    """Return scores of 15 splits."""
    return mean + spread * generator.normal(size=15)


def make_standings(
    nets: dict[str, np.ndarray], baselines: dict[str, np.ndarray], terms: Terms = TERMS
) -> Standings:
    """Return standings in which the net chosen by validation is the last one."""
    some = next(iter(nets.values()))
    dummy = np.full(len(some), 0.5)
    known = learned({**nets, **baselines}, dummy, terms)
    pairs = [(net, baseline) for net in nets for baseline in baselines]
    family = [difference(nets[a], baselines[b]) for a, b in pairs]
    judged = judge_family(family, terms, [True] * len(family), chosen_later=True)
    return Standings(
        nets=nets,
        baselines=baselines,
        dummy=dummy,
        chosen=terms.tests.means(list(nets.values())[-1][None])[0],
        learned=known,
        complexity={name: (float(place),) for place, name in enumerate(nets)},
        against=dict(zip(pairs, judged, strict=True)),
        rates=dict.fromkeys(nets, 0.003),
    )


def advise(standings: Standings, terms: Terms = TERMS) -> tuple[Recommendation, Choice]:
    choice = choose(standings, terms)
    return recommend(standings, choice, SCORE, terms), choice


def test_of_equal_nets_the_simplest_is_recommended():
    common, apart = scores(0.9), 0.004 * np.resize([1.0, -1.0], 15)
    nets = {"simple": common, "complex": common + 0.002 + apart}
    found, _ = advise(make_standings(nets, {"linear": scores(0.7)}))
    assert (found.kind, found.name, found.best) == ("net", "simple", "complex")
    assert found.not_surely_worse == ("simple", "complex")
    assert found.learning_rate == 0.003


def test_a_net_that_is_surely_better_is_recommended_though_it_is_complex():
    nets = {"simple": scores(0.7), "complex": scores(0.9)}
    found, _ = advise(make_standings(nets, {"linear": scores(0.6)}))
    assert (found.kind, found.name) == ("net", "complex")
    assert found.better_than_baseline == "better"


def test_a_baseline_that_is_surely_better_is_recommended():
    nets = {"base": scores(0.8)}
    baselines = {"linear": scores(0.7), "random forest": scores(0.95)}
    found, _ = advise(make_standings(nets, baselines))
    assert (found.kind, found.name) == ("baseline", "random forest")
    assert found.sentence.startswith("Use a random forest rather than a neural network")
    assert "'base' is really worse, by about" in found.sentence
    assert found.learning_rate is None


def test_a_baseline_that_a_net_is_not_surely_better_than_is_preferred_to_it():
    common = scores(0.9)
    nets = {"base": common + 0.002 + 0.002 * np.resize([1.0, -1.0], 15)}
    found, choice = advise(make_standings(nets, {"linear": common}))
    assert (found.kind, found.name, choice.net) == ("baseline", "linear", "base")
    assert found.better_than_baseline == "same"
    assert "surely less than 1 point better, which does not matter" in found.sentence


def test_where_nothing_learned_nothing_is_recommended():
    standings = make_standings({"base": scores(0.5)}, {"linear": scores(0.5)})
    found, _ = advise(standings)
    assert (found.kind, found.name) == ("nothing", "dummy")
    assert found.better_than_baseline == "not tested"


def test_where_only_a_baseline_learned_no_net_is_recommended():
    standings = make_standings({"base": scores(0.5)}, {"linear": scores(0.8)})
    found, _ = advise(standings)
    assert (found.kind, found.name) == ("baseline", "linear")


def test_that_choosing_flatters_is_said_with_the_number():
    nets = {"base": scores(0.9), "other": scores(0.89)}
    standings = make_standings(nets, {})
    standings = replace(standings, chosen=standings.nets["base"] - 0.02)
    found, _ = advise(standings)
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


def on_rows(num_rows: int = 1000) -> Terms:
    order = np.random.default_rng(0).permutation(num_rows)
    tests = RowTests.of(list(order.reshape(5, -1)), [0] * 5)
    return Terms(tests, 0.25, 0.01, higher_is_better=True, step=5)


def right(wrong: int) -> np.ndarray:
    """Return who is right in which test: wrong on the first rows of the table."""
    return (on_rows().tests.rows >= wrong).astype(float)


@pytest.mark.parametrize("num_rows", [40, 150, 1000])
@pytest.mark.parametrize("is_error", [False, True], ids=["shares", "errors"])
def test_of_models_that_are_perfect_on_every_row_the_simplest_is_recommended(
    num_rows, is_error
):
    terms = replace(on_rows(num_rows), higher_is_better=not is_error)
    wrong = (terms.tests.rows < 0.3 * num_rows).astype(float)
    poor, perfect = (wrong, 0 * wrong) if is_error else (1 - wrong, 0 * wrong + 1)
    baselines = {"linear": poor, "random forest": perfect}
    nets = {"base": perfect, "deep": perfect}
    found, choice = advise(make_standings(nets, baselines, terms), terms)
    assert (found.kind, found.name) == ("baseline", "random forest")
    assert choice.net == "base"
    assert found.sentence.endswith(
        "the network 'base' was no better, and it is simpler."
    )


NOISE = np.random.default_rng(0).uniform(-2e-7, 2e-7, 1000)


@pytest.mark.parametrize("noise", [1e-7, -1e-7, NOISE, np.abs(NOISE)])
def test_at_a_tie_within_rounding_the_baseline_is_recommended(noise):
    exact = right(80)
    baselines = {"linear": exact}
    nets = {"base": exact * (1 + noise)}
    found, _ = advise(make_standings(nets, baselines, on_rows()), on_rows())
    assert (found.kind, found.name) == ("baseline", "linear")


def test_no_net_is_recommended_over_a_baseline_with_a_better_mean():
    """The best net is surely better than the baseline, and the simplest is not."""
    rng = np.random.default_rng(1)
    terms = on_rows()
    for _ in range(15):
        # Levels near each other, so that all rules play a part.
        levels = rng.uniform(0.86, 0.92, size=6)
        values = [(rng.random(1000) < level).astype(float) for level in levels]
        nets = dict(zip(("base", "wide", "deep"), values, strict=False))
        baselines = dict(zip(("linear", "forest", "boosting"), values[3:], strict=True))
        standings = make_standings(nets, baselines, terms)
        found, choice = advise(standings, terms)
        ordered = {**baselines, **nets}
        simpler = list(ordered)[: list(ordered).index(found.name)]
        for name in simpler:
            assert terms.mean(ordered[name]) <= terms.mean(ordered[found.name])
        if found.kind == "net":
            assert choice.net == found.name
            assert repr(found.name) in found.sentence


def test_the_net_that_is_named_is_the_one_that_is_compared():
    nets = {"plain": right(150), "better": right(60)}
    baselines = {"linear": right(120)}
    standings = make_standings(nets, baselines, on_rows())
    found, choice = advise(standings, on_rows())
    assert (found.name, choice.rival) == ("better", "linear")
    assert found.better_than_baseline == standings.against["better", "linear"].verdict
    assert "'better'" in found.reasons[0]
    assert "by about 6 points" in found.sentence
