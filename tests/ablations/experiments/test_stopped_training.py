"""What is read off one long training is what stopping would have given."""

import keras
import numpy as np
import pytest

from ablations.experiments.stopped_training import (
    HISTORIES,
    MEASURED_METRICS,
    StoppedTrainingConfig,
)
from ablations.protocol.experiment import checked
from ablations.tasks import TaskConfig, make_task
from models.config import ConfigError
from models.mlp import build_mlp

SEEDS = np.array([6, 3, 11])
TASK = TaskConfig(
    name="gmm10",
    num_classes=3,
    num_train=60,
    num_val=0,
    num_test=50,
    label_noise=0.3,
)


def watched(**changes) -> StoppedTrainingConfig:
    fields = {
        "task": TASK,
        "width": 8,
        "learning_rate": 0.01,
        "batch_size": 12,
        "epochs": 12,
        "patiences": (1, 3),
    }
    return StoppedTrainingConfig(**(fields | changes))


@pytest.fixture(scope="module")
def arrays() -> dict[str, np.ndarray]:
    config = watched()
    return checked(config, SEEDS, config.run(SEEDS))[0]


def compiled(config: StoppedTrainingConfig, seed: int) -> keras.Model:
    """Return the network of a seed, ready to be trained by Keras."""
    model = build_mlp(config.get_model(), seed, stackable=True)
    model.compile(
        keras.optimizers.Adam(config.learning_rate),
        keras.losses.CategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


def test_the_network_without_the_first_fold_is_that_of_keras(arrays):
    rows = np.arange(12, 60)
    config = watched()
    data, model = make_task(TASK).rows_of_run(6), compiled(config, 6)
    order = config._orders(SEEDS[:1], 60)[0].ravel()[: 7 * 48]
    np.testing.assert_array_equal(np.sort(order[:48]), rows)
    parts = {
        "": (data.x[rows], data.y[rows]),
        "val_": (data.x[:12], data.y[:12]),
        "test_": (data.x_test, data.y_test),
    }
    for epoch, batches in enumerate(order.reshape(7, 4, 12), 1):
        for batch in batches:
            model.train_on_batch(data.x[batch], data.y[batch])
        for part, (x, y) in parts.items() if epoch in (1, 7) else ():
            loss, accuracy = model.evaluate(x, y, batch_size=len(x), verbose=0)
            # Sums of float32 round otherwise, over at most 28 updates.
            found = arrays[f"history.{part}loss"][0, epoch]
            assert found == pytest.approx(loss, rel=1e-3)
            if part:
                found = arrays[f"history.{part}accuracy"][0, epoch]
                assert found == pytest.approx(accuracy, abs=1e-6)


def test_the_network_of_all_rows_is_that_of_keras(arrays):
    config = watched()
    data, model = make_task(TASK).rows_of_run(3), compiled(config, 3)
    kept = int(arrays["kept_3"][1])
    order = config._orders(SEEDS[1:2], 60)[5].ravel()
    for epoch in range(12):
        for batch in order[60 * epoch : 60 * (epoch + 1)].reshape(-1, 12):
            model.train_on_batch(data.x[batch], data.y[batch])
        if epoch + 1 in (kept, 12):
            accuracy = model.evaluate(data.x_test, data.y_test, verbose=0)[1]
            name = f"all_rows_{3 if epoch + 1 == kept else 'end'}"
            found = arrays[f"curve.test_accuracy_{name}"][1, 0]
            assert found == pytest.approx(accuracy, abs=1e-6)


def test_readings_follow_from_the_histories(arrays):
    for run in range(len(SEEDS)):
        val = arrays["history.val_loss"][run, 1:].tolist()
        best, wait, kept, made = np.inf, 0, 0, len(val)
        for epoch, value in enumerate(val, 1):
            if value < best:
                best, wait, kept = value, 0, epoch
            else:
                wait += 1
            if wait >= 3:
                made = epoch
                break

        def at(name, run=run):
            return arrays[f"curve.{name}"][run, 0]

        test = arrays["history.test_accuracy"][run]
        lowest = int(np.argmin(val)) + 1
        assert (at("stopped_after_3"), arrays["kept_3"][run]) == (made, kept)
        assert at("past_minimum_3") == made - kept
        assert at("kept_lowest_3") == (kept == lowest)
        assert at("test_accuracy_kept_3") == test[kept]
        assert at("test_accuracy_lowest") == test[lowest]
        assert (at("test_accuracy_start"), at("test_accuracy_end")) == (
            test[0],
            test[12],
        )
        losses = arrays["history.test_loss"][run]
        assert at("rise_of_loss") == pytest.approx(
            losses[12] - losses[lowest], abs=1e-6
        )
        right = arrays["history.val_accuracy"][run, 1:]
        fewest = int(np.argmax(right)) + 1
        assert at("test_accuracy_lowest_error") == test[fewest]
        assert at("rise_of_error") == pytest.approx(test[fewest] - test[12], abs=1e-6)


def test_cross_validation_averages_the_curves_of_all_folds():
    config = watched()
    curves = config._curves(config.networks(SEEDS))
    val = curves[:, :5, MEASURED_METRICS.index("val_loss"), 1:].mean(axis=1)
    right = curves[:, 5, MEASURED_METRICS.index("test_accuracy")]
    expected = right[np.arange(len(SEEDS)), val.argmin(axis=1) + 1]
    found = config.run(SEEDS)["curve.test_accuracy_cross_validated"][:, 0]
    np.testing.assert_allclose(found, expected, atol=1e-6)
    # Folds are other rows, so that their curves differ.
    assert (
        np.ptp(curves[:, :5, MEASURED_METRICS.index("val_loss"), 1], axis=1).min() > 0
    )


def test_no_network_sees_its_own_fold():
    config = watched()
    orders = config._orders(SEEDS, 60).reshape(len(SEEDS), 6, 12, 60)
    for fold in range(5):
        seen = orders[:, fold].reshape(len(SEEDS), -1)[:, : 12 * 48]
        passes = np.sort(seen.reshape(len(SEEDS), 12, 48), axis=2)
        own = np.delete(np.arange(60), np.arange(12 * fold, 12 * (fold + 1)))
        assert (passes == own).all()
    assert (np.sort(orders[:, 5], axis=2) == np.arange(60)).all()


def test_a_seed_is_the_same_alone_and_in_a_crowd(arrays):
    alone = watched().run(SEEDS[1:2])
    for name in HISTORIES:
        np.testing.assert_allclose(
            alone[f"history.{name}"][0], arrays[f"history.{name}"][1], rtol=1e-4
        )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"num_folds": 1}, "num_folds"),
        ({"num_folds": 7}, "num_folds"),
        ({"batch_size": 20}, "batch_size"),
        ({"task": TaskConfig(name="teacher")}, "task"),
        ({"task": TASK.replace(num_test=0)}, "task"),
    ],
)
def test_rows_that_cannot_be_split_are_refused(changes, field):
    with pytest.raises(ConfigError, match=f"`{field}` must"):
        watched(**changes)
