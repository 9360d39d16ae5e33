import pytest

from reports.figures import success_by_width


def test_shares_come_from_the_runs_of_each_width(width_source):
    (line,) = success_by_width.read(width_source)
    assert line.name == "leaky relu"
    assert [(p.width, p.share, p.num_runs) for p in line.points] == [
        (1, 0.0, 48),
        (2, 0.5, 48),
    ]
    assert all(p.low <= p.share <= p.high for p in line.points)


def test_a_claim_without_trends_or_runs_has_no_such_figure(source, empty_source):
    assert success_by_width.read(source) is None
    assert success_by_width.read(empty_source) is None


def test_the_words_say_every_share(width_source):
    picture = success_by_width.draw(success_by_width.read(width_source))
    assert "leaky relu: 1: 0 % (0 to 7.4 %), 2: 50.0 %" in picture.alternative
    assert "48 runs per point" in picture.caption


def test_labels_that_would_overlap_are_moved_apart_in_order():
    moved = success_by_width.spread_labels([1.0, 0.99, 0.2], 0.1)
    assert moved[0] - moved[1] == pytest.approx(0.1)
    assert moved[0] <= 1.03 + 1e-9
    assert moved[2] < moved[1]
