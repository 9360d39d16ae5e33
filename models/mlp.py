"""Multi-layer perceptrons as ordinary Keras models."""

import re
from typing import Any

import keras
import numpy as np
from keras import layers, regularizers

from models.config import ActivationConfig, InitializerConfig, MLPConfig
from models.initializers import initial_weights, to_keras
from models.stackable_parts import StackableParts
from models.stock_parts import StockParts

Parts = type[StockParts] | type[StackableParts]


def build_mlp(
    config: MLPConfig, seed: int | None = None, *, stackable: bool = False
) -> keras.Model:
    """Build the network a config describes.

    It is made of parts of Keras, so that `keras.saving.load_model` loads it where
    this project is not installed. The one exception is a `dropout_target` of
    "gradients", which loads after `import models.layers`.

    Args:
        config: Structure, initializers and regularization.
        seed: Makes the first weights those of this seed in a stack, and the masks of
            dropout the same every time, whatever was built before. None leaves both
            to Keras.
        stackable: Whether activations, dropout, noise and penalties are our own
            layers, whose numbers may be tensors and whose masks are those of the
            seed in a stack. Weights have the same names, shapes and order, so that
            `set_weights` carries them from one to the other. A stack of models with
            dropout or noise needs this. Such a model loads after `import
            models.activations, models.layers`.

    Returns:
        A functional model from `[batch, input_units]` to `[batch, output_units]`,
        not compiled.

    Raises:
        ConfigError: If the seed is negative or no integer.
    """
    parts: Parts = StackableParts if stackable else StockParts
    inputs = keras.Input((config.input_units,), name="inputs")
    rules = initializers_of(config)
    x = inputs
    if config.input_dropout:
        x = parts.dropout(config, config.input_dropout, "input_dropout")(x)
    start = x
    for k in range(1, len(config.convolutions) + 1):
        x = _convolution(config, parts, k, rules, x)
    entry = x
    blocks = {block[-1]: number for number, block in enumerate(config.blocks(), 1)}
    for k in range(1, len(config.hidden_units) + 1):
        x = _hidden(config, parts, k, rules, x)
        if k in blocks:
            x = entry = _residual(config, parts, blocks[k], rules, entry, x)
    if config.input_skip:
        x = layers.Concatenate(name="input_skip")([x, start])
    x = _dense(config, parts, "output", config.output_units, rules)(x)
    if config.output_activation != ActivationConfig(name="linear"):
        x = parts.activation(config.output_activation, "output_activation")(x)
    model = keras.Model(inputs, x, name="mlp")
    if seed is not None:
        start_from(model, seed)
    return model


def initializers_of(config: MLPConfig) -> dict[str, keras.initializers.Initializer]:
    """Return the initializer of every weight by its path, as `hidden_1/kernel`.

    No model is built. Given to `initial_weights`, this starts a model of the same
    structure as a model of this config would start.
    """
    return {path: to_keras(_rule(config, path)) for path in config.weight_shapes()}


def _rule(config: MLPConfig, path: str) -> InitializerConfig:
    layer, weight = path.split("/")
    kind, _, number = layer.rpartition("_")
    if weight in ("gamma", "moving_variance"):
        return InitializerConfig(name="constant", value=1.0)
    if weight in ("beta", "moving_mean"):
        return InitializerConfig(name="zeros")
    convolution = re.match(r"conv_(\d+)", layer)
    if weight == "bias":
        is_output = layer == "output"
        first = config.output_bias_start if is_output else config.bias_start
        return InitializerConfig(name="constant", value=first)
    if weight == "alpha":
        if convolution:
            place = int(convolution.group(1)) - 1
            activation = config.convolution_layers()[place].activation
        elif layer == "output_activation":
            activation = config.output_activation
        else:
            activation = config.per_layer("activation")[int(number) - 1]
        return InitializerConfig(name="constant", value=activation.start_slope)
    if convolution:
        place = int(convolution.group(1)) - 1
        return config.convolution_layers()[place].kernel_initializer
    kernels = config.per_layer("kernel_initializer")
    if kind == "hidden":
        return kernels[int(number) - 1]
    if layer == "output":
        return config.output_initializer()
    block = int(layer.split("_")[1])
    return kernels[config.blocks()[block - 1][-1] - 1]


