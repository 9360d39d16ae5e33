"""Measure the printed network with batch norm: its numbers, weights and data."""

from __future__ import annotations

from typing import Any

import numpy as np

from ablations.measures.batch_norm.layer import KERAS_EPSILON, TEXT_EPSILON
from ablations.measures.quantities import Quantities, by_name, to_numpy

NUM_INPUTS, WIDTHS, DROPOUT = 20, (64, 32), (0.3, 0.2)
ROWS = 1000
"""Rows of the printed data."""

HIDDEN = ("dense_1", "dense_2")
"""Layers in front of batch norm."""

SIZES = {"from_ten_to_one": (10.0, 1.0), "from_one_to_a_tenth": (1.0, 0.1)}
"""Factors on the first kernels, before and after they shrink."""

MANY_ROWS = 50_000


def printed_network(
    *,
    batch_norm: bool = True,
    dropout: bool = True,
    epsilon: float = KERAS_EPSILON,
    dtype: str = "float32",
) -> Any:
    """Return the printed network as a Keras model, with its first weights.

    Batch norm or dropout can be left out, so that their part can be told.
    """
    from keras import Input, Sequential, initializers, layers, regularizers

    parts: list[Any] = [Input((NUM_INPUTS,), dtype=dtype)]
    for k, (units, rate) in enumerate(zip(WIDTHS, DROPOUT, strict=True), 1):
        glorot = initializers.GlorotUniform(seed=k)
        parts.append(
            layers.Dense(
                units,
                kernel_initializer=glorot,
                kernel_regularizer=regularizers.L2(0.01),
                name=f"dense_{k}",
                dtype=dtype,
            )
        )
        if batch_norm:
            norm = layers.BatchNormalization(
                epsilon=epsilon, name=f"batch_norm_{k}", dtype=dtype
            )
            parts.append(norm)
        parts.append(layers.Activation("relu", dtype=dtype))
        if dropout:
            parts.append(layers.Dropout(rate, dtype=dtype))
    glorot = initializers.GlorotUniform(seed=len(WIDTHS) + 1)
    output = layers.Dense(
        1, "sigmoid", kernel_initializer=glorot, name="output_layer", dtype=dtype
    )
    return Sequential([*parts, output])


