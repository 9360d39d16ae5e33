"""First weights of many models at once, by the rules of their Keras initializers.

A Keras initializer called on the shape of a whole stack would take the number of
models for a receptive field. Here noise is drawn per seed and weight, and scaled by the
rule of one model's shape.
"""

import collections
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import initializers
from scipy import special

from models.config import ConfigError, InitializerConfig
from models.layers import CounterGaussianNoise
from models.randomness import layer_seed, name_index, unit_uniform

# Standard deviation of a standard normal truncated at 2, as Keras divides by it.
TRUNCATED_STDDEV = 0.87962566103423978

# Name of a VarianceScaling rule: scale at gain 1, mode, distribution, Keras class.
VARIANCE_SCALING = {
    "glorot_uniform": (1.0, "fan_avg", "uniform", initializers.GlorotUniform),
    "glorot_normal": (1.0, "fan_avg", "truncated_normal", initializers.GlorotNormal),
    "he_uniform": (2.0, "fan_in", "uniform", initializers.HeUniform),
    "he_normal": (2.0, "fan_in", "truncated_normal", initializers.HeNormal),
    "lecun_uniform": (1.0, "fan_in", "uniform", initializers.LecunUniform),
    "lecun_normal": (1.0, "fan_in", "truncated_normal", initializers.LecunNormal),
}


def to_keras(
    config: InitializerConfig, seed: int | None = None
) -> initializers.Initializer:
    """Make the Keras initializer a config describes.

    Args:
        config: Distribution and gain.
        seed: Seed of a random one; None takes one from Keras at every layer.
    """
    gain, width = config.gain, config.width or 0.0
    if config.name == "zeros":
        return initializers.Zeros()
    if config.name == "constant":
        return initializers.Constant((config.value or 0.0) * gain)
    if config.name == "uniform":
        return initializers.RandomUniform(-width * gain, width * gain, seed=seed)
    if config.name == "normal":
        return initializers.RandomNormal(0.0, width * gain, seed=seed)
    if config.name == "orthogonal":
        return initializers.Orthogonal(gain=gain, seed=seed)
    scale, mode, distribution, named = VARIANCE_SCALING[config.name]
    if gain == 1.0:
        return named(seed=seed)
    return initializers.VarianceScaling(
        scale=scale * gain**2, mode=mode, distribution=distribution, seed=seed
    )


def fans(shape: Sequence[int]) -> tuple[float, float]:
    """Return fan_in and fan_out of one model's weight, counted as Keras counts.

    Of a shape with more than two axes the leading ones are the receptive field; a
    vector has its length as both, a scalar 1.
    """
    if not shape:
        return 1.0, 1.0
    if len(shape) == 1:
        return float(shape[0]), float(shape[0])
    field = math.prod(shape[:-2])
    return float(field * shape[-2]), float(field * shape[-1])


def draw(
    initializer: initializers.Initializer,
    shape: Sequence[int],
    seeds: np.ndarray,
    index: int,
) -> np.ndarray:
    """Draw one weight of every model by the rule of a Keras initializer.

    The rule is read from the initializer's attributes; its own seed is not used. The
    numbers of a seed depend on the seed and the index only.

    Args:
        initializer: Any of Keras's zeros, ones, constant, identity, normal, uniform,
            truncated normal, variance scaling (Glorot, He, LeCun) and orthogonal.
        shape: Shape of the weight in one model.
        seeds: `[S]`, non-negative integers.
        index: Which weight; see `models.randomness.name_index`.

    Returns:
        float32 `[S, *shape]`.

    Raises:
        ConfigError: If the initializer is of another kind.

    References:
        Glorot and Bengio 2010; He et al. 2015; LeCun et al. 1998; Saxe et al. 2014.
    """
    shape, seeds = tuple(shape), np.asarray(seeds)

    def uniform() -> np.ndarray:
        return unit_uniform(seeds, "initial", index, math.prod(shape))

    values = np.asarray(_rule_of(initializer)(initializer, shape, uniform), np.float32)
    if values.shape != shape:
        values = values.reshape(len(seeds), *shape)
    return np.array(np.broadcast_to(values, (len(seeds), *shape)))


