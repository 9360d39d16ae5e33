import numpy as np

from reports.figures import boundaries
from reports.figures.networks import outputs_at


def test_the_first_runs_of_each_kind_are_chosen(source):
    examples = boundaries.read(source)
    assert [(e.seed, e.ending, e.is_solved) for e in examples] == [
        (0, "folds the sum", True),
        (6, "folds the sum", True),
        (1, "folds the difference", True),
        (2, "folds the difference", True),
        (3, "loss 0.25", False),
        (5, "loss 0.5", False),
    ]


def test_the_field_is_the_network_over_the_square(source):
    example = boundaries.read(source)[2]
    line, outputs = boundaries.field_of(example.network)
    column, row = 30, 50
    point = np.array([[line[column], line[row]]])
    assert outputs[row, column] == outputs_at(example.network, point)[0, 0]


def test_the_picture_is_small_and_says_the_outputs(source):
    picture = boundaries.draw(boundaries.read(source))
    assert "seed 3 stuck, loss 0.25, outputs 0.50, 0.50, 0.50, 0.50" in (
        picture.alternative
    )
    assert len(picture.svg) < 60_000


def test_without_runs_there_is_nothing_to_draw(empty_source):
    assert boundaries.read(empty_source) is None
