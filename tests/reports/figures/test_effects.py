import dataclasses

import numpy as np
import pytest

from ablations.evidence.scores import score
from ablations.protocol.kinds import Comparison, Equivalence
from ablations.protocol.score import ScoreConfig
from ablations.rigs.xor import solved
from reports.figures import effects, figure_names

LOSS = ScoreConfig(quantity="loss", better="lower", words="final loss")


@pytest.fixture
def compare(speeds):
    """Return a function that predicts less loss in the quick arm than in another."""

    def make(control="same", score=LOSS, key="less", **changes):
        fields = {"label": f"against {control}", "treatment": speeds["quick"]}
        fields |= {"control": speeds[control], "score": score, "direction": "less"}
        return Comparison(**(fields | {"key": key, "margin": 0.01} | changes))

    return make


def test_the_mean_of_the_dots_is_the_estimate_that_was_judged(made_up, compare):
    source = made_up(compare("same"), compare("slow", key="slow"))
    for panel, found in zip(
        effects.read(source).panels, source.verdict.core, strict=True
    ):
        assert panel.differences.mean() == pytest.approx(found.estimate)
        assert panel.dot.low == found.low


def test_a_failed_run_counts_with_the_worst_loss_seen(made_up, compare, speeds):
    source = made_up(compare("slow"))
    (panel,) = effects.read(source).panels
    assert np.flatnonzero(panel.lost).tolist() == [0, 1, 2]
    slow = source.runs(speeds["slow"])
    quick = source.runs(speeds["quick"]).final("loss")
    worst = np.nanmax(slow.final("loss"))
    assert panel.differences[:3] == pytest.approx(quick[:3] - worst)
    assert "3 in all" in effects.draw(effects.read(source)).caption


def test_the_four_counts_are_of_seeds_and_give_the_difference(made_up, compare, speeds):
    source = made_up(
        compare("slow", solved(500), direction="greater"),
        Equivalence(
            key="alike",
            label="alike",
            treatment=speeds["quick"],
            control=speeds["same"],
            score=solved(500),
            margin=0.3,
        ),
    )
    for panel in effects.read(source).panels:
        both, first, second, neither = panel.counts
        assert sum(panel.counts) == 60
        assert (first - second) / 60 == pytest.approx(panel.dot.estimate)
        one, other = (
            score(source.runs(speeds[arm]).table, solved(500)) == 1
            for arm in panel.arms
        )
        assert both == (one & other).sum()
        assert neither == (~one & ~other).sum()


def test_an_arm_compared_with_itself_is_told_by_what_is_read(made_up, compare):
    late, early = (
        LOSS.model_copy(update={"at": at, "words": f"loss after {at}"})
        for at in (500, 20)
    )
    source = made_up(compare("quick", late, control_score=early))
    (panel,) = effects.read(source).panels
    assert panel.arms == ("quick (loss after 500)", "quick (loss after 20)")


def test_a_claim_that_compares_has_the_figure_where_it_names_it(made_up, compare):
    assert figure_names(made_up(compare())) == []
    assert figure_names(made_up(compare(), figure="effects")) == ["effects"]


def test_without_runs_there_is_nothing_to_draw(made_up, compare, empty_evidence):
    source = made_up(compare())
    assert effects.read(dataclasses.replace(source, evidence=empty_evidence)) is None


def test_only_the_first_comparisons_are_drawn_and_that_is_said(made_up, compare):
    many = [compare(label=f"number {i}", key=f"k{i}") for i in range(6)]
    found = effects.read(made_up(*many))
    assert [p.dot.label for p in found.panels] == [f"number {i}" for i in range(4)]
    assert "Shown are 4 of 6 comparisons." in effects.draw(found).caption


def test_dots_of_a_swarm_lie_apart_while_there_is_room():
    places = np.repeat([10.0, 50.0], 9)
    heights = effects.swarm(places, 92.0)
    for place in (10.0, 50.0):
        mine = np.sort(heights[places == place])
        assert np.diff(mine).min() == pytest.approx(effects.dot_size(18))
        assert mine.sum() == pytest.approx(0)


def test_a_swarm_of_any_size_stays_in_its_strip():
    heights = effects.swarm(np.full(500, 10.0), 92.0)
    assert np.ptp(heights) <= 92.0
    assert len(np.unique(heights)) == 500


def test_far_outliers_become_arrows_and_are_counted(made_up, compare):
    (panel,) = effects.read(made_up(compare())).panels
    differences = panel.differences.copy()
    differences[7] = 1e6
    wild = dataclasses.replace(panel, differences=differences)
    assert effects.ends_of(wild)[1] < 1.0
    assert effects.num_outside(wild) == 1
    assert "Arrows at the ends, 1," in effects.draw(effects.Effects((wild,), 1)).caption


def test_long_names_of_an_axis_are_broken_into_lines(made_up, compare, texts):
    words = "orders of magnitude between the first and last layer's gradient at all"
    long = LOSS.replace(words=words)
    picture = effects.draw(effects.read(made_up(compare("same", long))))
    lines = [text for text in texts(picture.svg) if text in f"difference in {words}"]
    assert max(map(len, lines)) <= effects.LONGEST_AXIS


def test_equal_differences_can_be_drawn(made_up, compare):
    (panel,) = effects.read(made_up(compare())).panels
    none = dataclasses.replace(panel, differences=np.zeros(60))
    assert "0 lie above zero" in effects.draw(effects.Effects((none,), 1)).alternative


def test_thousands_of_seeds_stay_small_and_are_drawn_the_same_each_time(
    made_up, compare
):
    (panel,) = effects.read(made_up(compare())).panels
    rng = np.random.default_rng(0)
    many = dataclasses.replace(
        panel, differences=rng.normal(size=10_000), lost=np.zeros(10_000, bool)
    )
    found = effects.Effects((many,), 1)
    picture = effects.draw(found)
    assert "the first 500 of 10,000" in picture.caption
    assert len(picture.svg) < 40_000
    assert effects.draw(found).svg == picture.svg


def test_every_dot_is_drawn(made_up, compare):
    (panel,) = effects.read(made_up(compare())).panels
    svg = effects.draw(effects.Effects((panel,), 1)).svg
    (dots,) = [part for part in svg.split("<path ") if 'stroke-opacity="0.6"' in part]
    assert dots.count("M ") == 60