Rules = dict[str, keras.initializers.Initializer]


def _convolution(config: MLPConfig, parts: Parts, k: int, rules: Rules, x: Any) -> Any:
    """Append convolution k and its activation."""
    layer, shape = config.convolution_layers()[k - 1], config.feature_shapes()[k - 1]
    name = f"conv_{k}"
    settings = _kernel_settings(config, parts, name, rules)
    x = parts.convolution(layer, shape, name, **settings)(x)
    return parts.activation(layer.activation, f"{name}_activation")(x)


def _hidden(config: MLPConfig, parts: Parts, k: int, rules: Rules, x: Any) -> Any:
    """Append hidden layer k and what belongs to it."""
    rate = config.per_layer("dropout")[k - 1]
    x = _dense(config, parts, f"hidden_{k}", config.hidden_units[k - 1], rules)(x)
    if config.batch_norm == "before":
        x = _batch_norm(config, k)(x)
    x = parts.activation(config.per_layer("activation")[k - 1], f"activation_{k}")(x)
    if config.batch_norm == "after":
        x = _batch_norm(config, k)(x)
    if config.gaussian_noise:
        x = parts.noise(config, f"noise_{k}")(x)
    if rate:
        x = parts.dropout(config, rate, f"dropout_{k}")(x)
    return x


def _residual(
    config: MLPConfig, parts: Parts, block: int, rules: Rules, entry: Any, x: Any
) -> Any:
    """Add the entry of a block to its end."""
    units = x.shape[-1]
    if config.branch_scale != 1:
        x = parts.scale(config.branch_scale, f"branch_scale_{block}")(x)
    if entry.shape[-1] != units:
        name = f"skip_{block}_projection"
        entry = layers.Dense(
            units,
            use_bias=False,
            kernel_initializer=rules[f"{name}/kernel"],
            name=name,
        )(entry)
    return layers.Add(name=f"skip_{block}")([entry, x])


def _dense(
    config: MLPConfig, parts: Parts, name: str, units: int, rules: Rules
) -> layers.Dense:
    settings = _kernel_settings(config, parts, name, rules)
    return layers.Dense(units, name=name, **settings)


def _kernel_settings(
    config: MLPConfig, parts: Parts, name: str, rules: Rules
) -> dict[str, Any]:
    """Return what Keras is told of the kernel and the bias of a layer."""
    is_penalized = name != "output" or config.regularize_output
    penalty: regularizers.Regularizer | None = None
    if is_penalized and (config.l1 or config.l2):
        penalty = parts.penalty(config.l1, config.l2)
    return {
        "use_bias": config.use_bias,
        "kernel_initializer": rules[f"{name}/kernel"],
        "bias_initializer": rules.get(f"{name}/bias", "zeros"),
        "kernel_regularizer": penalty,
    }


def _batch_norm(config: MLPConfig, k: int) -> layers.BatchNormalization:
    return layers.BatchNormalization(
        momentum=config.batch_norm_momentum,
        epsilon=config.batch_norm_epsilon,
        center=config.batch_norm_center,
        scale=config.batch_norm_scale,
        name=f"batch_norm_{k}",
    )


def start_from(model: keras.Model, seed: int) -> None:
    """Give a network the weights, statistics and masks that a seed starts with."""
    trainable, non_trainable = initial_weights(model, np.array([seed]))
    for variable, value in zip(model.trainable_variables, trainable, strict=True):
        variable.assign(value[0])
    for variable, value in zip(
        model.non_trainable_variables, non_trainable, strict=True
    ):
        variable.assign(value[0])
