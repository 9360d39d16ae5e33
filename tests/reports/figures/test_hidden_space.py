import numpy as np

from reports.figures import hidden_space
from reports.figures.networks import HAND_MADE


def test_a_trained_solution_of_each_kind_stands_below_the_hand_made(source):
    rows = hidden_space.read(source)
    assert [row.name for row in rows] == [
        "set by hand, ReLU",
        "printed, seed 0, folds the sum",
        "printed, seed 1, folds the difference",
    ]


def test_the_hand_made_solution_is_shown_without_any_run(empty_source):
    (row,) = hidden_space.read(empty_source)
    assert row.network is HAND_MADE


def test_the_mixed_points_fall_together_in_the_hand_made_network():
    points, outline = hidden_space.square(HAND_MADE, after=True)
    np.testing.assert_array_equal(points, [[0, 0], [1, 0], [1, 0], [2, 1]])
    merged = hidden_space.merge_labels(points, 2.0)
    assert [names for _, names in merged] == ["00", "01, 10", "11"]
    assert {(0.0, 0.0), (2.0, 1.0)} <= set(map(tuple, outline))


def test_labels_keep_away_from_other_points():
    points = np.array([[0.0, 0.0], [0.0, 14.0], [60.0, 0.0]])
    below, above, _ = hidden_space.place_labels(points)
    assert below[1] <= 0 <= above[1]


def test_the_words_say_where_the_points_go(empty_source):
    picture = hidden_space.draw(hidden_space.read(empty_source))
    assert "after 00 at (0, 0), 01 at (1, 0), 10 at (1, 0), 11 at (2, 1)" in (
        picture.alternative
    )
