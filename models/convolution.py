"""Configs of convolutions of signals and images, and the shapes that they make."""

from typing import Literal, Self

from models.frozen import FrozenConfig, PositiveInt, requirement
from models.parts import Activation, Initializer, InitializerConfig


class ConvolutionConfig(FrozenConfig):
    """Describe a convolution y[p, f] = φ(Σ x[s p + o, c] K[o, c, f] + b[f]).

    The sum is over the offsets o of a kernel (as wide as high on images) and over the
    channels c; places p and offsets o are numbers on signals, pairs on images.

    Attributes:
        filters: Number of filters f, which are the channels of what follows.
        kernel_size: Offsets along each axis.
        stride: Places s from one window to the next, along each axis.
        padding: "valid" keeps windows inside; "same" puts zeros around, so that there
            is one window for each s places.
        activation: φ; None takes that of the (first) hidden layers.
        kernel_initializer: None takes that of the (first) hidden layers.
    """

    filters: PositiveInt
    kernel_size: PositiveInt = 3
    stride: PositiveInt = 1
    padding: Literal["valid", "same"] = "valid"
    activation: Activation | None = None
    kernel_initializer: Initializer | None = None

    def windows(self, size: int) -> tuple[int, int, int]:
        """Return the windows along an axis, and the zeros before and behind it.

        Raises:
            ConfigError: If no window fits.
        """
        if self.padding == "same":
            number = -(-size // self.stride)
            missing = max((number - 1) * self.stride + self.kernel_size - size, 0)
            return number, missing // 2, missing - missing // 2
        if self.kernel_size > size:
            must = f"must be at most the {size} places that there are"
            raise requirement("kernel_size", must, self.kernel_size)
        return (size - self.kernel_size) // self.stride + 1, 0, 0

    def output_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape of the outputs of inputs `shape`, both with channels last.

        Raises:
            ConfigError: If no window fits.
        """
        return (*(self.windows(size)[0] for size in shape[:-1]), self.filters)

    def kernel_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape of the kernel for inputs `shape`, as in Keras."""
        return (*(self.kernel_size,) * (len(shape) - 1), shape[-1], self.filters)

    def structure(self) -> Self:
        """Return the representative of all convolutions with the same graph."""
        activation = self.activation
        return self.replace(
            activation=None if activation is None else activation.structure(),
            kernel_initializer=InitializerConfig(name="glorot_uniform"),
        )
