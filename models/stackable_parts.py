"""Parts of a network whose randomness is counted and whose numbers may be tensors.

A run made of them is the same alone and in a stack.
"""

from collections.abc import Callable
from typing import Any

from keras import regularizers

from models.activations import ActivationLayer
from models.config import ActivationConfig, ConvolutionConfig, MLPConfig
from models.layers import (
    CounterDropout,
    CounterGaussianNoise,
    ElasticNet,
    PatchConvolution,
    Scale,
)


class StackableParts:
    """Make every part of a network that a config chooses."""

    @staticmethod
    def activation(config: ActivationConfig, name: str) -> ActivationLayer:
        """Return an activation y = c f(a x + b) + d."""
        settings = config.model_dump(exclude={"name"})
        return ActivationLayer(config.name, **settings, name=name)

    @staticmethod
    def convolution(
        config: ConvolutionConfig, shape: tuple[int, ...], name: str, **settings: Any
    ) -> Callable[[Any], Any]:
        """Return what convolves flat rows of a shape, channels last."""
        sizes = ("filters", "kernel_size", "stride", "padding")
        own = {field: getattr(config, field) for field in sizes}
        return PatchConvolution(**own, shape=shape, name=name, **settings)

    @staticmethod
    def dropout(config: MLPConfig, rate: float, name: str) -> CounterDropout:
        """Return dropout."""
        return CounterDropout(
            rate, unit=config.dropout_unit, target=config.dropout_target, name=name
        )

    @staticmethod
    def noise(config: MLPConfig, name: str) -> CounterGaussianNoise:
        """Return noise on the units."""
        return CounterGaussianNoise(
            config.gaussian_noise, kind=config.noise_kind, name=name
        )

    @staticmethod
    def scale(value: float, name: str) -> Scale:
        """Return multiplication by a fixed number."""
        return Scale(value, name=name)

    @staticmethod
    def penalty(l1: float, l2: float) -> regularizers.Regularizer:
        """Return the penalty on absolute and squared weights."""
        if l1 and l2:
            return ElasticNet(l1, l2)
        return regularizers.L1(l1) if l1 else regularizers.L2(l2)
