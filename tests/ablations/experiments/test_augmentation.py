"""Images are moved as SciPy moves them, and only the copies are changed."""

import numpy as np
import pytest
from scipy import ndimage

from ablations.experiments.augmentation import CHANGES, AugmentationConfig, moved
from ablations.protocol.experiment import checked
from ablations.tasks import TaskConfig, make_task
from models.config import ConfigError

SEEDS = np.array([6, 3])
TASK = TaskConfig(name="digits", scaling="unit", num_train=200)
IMAGES = make_task(TASK).rows(SEEDS[:1]).x[0]


def augmentation(**changes) -> AugmentationConfig:
    fields = {"task": TASK, "num_rows": 20, "num_total": 60, "num_steps": 30}
    return AugmentationConfig(**(fields | changes))


@pytest.mark.parametrize(
    ("right", "down", "degrees"),
    [(1.0, 0.0, 0.0), (0.5, -0.5, 0.0), (0.0, 0.0, 25.0), (-1.5, 2.0, -70.0)],
)
def test_images_are_turned_and_moved_as_scipy_does(right, down, degrees):
    several = np.full(5, right), np.full(5, down), np.full(5, degrees)
    found = moved(IMAGES[:5].astype(np.float64), *several).reshape(5, 8, 8)
    angle, middle = np.radians(degrees), np.full(2, 3.5)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    # What SciPy asks for: from a pixel of the result to where it came from.
    offset = middle - turn @ (middle + np.array([down, right]))
    for image, result in zip(IMAGES[:5].reshape(5, 8, 8), found, strict=True):
        framed = np.pad(image, 8)  # SciPy does not blend with what is outside
        place = 8 - turn @ np.full(2, 8.0) + offset
        expected = ndimage.affine_transform(framed, turn, place, order=1)
        np.testing.assert_allclose(result, expected[8:16, 8:16], atol=1e-6)


def test_a_quarter_turn_is_counterclockwise():
    still = np.zeros(1)
    found = moved(IMAGES[:1], still, still, np.array([90.0])).reshape(8, 8)
    np.testing.assert_allclose(found, np.rot90(IMAGES[0].reshape(8, 8)), atol=1e-6)


def test_a_shift_goes_in_one_of_eight_ways_and_leaves_zeros():
    rng = np.random.default_rng(0)
    ones = np.ones((200, 64), np.float32)
    shifted = CHANGES["shift"](ones, 1.0, rng).reshape(200, 8, 8)
    sides = shifted[:, [0, -1, 3, 3], [3, 3, 0, -1]]  # top, bottom, left, right
    assert len(np.unique(sides, axis=0)) == 8
    assert set(shifted.sum(axis=(1, 2))) == {49.0, 56.0}


def test_mirrored_and_turned_images_are_what_they_are_called():
    rng = np.random.default_rng(0)
    mirrored = CHANGES["mirror"](IMAGES, 0.0, rng).reshape(-1, 8, 8)
    np.testing.assert_array_equal(mirrored, IMAGES.reshape(-1, 8, 8)[:, :, ::-1])
    turned = CHANGES["upside_down"](IMAGES, 0.0, rng).reshape(-1, 8, 8)
    np.testing.assert_array_equal(turned, np.rot90(IMAGES.reshape(-1, 8, 8), 2, (1, 2)))


def test_signals_slide_round_by_whole_points():
    signals = np.tile(np.arange(40.0, dtype=np.float32), (300, 1))
    slid = CHANGES["slide"](signals, 2.0, np.random.default_rng(0))
    moves = (-slid[:, 0]) % 40  # what begins a row has come from there
    assert set(np.where(moves > 20, moves - 40, moves)) == {-2, -1, 0, 1, 2}
    for row, move in zip(slid, moves.astype(int), strict=True):
        np.testing.assert_array_equal(row, np.roll(signals[0], move))


def test_rows_of_any_classes_get_noise_and_keep_wrong_labels():
    task = TaskConfig(name="spirals", num_train=40, wrong_labels=0.2)
    config = augmentation(task=task, change="noise", amount=0.1)
    data, drawn = config.rows(SEEDS), make_task(task).rows(SEEDS)
    added = data.x[:, 20:].reshape(2, 2, 20, 2) - drawn.x[:, None, :20]
    assert 0.08 < added.std() < 0.12
    np.testing.assert_array_equal(data.y, np.tile(drawn.y[:, :20], (1, 3, 1)))


@pytest.mark.parametrize(
    ("change", "amount"), [("none", 0.0), ("shift", 1.0), ("noise", 0.2), ("turn", 9.0)]
)
def test_known_images_stay_and_copies_keep_their_labels(change, amount):
    config = augmentation(change=change, amount=amount)
    data, drawn = config.rows(SEEDS), make_task(TASK).rows(SEEDS)
    assert data.x.shape == (2, 60, 64)
    np.testing.assert_array_equal(data.x[:, :20], drawn.x[:, :20])
    np.testing.assert_array_equal(data.y, np.tile(drawn.y[:, :20], (1, 3, 1)))
    copies = data.x[:, 20:].reshape(2, 2, 20, 64)
    changed = (copies != drawn.x[:, None, :20]).any(axis=-1)
    assert changed.all() == (change != "none")
    assert changed.any() == (change != "none")
    np.testing.assert_array_equal(data.x_test, drawn.x_test)


def test_a_run_is_the_same_alone_and_in_a_crowd():
    config = augmentation(change="turn", amount=20.0)
    together, _ = checked(config, SEEDS, config.run(SEEDS))
    alone = config.run(SEEDS[1:])
    np.testing.assert_array_equal(together["steps"], [[30], [30]])
    for name, array in alone.items():
        if name != "diverged_at":
            np.testing.assert_allclose(together[name][1:], array, rtol=1e-5)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"change": "shift"}, "must be above 0"),
        ({"change": "mirror", "amount": 1.0}, "and 0 else"),
        ({"change": "flip"}, "must be one of"),
        ({"num_rows": 50}, "multiple"),
        ({"num_rows": 300, "num_total": 600}, "at most 200"),
        (
            {"task": TASK.replace(scaling="centered"), "change": "mirror"},
            "pixels from 0 to 1",
        ),
        ({"change": "slide", "amount": 1.0}, "must be 'mnist1d'"),
        ({"task": TaskConfig(name="regression8")}, "must have classes"),
    ],
)
def test_changes_that_make_no_sense_are_refused(changes, words):
    with pytest.raises(ConfigError, match=words):
        augmentation(**changes)
