"""Follow gradients backwards through recurrent networks that nobody trains."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from ablations.protocol.experiment import ExperimentConfig
from ablations.tasks.streams import draw_symbols
from models.config import Positive, PositiveInt
from models.randomness import name_index, unit_uniform
from models.recurrent_kernels import Start, normal_numbers, recurrent_kernels


class GradientGrowthConfig(ExperimentConfig):
    """Describe how a gradient changes on its way back through a recurrent network.

    With h_t = phi(h_{t-1} W + x_t U) and a random direction d loss / d h_T of length
    one, d loss / d h_{t-1} = (d loss / d h_t * phi'(z_t)) W'. The inputs x_t are those
    of the stream `echo`, U is uniform as by Glorot, and there is no training.

    Recorded are, with g_k the length of the gradient k steps before the end:
    `growth_per_step`, (g_T / g_{T/2})^{2/T}, the factor of a step once it has settled,
    and `log10_growth`, log10 g_T. The probe `log10_state_gradient` holds log10 g_k for
    k = 0 .. T.

    Args:
        activation: The function phi.
        start: Distribution of W.
        radius: Spectral radius of W.
        units: Number of recurrent units.
        length: Steps T.

    References:
        Bengio, Simard and Frasconi, "Learning long-term dependencies with gradient
        descent is difficult", 1994.
    """

    chunk_size: ClassVar[int] = 1000
    seconds_per_run: ClassVar[float] = 1e-3

    kind: Literal["gradient_growth"] = "gradient_growth"
    activation: Literal["linear", "tanh"] = "linear"
    start: Start = "gaussian"
    radius: Positive = 1.0
    units: PositiveInt = 16
    length: PositiveInt = 100
    num_symbols: PositiveInt = 4

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Send a gradient back for every seed; see `ExperimentConfig.run`."""
        kernel = recurrent_kernels(seeds, self.units, self.start, self.radius)
        slopes = np.ones((len(seeds), self.length, self.units))
        if self.activation == "tanh":
            symbols = draw_symbols(seeds, 1, self.length, self.num_symbols)[:, 0]
            slopes = tanh_slopes(kernel, self._input_kernels(seeds), symbols)
        direction = normal_numbers(seeds, "initial", "direction", self.units)
        direction /= np.linalg.norm(direction, axis=1, keepdims=True)
        lengths = state_gradients(kernel, slopes, direction)  # [S, T + 1]
        half = self.length // 2
        settled = (lengths[:, -1] - lengths[:, half]) / (self.length - half)
        return self.arrange(
            {
                "growth_per_step": 10.0**settled,
                "log10_growth": lengths[:, -1],
                "probe.log10_state_gradient": lengths[:, None].astype(np.float32),
            }
        )

    def _input_kernels(self, seeds: np.ndarray) -> np.ndarray:
        """Draw input kernels by Glorot's uniform rule `[S, symbols, units]`."""
        index, size = name_index("input kernel"), self.num_symbols * self.units
        unit = unit_uniform(seeds, "initial", index, size)
        bound = np.sqrt(6.0 / (self.num_symbols + self.units))
        return (bound * (2.0 * unit - 1.0)).reshape(-1, self.num_symbols, self.units)

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return the two numbers of growth."""
        return ("growth_per_step", "log10_growth")


def tanh_slopes(
    kernel: np.ndarray, input_kernel: np.ndarray, symbols: np.ndarray
) -> np.ndarray:
    """Run tanh units from state 0 and return their slopes `[S, T, units]`."""
    state = np.zeros((len(kernel), 1, kernel.shape[1]))
    slopes = []
    for step in range(symbols.shape[1]):
        shown = np.take_along_axis(input_kernel, symbols[:, step, None, None], axis=1)
        state = np.tanh(state @ kernel + shown)
        slopes.append(1.0 - state[:, 0] ** 2)
    return np.stack(slopes, axis=1)


def state_gradients(
    kernel: np.ndarray, slopes: np.ndarray, direction: np.ndarray
) -> np.ndarray:
    """Return log10 of the lengths of gradients k = 0 .. T steps back `[S, T + 1]`.

    Args:
        kernel: Recurrent kernels W `[S, units, units]`.
        slopes: phi'(z_t) for t = 1 .. T `[S, T, units]`.
        direction: Gradients at the last step `[S, units]`.
    """
    back = np.swapaxes(kernel, 1, 2)
    gradient = direction[:, None, :]
    total = np.zeros(len(kernel))
    lengths = []
    for k in range(slopes.shape[1] + 1):
        if k:
            gradient = (gradient * slopes[:, -k, None, :]) @ back
        # The length is kept apart, so that long products stay in range.
        length = np.linalg.norm(gradient, axis=(1, 2))
        total = total + np.log10(length)
        gradient = gradient / length[:, None, None]
        lengths.append(total)
    return np.stack(lengths, axis=1)
