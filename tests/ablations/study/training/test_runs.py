import keras
import numpy as np
import pytest

from ablations.study.training.runs import epochs_kept

generator = np.random.default_rng(4)


def kept_by_keras(values: np.ndarray, patience: int) -> int:
    """Return the epoch whose weights Keras restores."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    stopping = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=patience, restore_best_weights=True, mode="min"
    )
    stopping.set_model(model)
    stopping.on_train_begin()
    model.stop_training = False
    for epoch, value in enumerate(values):
        model.set_weights([np.array([[float(epoch)]])])
        stopping.on_epoch_end(epoch, {"val_loss": float(value)})
        if model.stop_training:
            break
    stopping.on_train_end()
    if not model.stop_training:
        model.set_weights([np.array([[float(stopping.best_epoch)]])])
    return int(model.get_weights()[0][0, 0])


@pytest.mark.parametrize("patience", [1, 2, 5, 40])
def test_early_stopping_keeps_the_epoch_that_keras_restores(patience):
    curves = generator.normal(size=(20, 30)).cumsum(axis=1)
    curves[3] = np.round(curves[3])  # ties
    kept = epochs_kept(curves, patience)
    assert kept.tolist() == [kept_by_keras(curve, patience) for curve in curves]


def test_without_patience_the_last_epoch_is_kept():
    assert epochs_kept(generator.normal(size=(3, 7)), 0).tolist() == [6, 6, 6]
