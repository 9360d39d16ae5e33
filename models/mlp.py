"""Multi-layer perceptrons as ordinary Keras models."""

from typing import Any

import keras
import numpy as np
from keras import layers, regularizers

from models.activations import ActivationLayer
from models.config import ActivationConfig, InitializerConfig, MLPConfig
from models.initializers import initial_weights, to_keras
from models.layers import (
    CounterDropout,
    CounterGaussianNoise,
    ElasticNet,
    Scale,
)


def build_mlp(config: MLPConfig, seed: int | None = None) -> keras.Model:
    """Build the network a config describes.

    Args:
        config: Structure, initializers and regularization.
        seed: Makes the weights and the masks of dropout those of this seed in a
            stack, whatever was built before. None leaves both to Keras.

    Returns:
        A functional model from `[batch, input_units]` to `[batch, output_units]`,
        not compiled.

    Raises:
        ConfigError: If the seed is negative or no integer.
    """
    inputs = keras.Input((config.input_units,), name="inputs")
    rules = initializers_of(config)
    x = inputs
    if config.input_dropout:
        x = _dropout(config, config.input_dropout, "input_dropout")(x)
    start = entry = x
    blocks = {block[-1]: number for number, block in enumerate(config.blocks(), 1)}
    for k in range(1, len(config.hidden_units) + 1):
        x = _hidden(config, k, rules, x)
        if k in blocks:
            x = entry = _residual(config, blocks[k], rules, entry, x)
    if config.input_skip:
        x = layers.Concatenate(name="input_skip")([x, start])
    x = _dense(config, "output", config.output_units, rules)(x)
    if config.output_activation != ActivationConfig(name="linear"):
        x = _activation(config.output_activation, "output_activation")(x)
    model = keras.Model(inputs, x, name="mlp")
    if seed is not None:
        _start_from(model, seed)
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
    if weight == "bias":
        first = config.bias_start if kind == "hidden" else config.output_bias_start
        return InitializerConfig(name="constant", value=first)
    if weight == "alpha":
        is_output = layer == "output_activation"
        activations = config.per_layer("activation")
        activation = (
            config.output_activation if is_output else activations[int(number) - 1]
        )
        return InitializerConfig(name="constant", value=activation.start_slope)
    kernels = config.per_layer("kernel_initializer")
    if kind == "hidden":
        return kernels[int(number) - 1]
    if layer == "output":
        return config.output_initializer()
    block = int(layer.split("_")[1])
    return kernels[config.blocks()[block - 1][-1] - 1]


Rules = dict[str, keras.initializers.Initializer]


def _hidden(config: MLPConfig, k: int, rules: Rules, x: Any) -> Any:
    """Append hidden layer k and what belongs to it."""
    rate = config.per_layer("dropout")[k - 1]
    x = _dense(config, f"hidden_{k}", config.hidden_units[k - 1], rules)(x)
    if config.batch_norm == "before":
        x = _batch_norm(config, k)(x)
    x = _activation(config.per_layer("activation")[k - 1], f"activation_{k}")(x)
    if config.batch_norm == "after":
        x = _batch_norm(config, k)(x)
    if config.gaussian_noise:
        noise = CounterGaussianNoise(
            config.gaussian_noise, kind=config.noise_kind, name=f"noise_{k}"
        )
        x = noise(x)
    if rate:
        x = _dropout(config, rate, f"dropout_{k}")(x)
    return x


def _residual(config: MLPConfig, block: int, rules: Rules, entry: Any, x: Any) -> Any:
    """Add the entry of a block to its end."""
    units = x.shape[-1]
    if config.branch_scale != 1:
        x = Scale(config.branch_scale, name=f"branch_scale_{block}")(x)
    if entry.shape[-1] != units:
        name = f"skip_{block}_projection"
        entry = layers.Dense(
            units,
            use_bias=False,
            kernel_initializer=rules[f"{name}/kernel"],
            name=name,
        )(entry)
    return layers.Add(name=f"skip_{block}")([entry, x])


def _dense(config: MLPConfig, name: str, units: int, rules: Rules) -> layers.Dense:
    penalized = name != "output" or config.regularize_output
    return layers.Dense(
        units,
        use_bias=config.use_bias,
        kernel_initializer=rules[f"{name}/kernel"],
        bias_initializer=rules.get(f"{name}/bias", "zeros"),
        kernel_regularizer=_penalty(config) if penalized else None,
        name=name,
    )


def _penalty(config: MLPConfig) -> regularizers.Regularizer | None:
    if config.l1 and config.l2:
        return ElasticNet(config.l1, config.l2)
    if config.l1:
        return regularizers.L1(config.l1)
    return regularizers.L2(config.l2) if config.l2 else None


def _batch_norm(config: MLPConfig, k: int) -> layers.BatchNormalization:
    return layers.BatchNormalization(
        momentum=config.batch_norm_momentum,
        epsilon=config.batch_norm_epsilon,
        center=config.batch_norm_center,
        scale=config.batch_norm_scale,
        name=f"batch_norm_{k}",
    )


def _dropout(config: MLPConfig, rate: float, name: str) -> CounterDropout:
    return CounterDropout(
        rate, unit=config.dropout_unit, target=config.dropout_target, name=name
    )


def _activation(config: ActivationConfig, name: str) -> ActivationLayer:
    settings = config.model_dump(exclude={"name"})
    return ActivationLayer(config.name, **settings, name=name)


def _start_from(model: keras.Model, seed: int) -> None:
    trainable, non_trainable = initial_weights(model, np.array([seed]))
    for variable, value in zip(model.trainable_variables, trainable, strict=True):
        variable.assign(value[0])
    for variable, value in zip(
        model.non_trainable_variables, non_trainable, strict=True
    ):
        variable.assign(value[0])