def _rule_of(initializer: Any) -> Callable[..., np.ndarray]:
    for kind, rule in RULES:
        # A subclass that draws in its own way would be misread.
        same = type(initializer).__call__ is kind.__call__
        if isinstance(initializer, kind) and same:
            return rule
    raise ConfigError(
        f"The initializer {type(initializer).__name__} cannot be drawn for a stack. "
        f"Use one of {tuple(kind.__name__ for kind, _ in RULES)} or its subclasses."
    )


Draws = Callable[[], np.ndarray]


def _truncated(uniform: np.ndarray) -> np.ndarray:
    """Map uniform numbers to a standard normal truncated at two deviations."""
    low = special.ndtr(-2.0)
    return special.ndtri(low + uniform * (1.0 - 2.0 * low))


def _constant(initializer: Any, shape: tuple, uniform: Draws) -> np.ndarray:
    return np.broadcast_to(np.asarray(initializer.value, np.float32), shape)


def _identity(initializer: Any, shape: tuple, uniform: Draws) -> np.ndarray:
    if len(shape) != 2:
        raise ConfigError(
            f"The initializer Identity needs a matrix. Received: shape {shape}."
        )
    return initializer.gain * np.eye(*shape)


def _normal(initializer: Any, shape: tuple, uniform: Draws) -> np.ndarray:
    return initializer.mean + initializer.stddev * special.ndtri(uniform())


def _truncated_normal(initializer: Any, shape: tuple, uniform: Draws) -> np.ndarray:
    return initializer.mean + initializer.stddev * _truncated(uniform())


def _uniform(initializer: Any, shape: tuple, uniform: Draws) -> np.ndarray:
    low, high = initializer.minval, initializer.maxval
    return low + (high - low) * uniform()


def _variance_scaling(initializer: Any, shape: tuple, uniform: Draws) -> np.ndarray:
    fan_in, fan_out = fans(shape)
    input_axes = getattr(initializer, "input_axes", None)
    output_axes = getattr(initializer, "output_axes", None)
    if input_axes is not None and output_axes is not None:
        fan_in = math.prod(shape[axis] for axis in input_axes)
        fan_out = math.prod(shape[axis] for axis in output_axes)
    count = {"fan_in": fan_in, "fan_out": fan_out}
    fan = count.get(initializer.mode, (fan_in + fan_out) / 2.0)
    stddev = math.sqrt(initializer.scale / max(1.0, fan))
    if initializer.distribution == "truncated_normal":
        return stddev / TRUNCATED_STDDEV * _truncated(uniform())
    if initializer.distribution == "untruncated_normal":
        return stddev * special.ndtri(uniform())
    return math.sqrt(3.0) * stddev * (2.0 * uniform() - 1.0)


def _orthogonal(initializer: Any, shape: tuple, uniform: Draws) -> np.ndarray:
    if len(shape) < 2:
        raise ConfigError(
            "The initializer Orthogonal needs a weight with two axes or more. "
            f"Received: shape {shape}."
        )
    num_rows, num_columns = math.prod(shape[:-1]), shape[-1]
    tall = (max(num_rows, num_columns), min(num_rows, num_columns))
    q, r = np.linalg.qr(special.ndtri(uniform()).reshape(-1, *tall))
    # The signs make the distribution uniform over orthogonal matrices.
    q *= np.sign(np.diagonal(r, axis1=1, axis2=2))[:, None, :]
    if num_rows < num_columns:
        q = q.transpose(0, 2, 1)
    return initializer.gain * q


RULES: tuple[tuple[type, Callable[..., np.ndarray]], ...] = (
    (initializers.Zeros, lambda initializer, shape, uniform: np.zeros(shape)),
    (initializers.Ones, lambda initializer, shape, uniform: np.ones(shape)),
    (initializers.Constant, _constant),
    (initializers.Identity, _identity),
    (initializers.RandomNormal, _normal),
    (initializers.TruncatedNormal, _truncated_normal),
    (initializers.RandomUniform, _uniform),
    (initializers.VarianceScaling, _variance_scaling),
    (initializers.Orthogonal, _orthogonal),
)


