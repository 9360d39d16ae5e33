import numpy as np
import pytest

from ablations.study.settings.digits import rounded
from reports.drawing.labels import (
    LEADER,
    ROOM,
    EndLabel,
    distinct,
    spread,
    wrap,
    write_ends,
)
from reports.drawing.picture import WIDTH, new_figure, style


def test_labels_that_do_not_meet_stay_where_they_are():
    assert spread([10.0, 50.0, 30.0], [8.0] * 3, (0, 100)) == pytest.approx(
        [10, 50, 30]
    )


def test_labels_at_one_place_are_spread_around_it():
    moved = spread([50.0, 50.0, 50.0], [10.0, 20.0, 10.0], (0, 100))
    assert moved == pytest.approx([35, 50, 65])


def test_labels_stay_between_the_ends_without_covering_each_other():
    rng = np.random.default_rng(0)
    for _ in range(200):
        count = int(rng.integers(1, 8))
        sizes = rng.uniform(5, 12, count)
        moved = spread(rng.uniform(-20, 120, count), sizes, (0, 100))
        order = np.argsort(moved)
        low, high = moved - sizes / 2, moved + sizes / 2
        # Sums of floats of about a hundred.
        assert np.all(low[order][1:] >= high[order][:-1] - 1e-9)
        assert low.min() >= -1e-9
        assert high.max() <= 100 + 1e-9


def test_a_value_stands_beside_a_short_line_and_below_a_long_one():
    beside = EndLabel("ReLU, small weights", "1.2", 0.5, "k")
    below = EndLabel("sigmoid, Glorot", "0.0095", 0.5, "k")
    assert beside.is_value_beside
    assert not below.is_value_beside
    assert beside.size == below.size
    assert not EndLabel("ReLU", "", 0.5, "k").is_value_beside


def test_nothing_at_the_ends_of_lines_is_cut_off():
    values = ["1", "0.05", "0.0515", "0.00132", "0.000669", "1,230", rounded(4e-10)]
    names = ["training", "validation", "test", "sigmoid, Glorot", "WWWWWW"]
    with style():
        figure = new_figure(200.0)
        axes = figure.add_axes((0.1, 0.1, 0.9 - (LEADER + ROOM) / WIDTH, 0.8))
        write_ends(axes, [EndLabel(n, v, 0.5, "k") for n in names for v in values])
        for text in axes.texts:
            assert text.get_window_extent(figure._get_renderer()).x1 <= WIDTH
    assert EndLabel("training", "0.0515", 0.5, "k").is_value_beside
    assert not EndLabel("validation", "0.0515", 0.5, "k").is_value_beside


def test_no_labels_need_no_place():
    assert len(spread([], [], (0, 100))) == 0


def test_a_long_name_ends_in_dots():
    lines = wrap("a name " * 20)
    assert len(lines) == 4
    assert lines[-1].endswith("…")


def test_names_of_one_panel_never_share_a_color_and_keep_theirs_elsewhere():
    groups = [list("abcd"), list("aefg"), list("hijabcdef")]
    places = distinct(groups)
    assert places["a"] == 0
    for group in groups[:2]:
        assert len({places[name] for name in group}) == len(group)
        assert max(places[name] for name in group) < 6


def test_more_names_than_colors_are_told_apart_by_their_dashes():
    places = distinct([list("abcdefghij")])
    assert sorted(places.values()) == list(range(10))
