import numpy as np

from reports.drawing.contours import add_contours, straightened
from reports.drawing.picture import new_figure, style


def test_points_on_a_line_are_dropped_and_corners_stay():
    line = np.linspace(0, 1, 50)
    there = np.stack([line, 0 * line], axis=1)
    up = np.stack([1 + 0 * line, line], axis=1)
    kept = straightened(np.concatenate([there, up]), 1e-9)
    np.testing.assert_allclose(kept[[0, -1]], [[0, 0], [1, 1]])
    assert [1, 0] in kept.tolist()
    assert len(kept) <= 4


def test_a_closed_outline_keeps_its_shape():
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]], float)
    assert len(straightened(square, 1e-3)) == 5


def test_no_kept_line_is_farther_than_the_tolerance():
    angle = np.linspace(0, np.pi, 200)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    kept = straightened(circle, 0.01)
    middles = (kept[1:] + kept[:-1]) / 2
    # The middle of a chord is where it is farthest from a circle.
    assert np.all(1 - np.hypot(*middles.T) <= 0.01 + 1e-4)
    assert len(kept) < 20


def test_a_region_with_a_hole_is_one_patch_and_an_empty_one_none():
    line = np.linspace(-1, 1, 41)
    x, y = np.meshgrid(line, line)
    with style():
        axes = new_figure(100).add_subplot()
        add_contours(axes, (line, line, np.hypot(x, y)), (0.3, 0.6), "#0072b2")
        assert len(axes.patches) == 1
        add_contours(axes, (line, line, np.hypot(x, y)), (5.0, 6.0), "#0072b2")
        assert len(axes.patches) == 1