def initial_weights(
    model: keras.Model,
    seeds: np.ndarray,
    overrides: Mapping[str, initializers.Initializer] | None = None,
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Draw the first state of one model per seed.

    Every weight follows the initializer of the layer that owns it, also in a frozen
    layer. A non-trainable weight without one, as the statistics of an adapted
    `Normalization`, keeps its present value. The state of a seed generator is its
    `layer_seed` and a count of 0.

    Args:
        model: A built Keras model; its own weights are not changed.
        seeds: `[S]`, non-negative integers.
        overrides: Initializers that replace those of the layers, by the path of the
            weight, as `hidden_1/kernel`.

    Returns:
        Two lists of arrays `[S, *]`, in the order of `model.trainable_variables` and
        `model.non_trainable_variables`.

    Raises:
        ConfigError: If a path in `overrides` is no weight of the model, or the rule
            of a weight is unknown.
    """
    if not model.built:
        raise ConfigError(
            f"The model {model.name!r} has no weights yet. Build it or call it once."
        )
    seeds = np.asarray(seeds)
    names = _stable_names(model)
    overrides = dict(overrides or {})
    paths = {v.path for v in model.weights}
    if unknown := sorted(set(overrides) - paths):
        raise ConfigError(
            f"`overrides` must name weights of the model, {tuple(sorted(paths))}. "
            f"Received: {unknown[0]!r}."
        )
    owners = {id(v): layer for layer in names for v in layer.variables}
    generators: collections.Counter[str] = collections.Counter()

    def first_value(variable: keras.Variable) -> np.ndarray:
        layer = owners[id(variable)]
        name = names[layer]
        if not any(variable is weight for weight in layer.weights):
            rank = generators[name]
            generators[name] += 1
            name = f"{name}#{rank}" if rank else name
            return _generator_state(layer, name, seeds).astype(variable.dtype)
        rule = overrides.get(variable.path) or _rule(layer, variable)
        if rule is None:
            value = keras.ops.convert_to_numpy(variable)
            return np.repeat(value[None], len(seeds), axis=0)
        return draw(rule, variable.shape, seeds, name_index(f"{name}/{variable.name}"))

    return (
        [first_value(variable) for variable in model.trainable_variables],
        [first_value(variable) for variable in model.non_trainable_variables],
    )


def _stable_names(model: keras.Model) -> dict[keras.layers.Layer, str]:
    """Name every layer of a model, outer before inner, alike in every build of it.

    A name that Keras has made, as `dense_7`, counts the layers made before in this
    process; the class takes its place. A repeated name is followed by its rank.
    """
    names: dict[keras.layers.Layer, str] = {}
    ranks: collections.Counter[str] = collections.Counter()
    for layer in model._flatten_layers():
        kind = type(layer).__name__
        automatic = re.fullmatch(rf"{_snake_case(kind)}(_\d+)?", layer.name)
        name = f"<{kind}>" if automatic else layer.name
        ranks[name] += 1
        names[layer] = name if ranks[name] == 1 else f"{name}:{ranks[name]}"
    return names


def _snake_case(name: str) -> str:
    """Write a class name as Keras writes it in the names of layers."""
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", name))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def _rule(
    layer: keras.layers.Layer, variable: keras.Variable
) -> initializers.Initializer | None:
    """Find the initializer a layer has for one of its weights."""
    # Recurrent layers call the rule of `recurrent_kernel` `recurrent_initializer`.
    for name in (variable.name, variable.name.removesuffix("_kernel")):
        rule = getattr(layer, f"{name}_initializer", None)
        if rule is not None:
            return initializers.get(rule)
    if variable.trainable:
        raise ConfigError(
            f"The weight {variable.path!r} has no known initializer: "
            f"{type(layer).__name__} has no `{variable.name}_initializer`."
        )
    return None


def _generator_state(
    layer: keras.layers.Layer, name: str, seeds: np.ndarray
) -> np.ndarray:
    noisy = isinstance(layer, CounterGaussianNoise | keras.layers.GaussianNoise)
    first = layer_seed(seeds, "noise" if noisy else "dropout", name_index(name))
    return np.stack([first, np.zeros_like(first)], axis=1)
