import numpy as np

from reports.figures import curves


def test_the_curves_are_those_of_the_first_seeds(source):
    found = curves.read(source)
    assert found.loss.shape == (48, len(found.steps))
    assert (found.num_runs, found.num_solved) == (48, 24)
    assert found.solved[:6].tolist() == [True, True, True, False, False, False]


def test_no_update_stands_before_the_first_on_the_log_axis():
    x = curves.positions(np.array([0, 10, 100]))
    assert 1 < x[0] < 10
    assert x[1:].tolist() == [10, 100]


def test_every_run_is_one_line(source):
    picture = curves.draw(curves.read(source))
    assert picture.svg.count('stroke-opacity="0.45"') == min(48, curves.MOST_LINES)
    assert "24 solved" in picture.alternative
    assert "24 not solved, median loss from 0.75 to 0.25" in picture.alternative


def test_many_runs_stay_small(source):
    found = curves.read(source)
    rng = np.random.default_rng(0)
    many = curves.Curves(
        "many",
        found.steps,
        rng.uniform(1e-8, 1, (curves.MOST_LINES, len(found.steps))),
        np.arange(curves.MOST_LINES) % 2 == 0,
        4000,
        2000,
    )
    assert len(curves.draw(many).svg) < 120_000


def test_lost_runs_and_a_side_without_runs_are_no_problem(source):
    found = curves.read(source)
    loss = np.full((2, len(found.steps)), np.nan)
    loss[:, 0] = 1.0
    lost = curves.Curves("lost", found.steps, loss, np.zeros(2, bool), 2, 0)
    assert "none are solved" in curves.draw(lost).alternative


def test_without_runs_there_is_nothing_to_draw(empty_source):
    assert curves.read(empty_source) is None
