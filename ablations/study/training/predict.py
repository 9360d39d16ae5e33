"""Train a net again in the splits of one repeat, and keep what it says of test rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ablations.study.settings.recipe import steps_per_epoch
from ablations.study.table.splits import seeds_of
from ablations.study.training.scoring import Judged
from ablations.study.training.setup import Setup

if TYPE_CHECKING:
    import pandas as pd


def predict_splits(
    setup: Setup, name: str, places: np.ndarray, judged: Judged
) -> pd.DataFrame:
    """Return what an arm says of the test rows of the first repeat.

    The runs are those that were judged: same rate, same seed, same epoch.
    """
    import keras
    import pandas as pd

    from ablations.training.train import stack_program, train_stack

    candidate = next(c for c in setup.candidates if c.name == name)
    folds = [j for j, fold in enumerate(setup.splits.folds) if fold.repeat == 0]
    nets = [candidate.nets[places[j]] for j in folds]
    seeds = np.array([seeds_of(j, 1)[0] for j in folds])
    per_epoch = steps_per_epoch(nets[0].recipe.batch_size, setup.splits.num_rows)
    trainings = [
        net.training.replace(num_steps=int(judged.epochs[j, 0]) * per_epoch)
        for net, j in zip(nets, folds, strict=True)
    ]
    numbers = [net.layer_numbers() for net in nets]
    data, factory = setup.splits.rows(seeds), nets[0].factory()
    result = train_stack(
        factory or [net.network() for net in nets],
        trainings,
        seeds,
        data,
        attributes={path: np.array([n[path] for n in numbers]) for path in numbers[0]},
        pad_to=setup.work.sizes[nets[0].structure()],
    )
    model = stack_program(factory or nets[0].network(), trainings[0], data).model
    frames = []
    for place, j in enumerate(folds):
        variables = (*model.trainable_variables, *model.non_trainable_variables)
        values = (*result.weights, *result.state)
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value[place])
        rows = setup.splits.prepared(j)
        said = keras.ops.convert_to_numpy(model(rows.x_test, training=False))
        fold = setup.splits.folds[j]
        frame = {"row": fold.test, "split": np.full(len(fold.test), fold.split)}
        frame["target"] = setup.dataset.target[fold.test]
        if setup.dataset.classes:
            shares = _shares(said, nets[0].recipe.loss)
            frame |= {f"p_{k}": shares[:, k] for k in range(shares.shape[1])}
        else:
            frame["predicted"] = said[:, 0] * rows.target_std + rows.target_mean
        frames.append(pd.DataFrame(frame))
    return pd.concat(frames, ignore_index=True)


def _shares(said: np.ndarray, loss: str) -> np.ndarray:
    """Return probabilities of the classes from what a network says `[N, K]`."""
    said = np.asarray(said, float)
    if loss == "crossentropy":
        powers = np.exp(said - said.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)
    if loss == "binary_crossentropy":
        said = 1.0 / (1.0 + np.exp(-said))
    return said / said.sum(axis=1, keepdims=True)