def printed_data(rows: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Draw inputs uniform between 0 and 1, and labels of 0 and 1, as printed."""
    rng = np.random.default_rng(seed)
    return rng.random((rows, NUM_INPUTS)), np.float64(rng.integers(0, 2, (rows, 1)))


def printed_batch_norm_parameters() -> Quantities:
    """Count the parameters of the printed network, layer by layer."""
    model = printed_network()
    named = ("dense_1", "batch_norm_1", "dense_2", "batch_norm_2", "output_layer")
    counts = {name: model.get_layer(name).count_params() for name in named}
    groups = {
        "total": model.weights,
        "trainable": model.trainable_weights,
        "not_trainable": model.non_trainable_weights,
    }
    sizes = {name: sum(to_numpy(w).size for w in ws) for name, ws in groups.items()}
    memory = {name: sum(to_numpy(w).nbytes for w in ws) for name, ws in groups.items()}
    return {
        **counts,
        **sizes,
        "kilobytes_in_total": memory["total"] / 1024,
        "trainable_kilobytes": memory["trainable"] / 1024,
        "bytes_not_trainable": memory["not_trainable"],
    }


def gradients(model: Any, x: np.ndarray, y: np.ndarray) -> dict[str, np.ndarray]:
    """Return the gradients of the loss of a batch in training, by weight.

    The loss is binary cross-entropy without penalty; names are those of layer and
    weight, as in "dense_1/bias".
    """
    from keras import ops

    from ablations.training.backend import value_and_gradients

    fixed = [v.value for v in model.non_trainable_variables]

    def loss(weights: list[Any]) -> tuple[Any, None]:
        p, _ = model.stateless_call(weights, fixed, x, training=True)
        return -ops.mean(y * ops.log(p) + (1.0 - y) * ops.log(1.0 - p)), None

    weights = [ops.convert_to_tensor(v.value) for v in model.trainable_variables]
    found = value_and_gradients(loss, weights)[1]
    names = ["/".join(v.path.split("/")[-2:]) for v in model.trainable_variables]
    return {name: to_numpy(g) for name, g in zip(names, found, strict=True)}


def set_hidden(model: Any, *, times: float = 1.0, bias: float = 0.0) -> None:
    """Multiply the kernels in front of batch norm, and set their biases.

    Biases are normal numbers of that deviation.
    """
    rng = np.random.default_rng(0)
    for name in HIDDEN:
        kernel, old = model.get_layer(name).get_weights()
        new = bias * rng.standard_normal(old.shape)
        model.get_layer(name).set_weights([times * kernel, new])


def probabilities(model: Any, x: np.ndarray, *, training: bool) -> np.ndarray:
    """Return what the network predicts; its moving averages stay as they are."""
    weights = [
        [v.value for v in variables]
        for variables in (model.trainable_variables, model.non_trainable_variables)
    ]
    return to_numpy(model.stateless_call(*weights, x, training=training)[0])


def bias_over_kernel(x: np.ndarray, y: np.ndarray, *, batch_norm: bool) -> np.ndarray:
    """Return the gradient norm of biases over that of kernels, by hidden layer."""
    model = printed_network(batch_norm=batch_norm, dropout=False, dtype="float64")
    found = gradients(model, x, y)
    return np.array(
        [
            np.linalg.norm(found[f"{name}/bias"])
            / np.linalg.norm(found[f"{name}/kernel"])
            for name in HIDDEN
        ]
    )


def change_by_biases(x: np.ndarray, *, training: bool) -> float:
    """Return the largest change of a probability when hidden biases become normal."""
    model = printed_network(dropout=False, dtype="float64")
    before = probabilities(model, x, training=training)
    set_hidden(model, bias=1.0)
    return float(np.abs(probabilities(model, x, training=training) - before).max())


def batch_norm_biases() -> Quantities:
    """Measure what biases in front of batch norm learn and do."""
    x, y = printed_data(ROWS)
    return {
        "bias_over_kernel_gradient": bias_over_kernel(x, y, batch_norm=True),
        "bias_over_kernel_gradient_without": bias_over_kernel(x, y, batch_norm=False),
        "change_in_training": change_by_biases(x, training=True),
        "change_at_inference": change_by_biases(x, training=False),
    }


def change_by_shrinking(
    x: np.ndarray, sizes: tuple[float, float], **network: Any
) -> float:
    """Return the largest change of a probability in training as kernels shrink.

    `sizes` are the factors on the first kernels before and after.
    """
    found = []
    for times in sizes:
        model = printed_network(dropout=False, dtype="float64", **network)
        set_hidden(model, times=times)
        found.append(probabilities(model, x, training=True))
    return float(np.abs(found[0] - found[1]).max())


def gradient_ratio(x: np.ndarray, y: np.ndarray, times: float) -> float:
    """Return the first kernel's gradient norm at larger kernels over that at first.

    Epsilon is that of the text.
    """
    norms = []
    for factor in (times, 1.0):
        model = printed_network(dropout=False, dtype="float64", epsilon=TEXT_EPSILON)
        set_hidden(model, times=factor)
        norms.append(np.linalg.norm(gradients(model, x, y)["dense_1/kernel"]))
    return float(norms[0] / norms[1])


def batch_norm_kernel_size() -> Quantities:
    """Measure what the size of kernels in front of batch norm does."""
    x, y = printed_data(ROWS)
    quantities: dict[str, float] = {"gradient_at_ten_times": gradient_ratio(x, y, 10.0)}
    for name, sizes in SIZES.items():
        quantities |= {
            f"change_{name}": change_by_shrinking(x, sizes),
            f"change_{name}_with_epsilon_of_text": change_by_shrinking(
                x, sizes, epsilon=TEXT_EPSILON
            ),
            f"change_{name}_without_batch_norm": change_by_shrinking(
                x, sizes, batch_norm=False
            ),
        }
    return quantities


def best_on_labels(
    x: np.ndarray, y: np.ndarray, new: tuple[np.ndarray, np.ndarray]
) -> tuple[float, float]:
    """Return how much a line through rows explains, and gains on new ones.

    The share is of the variance of new labels; the gain is in accuracy over that of
    the more frequent label of the rows, in shares of the new ones.
    """
    inputs = np.column_stack([np.ones(len(x)), x])
    weights = np.linalg.lstsq(inputs, y, rcond=None)[0]
    guess = np.column_stack([np.ones(len(new[0])), new[0]]) @ weights
    explained = 1.0 - np.mean((new[1] - guess) ** 2) / np.var(new[1])
    often = np.mean(new[1] == (y.mean() > 0.5))
    return float(explained), float(np.mean((guess > 0.5) == new[1]) - often)


def batch_norm_demo_data() -> Quantities:
    """Ask how well the printed labels, drawn apart from inputs, can be known."""
    x, y = printed_data(MANY_ROWS)
    explained, gained = best_on_labels(x, y, printed_data(MANY_ROWS, seed=1))
    share = y.mean()
    entropy = -share * np.log(share) - (1.0 - share) * np.log(1.0 - share)
    return {
        "share_explained_on_new_rows": explained,
        "accuracy_gained_on_new_rows": gained,
        "lowest_loss_of_a_constant": entropy,
        "share_of_ones": share,
    }


MEASURES = by_name(
    printed_batch_norm_parameters,
    batch_norm_biases,
    batch_norm_kernel_size,
    batch_norm_demo_data,
)
"""Measurements by name."""
