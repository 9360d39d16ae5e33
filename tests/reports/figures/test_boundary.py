from dataclasses import replace

import numpy as np
import pytest

from reports.figures import boundary, figure_names


@pytest.fixture
def of_outcomes(verdict, outcome, empty_source):
    """Return a function from fields of outcomes to what the figure reads."""

    def make(*several):
        outcomes = tuple(outcome(f"{n}", **fields) for n, fields in enumerate(several))
        return replace(empty_source, verdict=verdict(outcomes=outcomes))

    return make


@pytest.fixture
def ordered(of_outcomes):
    """Return a function from values and outcomes to what the figure reads."""

    def make(*pairs, factor="width", **changes):
        return of_outcomes(
            *(
                {"outcome": word, "factor": factor, "value": value, **changes}
                for value, word in pairs
            )
        )

    return make


def test_the_boundary_is_named_and_drawn_between_its_values(ordered):
    source = ordered((8, "holds"), (2, "fails"), (4, "fails"))
    (panel,) = boundary.read(source)
    assert panel.values == [2, 4, 8]
    assert boundary.turns(panel) == [(4, 8)]
    picture = boundary.draw((panel,))
    assert "It holds from width 8 on, fails up to 4" in picture.alternative
    assert "The dotted line stands where holding turns" in picture.caption
    assert figure_names(source) == ["boundary"]


def test_conditions_that_come_out_alike_have_no_boundary_by_themselves(ordered):
    assert figure_names(ordered((2, "holds"), (4, "holds"))) == []


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


def test_every_unit_has_a_panel_and_the_untested_stand_in_each(of_outcomes):
    none = {"outcome": "untested", "estimate": None, "low": None, "high": None}
    source = of_outcomes(
        {"factor": "width", "value": 2},
        {"factor": "width", "value": 4, "unit": "loss"},
        {"factor": "width", "value": 16, "unit": "", **none},
    )
    panels = boundary.read(source)
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
