import keras
import numpy as np
import pytest
from keras import ops

from ablations.training.config import OptimizerConfig, TrainingConfig
from ablations.training.metrics import METRICS, OF_ROWS, mean_loss, rows_and_metric
from models.config import ConfigError

generator = np.random.default_rng(9)
NUM_RUNS, NUM_ROWS = 3, 7
UNWEIGHTED = ("max_error", "solved")
# The same formulas in float32.
TOLERANCE = {"rtol": 1e-5, "atol": 1e-6}


def make(loss: str, from_logits: bool = False) -> TrainingConfig:
    """Return a training with a loss."""
    optimizer = OptimizerConfig(name="sgd", learning_rate=0.1)
    return TrainingConfig(
        optimizer=optimizer, num_steps=1, loss=loss, from_logits=from_logits
    )


def measure(name: str, training: TrainingConfig, y: object, p: object) -> np.ndarray:
    """Return a metric of every run."""
    y, p = (ops.convert_to_tensor(np.asarray(a, np.float32)) for a in (y, p))
    return ops.convert_to_numpy(METRICS[name](training, y, p))


def softmax(z: np.ndarray) -> np.ndarray:
    """Return probabilities that sum to 1 over the last axis."""
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


LOGITS = generator.normal(size=(NUM_RUNS, NUM_ROWS, 3)) * 3.0
BITS = generator.integers(0, 2, size=(1, NUM_ROWS, 3)).astype(float)
CLASSES = np.eye(3)[generator.integers(0, 3, size=(1, NUM_ROWS))]
LOSSES = [
    ("mse", False, BITS, LOGITS, keras.losses.MeanSquaredError()),
    ("mae", False, BITS, LOGITS, keras.losses.MeanAbsoluteError()),
    ("huber", False, BITS, LOGITS, keras.losses.Huber()),
    (
        "binary_crossentropy",
        False,
        BITS,
        1.0 / (1.0 + np.exp(-LOGITS)),
        keras.losses.BinaryCrossentropy(),
    ),
    (
        "binary_crossentropy",
        True,
        BITS,
        LOGITS,
        keras.losses.BinaryCrossentropy(from_logits=True),
    ),
    (
        "categorical_crossentropy",
        False,
        CLASSES,
        softmax(LOGITS),
        keras.losses.CategoricalCrossentropy(),
    ),
    (
        "categorical_crossentropy",
        True,
        CLASSES,
        LOGITS,
        keras.losses.CategoricalCrossentropy(from_logits=True),
    ),
    ("hinge", False, BITS, LOGITS, keras.losses.Hinge()),
]


@pytest.mark.parametrize(("name", "from_logits", "y", "p", "theirs"), LOSSES)
def test_a_loss_is_that_of_keras_for_each_run_apart(name, from_logits, y, p, theirs):
    training = make(name, from_logits)
    ours = measure("loss", training, y, p)
    assert ours.shape == (NUM_RUNS,)
    for run in range(NUM_RUNS):
        expected = float(theirs(y[0].astype(np.float32), p[run].astype(np.float32)))
        np.testing.assert_allclose(ours[run], expected, **TOLERANCE)


@pytest.mark.parametrize("loss", ["binary_crossentropy", "categorical_crossentropy"])
@pytest.mark.parametrize("from_logits", [True, False])
def test_a_cross_entropy_of_extreme_outputs_is_finite(loss, from_logits):
    y = np.array([[[1.0, 0.0]]])
    p = [[[-1e4, 1e4]]] if from_logits else [[[0.0, 1.0]]]
    training = make(loss, from_logits)
    ours = mean_loss(training, ops.cast(y, "float32"), ops.cast(p, "float32"))
    assert np.isfinite(ops.convert_to_numpy(ours)).all()


def test_targets_may_be_each_runs_own():
    y = np.stack([BITS[0], 1.0 - BITS[0], BITS[0]])
    ours = measure("loss", make("mse"), y, LOGITS)
    expected = ((LOGITS - y) ** 2).mean(axis=(1, 2))
    np.testing.assert_allclose(ours, expected, **TOLERANCE)


def test_accuracy_of_classes_is_the_share_of_right_ones():
    y = np.eye(3)[[[0, 1, 2, 0]]]
    p = np.eye(3)[[[0, 1, 2, 0], [0, 1, 0, 1]]]
    training = make("categorical_crossentropy")
    np.testing.assert_allclose(measure("accuracy", training, y, p), [1.0, 0.5])


@pytest.mark.parametrize(
    ("training", "p"),
    [
        (make("binary_crossentropy"), [0.4, 0.6, 0.6, 0.6]),
        (make("binary_crossentropy", True), [-0.1, 0.1, 0.1, 0.1]),
        (make("mse"), [0.4, 0.6, 0.6, 0.6]),
        (make("hinge"), [-0.1, 0.1, 0.1, 0.1]),
    ],
)
def test_accuracy_of_bits_has_the_threshold_of_the_loss(training, p):
    y = np.array([0.0, 1.0, 0.0, 1.0])[None, :, None]
    p = np.array(p)[None, :, None]
    np.testing.assert_allclose(measure("accuracy", training, y, p), [0.75])


def test_solved_means_that_every_rounded_output_is_right():
    y = np.array([0.0, 1.0])[None, :, None]
    p = np.array([[0.4, 0.6], [0.4, 0.4], [-0.6, 1.0]])[:, :, None]
    np.testing.assert_array_equal(measure("solved", make("mse"), y, p), [1, 0, 0])


