"""Configs of multi-layer perceptrons, and all that a config is made of.

This module never imports Keras, so it answers at once.
"""

import math
from functools import cached_property
from itertools import pairwise
from typing import Any, ClassVar, Literal, Self

import pydantic

from models.convolution import ConvolutionConfig
from models.frozen import (
    ConfigError,
    Finite,
    Fraction,
    FrozenConfig,
    NonNegative,
    NonNegativeInt,
    Positive,
    PositiveInt,
    Rate,
    one_of,
    requirement,
)
from models.parts import (
    ACTIVATIONS,
    INITIALIZERS,
    Activation,
    ActivationConfig,
    Activations,
    Initializer,
    InitializerConfig,
    Initializers,
    Rates,
)

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "ActivationConfig",
    "ConfigError",
    "ConvolutionConfig",
    "Finite",
    "Fraction",
    "FrozenConfig",
    "InitializerConfig",
    "MLPConfig",
    "NonNegative",
    "NonNegativeInt",
    "Positive",
    "PositiveInt",
    "Rate",
    "one_of",
    "requirement",
]


MOST_WEIGHTS = 10**9
"""Most weights of a network, 4 GB of them."""

PER_LAYER = ("activation", "kernel_initializer", "dropout")


class MLPConfig(FrozenConfig):
    """Describe a multi-layer perceptron.

    A hidden layer k is `hidden_k` (kernel and bias), then in this order, each where it
    is on: `batch_norm_k` when "before", `activation_k`, `batch_norm_k` when "after",
    `noise_k`, `dropout_k`. A block of `skip_every` hidden layers (the last may be
    shorter) ends in `branch_scale_b` and `skip_b`. `output` and `output_activation`
    close the network. Without hidden layers it is a generalized linear model.
    Convolution k, `conv_k` and `conv_k_activation`, comes before the hidden layers,
    which read its units in one row; batch norm, noise, dropout and skips are of hidden
    layers alone.

    A setting of a part that is off (`batch_norm_momentum` without batch norm,
    `branch_scale` without a skip) waits until a variant turns the part on.

    Attributes:
        input_units: Number of input features.
        hidden_units: Width of every hidden layer, `()` for none.
        activation: One, or one per hidden layer; a name is enough.
        kernel_initializer: One, or one per hidden layer; a name is enough.
        output_kernel_initializer: None takes that of the last hidden layer.
        use_bias: Whether hidden and output layers have a bias.
        bias_start: First value of every hidden bias.
        output_bias_start: First value of the output bias.
        input_dropout: Share of inputs dropped in training.
        dropout: Share of units dropped in training, one or one per hidden layer.
        dropout_unit: "sample" draws a mask per sample, "batch" one for all samples.
        dropout_target: "activations" drops the units, "gradients" leaves the forward
            pass whole and stops the gradient through the units drawn.
        gaussian_noise: Standard deviation of noise on hidden units in training.
        noise_kind: "additive" h + n, or "multiplicative" h (1 + n).
        l1: Factor of the sum of absolute kernel entries in the loss.
        l2: Factor of the sum of squared kernel entries in the loss.
        regularize_output: Whether `l1` and `l2` also count the output kernel.
        batch_norm: None, "before" or "after" the activation.
        batch_norm_momentum: Share of the moving statistics kept per step.
        batch_norm_epsilon: Added to the variance.
        batch_norm_center: Whether batch norm learns a shift.
        batch_norm_scale: Whether batch norm learns a scale.
        skip: "residual" adds a block's input to its output; where widths differ the
            input passes a learned linear map without bias, `skip_b_projection`.
        skip_every: Hidden layers in a block.
        branch_scale: Factor on a block's output before the addition.
        input_skip: Whether the output layer also reads the inputs.
        convolutions: Convolutions before the hidden layers, with the biases, the first
            bias and the penalties of these.
        input_shape: What the inputs are row by row, `(points,)` of a signal or
            `(height, width)` of an image; None is a signal.
        output_units: Number of outputs.
        output_activation: A name is enough.
    """

    silent_defaults: ClassVar[frozenset[str]] = frozenset(
        {"convolutions", "input_shape"}
    )

    input_units: PositiveInt
    hidden_units: tuple[PositiveInt, ...]
    activation: Activations = ActivationConfig(name="relu")
    kernel_initializer: Initializers = InitializerConfig(name="glorot_uniform")
    output_kernel_initializer: Initializer | None = InitializerConfig(
        name="glorot_uniform"
    )
    use_bias: pydantic.StrictBool = True
    bias_start: Finite = 0.0
    output_bias_start: Finite = 0.0
    input_dropout: Rate = 0.0
    dropout: Rates = 0.0
    dropout_unit: Literal["sample", "batch"] = "sample"
    dropout_target: Literal["activations", "gradients"] = "activations"
    gaussian_noise: NonNegative = 0.0
    noise_kind: Literal["additive", "multiplicative"] = "additive"
    l1: NonNegative = 0.0
    l2: NonNegative = 0.0
    regularize_output: pydantic.StrictBool = False
    batch_norm: Literal["before", "after"] | None = None
    batch_norm_momentum: Fraction = 0.99
    batch_norm_epsilon: Positive = 1e-3
    batch_norm_center: pydantic.StrictBool = True
    batch_norm_scale: pydantic.StrictBool = True
    skip: Literal["residual"] | None = None
    skip_every: PositiveInt = 1
    branch_scale: Finite = 1.0
    input_skip: pydantic.StrictBool = False
    convolutions: tuple[ConvolutionConfig, ...] = ()
    input_shape: tuple[PositiveInt, ...] | None = None
    output_units: PositiveInt = 1
    output_activation: Activation = ActivationConfig(name="linear")

    @pydantic.model_validator(mode="after")
    def _fits_together(self) -> Self:
        depth = len(self.hidden_units)
        for field in PER_LAYER:
            value = getattr(self, field)
            if isinstance(value, tuple) and len(value) != depth:
                raise requirement(
                    field, f"must have one value per hidden layer ({depth})", len(value)
                )
        if not self.use_bias:
            for field in ("bias_start", "output_bias_start"):
                if getattr(self, field) != 0:
                    must = "must be 0 where `use_bias` is False"
                    raise requirement(field, must, getattr(self, field))
        if self.input_skip and depth == 0:
            raise requirement("input_skip", "must be False without hidden layers", True)
        if self.output_kernel_initializer is None and self.kernel_initializer == ():
            must = "must be given where there is no hidden one to take"
            raise requirement("output_kernel_initializer", must, None)
        self._check_convolutions()
        return self

    def _check_convolutions(self) -> None:
        shape = self.input_shape
        if shape is not None and (
            len(shape) not in (1, 2) or math.prod(shape) != self.input_units
        ):
            must = "must be (points,) or (height, width), and its product `input_units`"
            raise requirement("input_shape", f"{must} ({self.input_units})", shape)
        for k, layer in enumerate(self.convolutions):
            for part in ("activation", "kernel_initializer"):
                if getattr(layer, part) is None and getattr(self, part) == ():
                    must = "must be given where there is no hidden one to take"
                    raise requirement(f"convolutions[{k}].{part}", must, None)
        self.feature_shapes()

    def feature_shapes(self) -> list[tuple[int, ...]]:
        """Return the shapes of inputs and convolutions, channels last.

        Raises:
            ConfigError: If a kernel is larger than what it slides over.
        """
        shapes = [(*(self.input_shape or (self.input_units,)), 1)]
        for k, layer in enumerate(self.convolutions):
            try:
                shapes.append(layer.output_shape(shapes[-1]))
            except ConfigError as error:
                text = str(error).replace("`", f"`convolutions[{k}].", 1)
                raise ConfigError(text) from None
        return shapes

    def convolution_layers(self) -> tuple[ConvolutionConfig, ...]:
        """Return the convolutions with what they take from the hidden layers."""

        def of_hidden(field: str) -> Any:
            value = getattr(self, field)
            return value[0] if isinstance(value, tuple) else value

        return tuple(
            layer.replace(
                activation=layer.activation or of_hidden("activation"),
                kernel_initializer=layer.kernel_initializer
                or of_hidden("kernel_initializer"),
            )
            for layer in self.convolutions
        )

    def layer_units(self) -> tuple[int, ...]:
        """Return the units of inputs, convolutions and hidden layers.

        A convolution has twice those of its inputs in all windows, and its outputs.
        """
        sizes = [self.input_units]
        shapes = self.feature_shapes()
        for layer, shape, after in zip(
            self.convolutions, shapes, shapes[1:], strict=False
        ):
            window = math.prod(layer.kernel_shape(shape)[:-1])
            sizes += [math.prod(after[:-1]) * window, math.prod(after)]
        return (*sizes, *self.hidden_units)

    def multiplications(self) -> int:
        """Return about how often a row is multiplied: its weights, in every window."""
        total, _ = self.parameter_count()
        shapes = self.feature_shapes()
        again = (
            math.prod(layer.kernel_shape(shape)) * (math.prod(after[:-1]) - 1)
            for layer, shape, after in zip(
                self.convolutions, shapes, shapes[1:], strict=False
            )
        )
        return total + sum(again)

    def per_layer(self, field: str) -> tuple[Any, ...]:
        """Return one value per hidden layer of a setting in `PER_LAYER`."""
        value = getattr(self, one_of("field", field, PER_LAYER))
        return value if isinstance(value, tuple) else (value,) * len(self.hidden_units)

    def output_initializer(self) -> InitializerConfig:
        """Return the initializer of the output kernel."""
        if self.output_kernel_initializer is not None:
            return self.output_kernel_initializer
        value = self.kernel_initializer
        return value[-1] if isinstance(value, tuple) else value

    def blocks(self) -> list[range]:
        """Return the hidden layers (from 1) of each residual block, none when off."""
        if self.skip is None:
            return []
        first, last = 1, len(self.hidden_units)
        return [
            range(start, min(start + self.skip_every, last + 1))
            for start in range(first, last + 1, self.skip_every)
        ]

    def weight_shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of every weight by its path, as `hidden_1/kernel`.

        The order is that of the layers in the network.
        """
        shapes: dict[str, tuple[int, ...]] = {}
        features = self.feature_shapes()
        for k, layer in enumerate(self.convolution_layers(), 1):
            shapes[f"conv_{k}/kernel"] = layer.kernel_shape(features[k - 1])
            if self.use_bias:
                shapes[f"conv_{k}/bias"] = (layer.filters,)
            if layer.activation is not None and layer.activation.name == "prelu":
                shapes[f"conv_{k}_activation/alpha"] = (math.prod(features[k]),)
        widths = (math.prod(features[-1]), *self.hidden_units)
        ends = {block[-1]: (b, block[0]) for b, block in enumerate(self.blocks(), 1)}
        activations = self.per_layer("activation")
        for k in range(1, len(widths)):
            units = widths[k]
            self._add_dense(shapes, f"hidden_{k}", widths[k - 1], units)
            parts = [f"batch_norm_{k}/{name}" for name in self._batch_norm_weights()]
            if activations[k - 1].name == "prelu":
                alpha = f"activation_{k}/alpha"
                parts.insert(len(parts) if self.batch_norm == "before" else 0, alpha)
            shapes |= dict.fromkeys(parts, (units,))
            block, start = ends.get(k, (0, 1))
            if block and widths[start - 1] != units:
                shapes[f"skip_{block}_projection/kernel"] = (widths[start - 1], units)
        fan_in = widths[-1] + (self.input_units if self.input_skip else 0)
        self._add_dense(shapes, "output", fan_in, self.output_units)
        if self.output_activation.name == "prelu":
            shapes["output_activation/alpha"] = (self.output_units,)
        return shapes

    def check_size(self) -> None:
        """Check that memory can hold the network.

        Raises:
            ConfigError: If it has more than `MOST_WEIGHTS` weights.
        """
        widths = (self.input_units, *self.hidden_units, self.output_units)
        num_weights = sum(fan_in * units for fan_in, units in pairwise(widths))
        if num_weights > MOST_WEIGHTS:
            must = f"must make at most {MOST_WEIGHTS:,} weights"
            raise requirement("hidden_units", must, num_weights)

    def parameter_count(self) -> tuple[int, int]:
        """Return how many parameters there are: total, trainable."""
        sizes = {path: math.prod(s) for path, s in self.weight_shapes().items()}
        moving = sum(size for path, size in sizes.items() if "/moving_" in path)
        total = sum(sizes.values())
        return total, total - moving

    def structure(self) -> Self:
        """Return the representative of all configs with the same computation graph.

        What a run may have for itself (initializers, first biases and every continuous
        value) takes one fixed value, so only whether a part is on remains. Configs
        with equal structures can be trained as one stack.
        """
        return self._structure

    @cached_property
    def _structure(self) -> Self:
        normalized = self.batch_norm is not None and bool(self.hidden_units)
        residual = bool(self.blocks())
        dropout = tuple(0.5 if rate else 0.0 for rate in self.per_layer("dropout"))
        drops = bool(self.input_dropout) or any(dropout)
        penalized = bool(self.l1 or self.l2) and bool(
            self.hidden_units or self.convolutions or self.regularize_output
        )
        noisy = bool(self.gaussian_noise and self.hidden_units)
        return type(self)(
            input_units=self.input_units,
            hidden_units=self.hidden_units,
            activation=tuple(a.structure() for a in self.per_layer("activation")),
            use_bias=self.use_bias,
            input_dropout=0.5 if self.input_dropout else 0.0,
            dropout=dropout,
            dropout_unit=self.dropout_unit if drops else "sample",
            dropout_target=self.dropout_target if drops else "activations",
            gaussian_noise=1.0 if noisy else 0.0,
            noise_kind=self.noise_kind if noisy else "additive",
            l1=1.0 if self.l1 and penalized else 0.0,
            l2=1.0 if self.l2 and penalized else 0.0,
            regularize_output=self.regularize_output and penalized,
            batch_norm=self.batch_norm if normalized else None,
            batch_norm_center=self.batch_norm_center or not normalized,
            batch_norm_scale=self.batch_norm_scale or not normalized,
            skip=self.skip if residual else None,
            skip_every=self.skip_every if residual else 1,
            branch_scale=2.0 if residual and self.branch_scale != 1 else 1.0,
            input_skip=self.input_skip,
            convolutions=tuple(c.structure() for c in self.convolution_layers()),
            input_shape=self.input_shape if self.convolutions else None,
            output_units=self.output_units,
            output_activation=self.output_activation.structure(),
        )

    def continuous(self) -> dict[str, float]:
        """Return every continuous value inside the layers, by `layer.attribute`."""
        values: dict[str, float] = {}
        if self.input_dropout:
            values["input_dropout.rate"] = self.input_dropout
        for k, layer in enumerate(self.convolution_layers(), 1):
            values |= self._penalties(f"conv_{k}")
            own = {} if layer.activation is None else layer.activation.continuous()
            values |= {f"conv_{k}_activation.{n}": value for n, value in own.items()}
        rates = self.per_layer("dropout")
        for k, activation in enumerate(self.per_layer("activation"), 1):
            values |= self._penalties(f"hidden_{k}")
            if self.batch_norm is not None:
                values[f"batch_norm_{k}.momentum"] = self.batch_norm_momentum
                values[f"batch_norm_{k}.epsilon"] = self.batch_norm_epsilon
            for name, value in activation.continuous().items():
                values[f"activation_{k}.{name}"] = value
            if self.gaussian_noise:
                values[f"noise_{k}.stddev"] = self.gaussian_noise
            if rates[k - 1]:
                values[f"dropout_{k}.rate"] = rates[k - 1]
        if self.branch_scale != 1:
            for b in range(1, len(self.blocks()) + 1):
                values[f"branch_scale_{b}.value"] = self.branch_scale
        if self.regularize_output:
            values |= self._penalties("output")
        for name, value in self.output_activation.continuous().items():
            values[f"output_activation.{name}"] = value
        return values

    def _penalties(self, layer: str) -> dict[str, float]:
        factors = {"l1": self.l1, "l2": self.l2}
        return {f"{layer}.kernel_regularizer.{n}": f for n, f in factors.items() if f}

    def _batch_norm_weights(self) -> list[str]:
        if self.batch_norm is None:
            return []
        learned = {"gamma": self.batch_norm_scale, "beta": self.batch_norm_center}
        names = [name for name, is_on in learned.items() if is_on]
        return [*names, "moving_mean", "moving_variance"]

    def _add_dense(
        self, shapes: dict[str, tuple[int, ...]], layer: str, fan_in: int, units: int
    ) -> None:
        shapes[f"{layer}/kernel"] = (fan_in, units)
        if self.use_bias:
            shapes[f"{layer}/bias"] = (units,)
