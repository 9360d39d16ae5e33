import numpy as np
import pytest

from reports.figures import stuck


def test_endings_name_the_plateaus_with_their_share(source):
    endings = stuck.read(source)
    assert (len(endings.loss), endings.solved.sum()) == (48, 24)
    assert endings.plateaus == (
        ("½ everywhere", pytest.approx(0.25), pytest.approx(1 / 3)),
        (
            "0 and 1 for equal inputs, 0 and 1 for mixed",
            pytest.approx(0.5),
            pytest.approx(1 / 6),
        ),
    )


@pytest.mark.parametrize("loss", [[1e-8, 0.3], [0.25], [1.0], [3.0, 40.0], []])
def test_every_loss_lies_in_a_bin(loss):
    bins = stuck.edges(np.array(loss))
    counts, _ = np.histogram(loss, bins)
    assert counts.sum() == len(loss)
    assert np.all(np.diff(bins) > 0)


def test_the_words_say_how_the_runs_ended(source):
    picture = stuck.draw(stuck.read(source))
    assert "24 solved, 24 not" in picture.alternative
    assert "33.3 % at loss 0.25, putting out ½ everywhere" in picture.alternative


def test_many_runs_stay_small():
    rng = np.random.default_rng(0)
    loss = 10 ** rng.uniform(-8, 0, 40_000)
    endings = stuck.Endings("many", loss, loss < 0.1, 3, (("½ everywhere", 0.25, 0.1),))
    picture = stuck.draw(endings)
    assert len(picture.svg) < 120_000
    assert "3 runs diverged or failed" in picture.caption
    assert "of the first 1,000" in picture.caption


def test_without_runs_there_is_nothing_to_draw(empty_source):
    assert stuck.read(empty_source) is None


def test_letters_of_close_plateaus_are_moved_apart_around_their_middle():
    places = np.array([100.0, 101.0, 101.0, 300.0])
    moved = stuck.letter_places(places)
    assert np.all(np.diff(moved) >= stuck.LETTER - 1e-9)
    assert moved.mean() == pytest.approx(places.mean())
