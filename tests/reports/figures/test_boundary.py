import numpy as np
import pytest

from ablations.judging.outcome import untested
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.xor import solved
from reports.figures import boundary, figure_names
from reports.figures.source import Source


@pytest.fixture
def ordered(record, condition, empty_evidence):
    """Return a function from values and outcomes to what the figure reads."""

    def make(*pairs, factor="width", **changes):
        conditions = [
            condition(f"{factor} {value} {i}", outcome=outcome, factor=factor)
            | {"value": value}
            | changes
            for i, (value, outcome) in enumerate(pairs)
        ]
        return Source(record(conditions=conditions), None, empty_evidence)

    return make


def test_the_boundary_is_named_and_drawn_between_its_values(ordered):
    source = ordered((8, "holds"), (2, "fails"), (4, "fails"))
    (panel,) = boundary.read(source)
    assert panel.values == [2, 4, 8]
    assert boundary.turns(panel) == [(4, 8)]
    picture = boundary.draw((panel,))
    assert "It holds from width 8 on, fails up to 4" in picture.alternative
    assert "The dotted line stands where holding turns" in picture.caption
    assert figure_names(source) == ["boundary", "conditions"]


def test_an_open_value_between_leaves_no_line(ordered):
    (panel,) = boundary.read(ordered((2, "fails"), (4, "undecided"), (8, "holds")))
    assert boundary.turns(panel) == []
    assert "dotted" not in boundary.draw((panel,)).caption


def test_groups_at_a_value_stay_apart_and_within_the_axes(ordered):
    outcomes = [(value, "holds") for value in (2, 4, 8, 16) for _ in range(9)]
    (panel,) = boundary.read(ordered(*outcomes))
    assert boundary.most_at_a_value(panel) == 9
    places, _ = boundary.spread(panel.values)
    closest = np.diff(places).min() * boundary.INNER
    assert 9 * boundary.aside(panel) < closest
    (single,) = boundary.read(ordered((2, "holds"), (4, "fails")))
    assert boundary.aside(single) == boundary.ASIDE


def test_conditions_without_a_factor_or_with_one_value_have_no_boundary(
    ordered, source
):
    assert boundary.read(source) is None
    assert boundary.read(ordered((2, "fails"), (2, "holds"))) is None


def test_words_stand_in_the_order_of_the_claim(ordered):
    (panel,) = boundary.read(
        ordered(("zeros", "fails"), ("he", "holds"), factor="initializer")
    )
    assert panel.values == ["zeros", "he"]
    assert boundary.turns(panel) == []


def test_every_unit_has_a_panel_and_the_untested_stand_in_each(
    record, condition, empty_evidence
):
    rate = SuccessRate(
        label="none", arm="a", score=solved(500), bound=0.5, at=("width", 16)
    )
    rows = [
        condition("a", factor="width", value=2),
        condition("b", factor="width", value=4, unit="loss"),
        untested(rate, "Runs are missing.").record(),
    ]
    panels = boundary.read(Source(record(conditions=rows), None, empty_evidence))
    assert [panel.unit for panel in panels] == ["share of runs", "loss"]
    assert [panel.values for panel in panels] == [[2, 16], [4, 16]]
    picture = boundary.draw(panels)
    assert picture.alternative.count("width 16, untested") == 2
    assert picture.svg.count(">untested<") == 2


@pytest.mark.parametrize(
    ("values", "scale", "places"),
    [
        ([1, 2, 3], "linear", [0, 0.5, 1]),
        ([1, 10, 100], "logarithmic", [0, 0.5, 1]),
        ([0, 1, 1000], "even", [0, 0.5, 1]),
        (["a", "b"], "even", [0, 1]),
        ([5], "even", [0.5]),
    ],
)
def test_values_stand_by_the_scale_that_tells_them_apart(values, scale, places):
    found, name = boundary.spread(values)
    assert name == scale
    assert np.allclose(found, places)


def test_bounds_on_both_sides_and_many_values_can_be_drawn(ordered):
    many = ordered(
        *[(v, "holds") for v in range(24)],
        unit="loss",
        direction="within",
        estimate=0.1,
        low=-0.2,
        high=None,
        bound=0.4,
    )
    picture = boundary.draw(boundary.read(many))
    assert "bound ±0.4" in picture.alternative
    assert "unbounded" in picture.alternative