def test_max_error_is_the_largest_distance_to_a_target():
    y = np.array([0.0, 1.0])[None, :, None]
    p = np.array([[0.4, 0.9], [-0.1, 3.0]])[:, :, None]
    errors = measure("max_error", make("mse"), y, p)
    np.testing.assert_allclose(errors, [0.4, 2.0], rtol=1e-6)


def test_logits_are_turned_into_probabilities_where_outputs_are_compared():
    y = np.array([1.0])[None, :, None]
    p = np.array([0.0])[None, :, None]
    errors = measure("max_error", make("binary_crossentropy", True), y, p)
    np.testing.assert_allclose(errors, [0.5], rtol=1e-6)


@pytest.mark.parametrize("name", METRICS)
def test_a_run_with_nan_leaves_the_others_alone(name):
    training = make("binary_crossentropy")
    p = 1.0 / (1.0 + np.exp(-LOGITS))
    whole = measure(name, training, BITS, p)
    p[1] = np.nan
    broken = measure(name, training, BITS, p)
    np.testing.assert_array_equal(broken[[0, 2]], whole[[0, 2]])
    if name in ("accuracy", "balanced_accuracy", "solved"):
        assert broken[1] == 0.0
    else:
        assert np.isnan(broken[1])


@pytest.mark.parametrize("name", OF_ROWS)
def test_a_metric_of_rows_is_the_mean_of_their_numbers(name):
    training = make("categorical_crossentropy", True)
    y, p = (ops.convert_to_tensor(a.astype(np.float32)) for a in (CLASSES, LOGITS))
    rows = ops.convert_to_numpy(OF_ROWS[name](training, y, p))
    assert rows.shape == (NUM_RUNS, NUM_ROWS)
    whole = measure(name, training, CLASSES, LOGITS)
    np.testing.assert_allclose(rows.mean(axis=1), whole, **TOLERANCE)


def test_an_unknown_output_is_no_right_answer():
    y = np.array([0.0, 0.0])[None, :, None]
    p = np.array([np.nan, 0.1])[None, :, None]
    np.testing.assert_allclose(measure("accuracy", make("mse"), y, p), [0.5])


def test_the_name_of_a_curve_says_which_rows_it_measures():
    assert rows_and_metric("accuracy") == ("", "accuracy")
    assert rows_and_metric("val_loss") == ("_val", "loss")
    assert rows_and_metric("test_max_error") == ("_test", "max_error")


def test_the_cross_entropy_of_classes_does_not_depend_on_the_loss():
    expected = -(CLASSES * np.log(softmax(LOGITS))).sum(axis=-1).mean(axis=1)
    from_logits = measure(
        "crossentropy", make("categorical_crossentropy", True), CLASSES, LOGITS
    )
    from_shares = measure("crossentropy", make("mse"), CLASSES, softmax(LOGITS))
    np.testing.assert_allclose(from_logits, expected, **TOLERANCE)
    np.testing.assert_allclose(from_shares, expected, **TOLERANCE)


def test_the_cross_entropy_of_a_single_column_is_refused():
    y = np.array([0.0, 1.0])[None, :, None]
    with pytest.raises(ConfigError, match="'crossentropy' for a network of one output"):
        measure("crossentropy", make("binary_crossentropy"), y, 0.5 * y)


def test_the_squared_error_does_not_depend_on_the_loss():
    expected = ((LOGITS - BITS) ** 2).mean(axis=(1, 2))
    for loss in ("mse", "mae", "huber"):
        measured = measure("squared_error", make(loss), BITS, LOGITS)
        np.testing.assert_allclose(measured, expected, **TOLERANCE)


@pytest.mark.parametrize("columns", [1, 3])
def test_balanced_accuracy_is_the_mean_recall_of_the_classes_that_are_there(columns):
    from sklearn.metrics import balanced_accuracy_score

    codes = np.array([0, 0, 0, 1, 1, 0, 0])
    said = generator.integers(0, 2, size=(NUM_RUNS, NUM_ROWS))
    y, p = (np.eye(3)[c] if columns == 3 else c[..., None] for c in (codes, said))
    measured = measure("balanced_accuracy", make("mse"), y[None], p)
    expected = [balanced_accuracy_score(codes, one) for one in said]
    np.testing.assert_allclose(measured, expected, rtol=1e-6)


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("shared", [True, False])
def test_a_row_that_weighs_as_much_as_two_counts_as_two(name, shared):
    training = make("categorical_crossentropy", from_logits=True)
    times = (
        np.array([2, 0, 1, 1, 0, 3, 1]) if name not in UNWEIGHTED else np.ones(7, int)
    )
    weights = times / times.mean() if shared else np.tile(times / times.mean(), (3, 1))
    y, p = (np.repeat(a, times, axis=1) for a in (CLASSES, LOGITS))
    w = ops.convert_to_tensor(np.atleast_2d(weights).astype(np.float32))
    args = [ops.convert_to_tensor(a.astype(np.float32)) for a in (CLASSES, LOGITS)]
    found = ops.convert_to_numpy(METRICS[name](training, *args, w))
    np.testing.assert_allclose(found, measure(name, training, y, p), **TOLERANCE)
