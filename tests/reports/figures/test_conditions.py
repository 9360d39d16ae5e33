import math
from dataclasses import replace

import pytest

from ablations.protocol.kinds import Equivalence, Interaction, League, TimeToTarget
from ablations.protocol.score import ScoreConfig
from reports.figures import conditions
from reports.numbers import DIFFERENCE


@pytest.fixture
def read(verdict, empty_source):
    """Return a function from outcomes to the panels of the figure."""

    def make(*outcomes):
        return conditions.read(
            replace(empty_source, verdict=verdict(outcomes=outcomes))
        )

    return make


def test_conditions_of_one_unit_share_a_panel(read, outcome):
    panels = read(
        outcome("a"),
        outcome("b", unit=DIFFERENCE, estimate=-0.1, low=-0.2, high=0.0, bound=0.02),
        outcome("c", outcome="fails"),
        outcome("exact", kind="exact"),
        outcome("untested", outcome="untested", estimate=None),
        outcome("s", role="shown"),
    )
    assert [[dot.label for dot in panel.dots] for panel in panels] == [
        ["a", "c", "s"],
        ["b"],
    ]
    assert [dot.outcome for dot in panels[0].dots] == ["holds", "fails", "shown"]
    assert panels[0].dots[2].bound is None


def test_exact_claims_have_no_panel(read, outcome):
    assert read(outcome(kind="exact")) is None


def test_an_axis_holds_every_number_and_zero_of_differences(read, outcome):
    row = outcome(unit=DIFFERENCE, estimate=0.3, low=0.2, high=0.4, bound=0.1)
    (panel,) = read(row)
    assert panel.ends[0] < 0 < 0.4 < panel.ends[1]


@pytest.mark.parametrize(
    ("numbers", "ends"),
    [((0.2, 0.1, 0.6), (0.0, 1.0)), ((0.995, 0.99, 1.0), (0.9625, 1.0))],
)
def test_shares_fill_the_axis_from_none_to_all(read, outcome, numbers, ends):
    estimate, low, high = numbers
    bound = 0.97 if low > 0.5 else 0.5
    (panel,) = read(outcome(estimate=estimate, low=low, high=high, bound=bound))
    assert panel.ends == pytest.approx(ends)


def test_an_unbounded_interval_is_drawn_to_the_end(read, outcome):
    (panel,) = read(outcome(unit="loss", low=None, high=0.7, outcome="undecided"))
    assert panel.dots[0].low == -math.inf
    picture = conditions.draw((panel,))
    assert "unbounded to 0.7" in picture.alternative


def test_the_words_say_every_row(read, outcome):
    rows = (
        outcome("a"),
        outcome("b", outcome="fails"),
        outcome("c", outcome="undecided"),
    )
    picture = conditions.draw(read(*rows))
    assert "a: 60.0 % (50.0 to 70.0 %), bound 40.0 %, holds" in picture.alternative
    for word in ("disc holds", "cross fails", "square is undecided"):
        assert word in picture.caption


def test_a_label_of_any_length_stays_inside(read, outcome):
    labels = ("long " * 200, " ", "y" * 500)
    picture = conditions.draw(read(*map(outcome, labels)))
    assert picture.svg.count("<text") < 30


LOSS = ScoreConfig(quantity="loss", better="lower", words="final loss")
LOW_LOSS = ScoreConfig(quantity="loss", at_most=0.1, words="get below 0.1")


def test_every_new_kind_has_its_unit_and_bounds(made_up, speeds):
    arms = {"treatment": speeds["quick"], "control": speeds["slow"]}
    timed = {**arms, "score": LOW_LOSS, "budget": 500}
    source = made_up(
        Equivalence(key="a", label="alike", **arms, score=LOSS, margin=0.02),
        TimeToTarget(key="b", label="ratio", **timed, margin=0.25),
        TimeToTarget(
            key="c", label="updates", **timed, margin=10, measure="difference"
        ),
        Interaction(
            key="d",
            label="contrast",
            neither=speeds["late"],
            first=speeds["slow"],
            second=speeds["same"],
            both=speeds["quick"],
            score=LOSS,
            margin=0.01,
        ),
    )
    panels = conditions.read(source)
    assert {
        panel.unit: [(dot.label, dot.bounds) for dot in panel.dots] for panel in panels
    } == {
        "final loss": [("alike", (-0.02, 0.02)), ("contrast", (0.01,))],
        "ratio of mean updates": [("ratio", (0.8,))],
        "updates": [("updates", (-10.0,))],
    }
    picture = conditions.draw(panels)
    assert "intervals of 90 to 95 % confidence" in picture.caption
    assert "between two marks" in picture.caption


def test_a_ranking_has_one_row_per_arm_and_no_intervals(made_up, speeds):
    arms = tuple(speeds[name] for name in ("late", "quick", "slow"))
    ranks = League(key="ranks", label="ranks", ranked=arms, score=LOSS)
    (panel,) = conditions.read(made_up(ranks))
    assert [dot.label for dot in panel.dots] == [
        "ranks: quick",
        "ranks: slow",
        "ranks: late",
    ]
    assert sum(dot.estimate for dot in panel.dots) == pytest.approx(6)
    assert panel.ends[0] < 1 < 3 < panel.ends[1] + 0.3
    picture = conditions.draw((panel,))
    assert "no interval" in picture.caption
    assert "95 %" not in picture.alternative
