"""Draw what trained networks put out over the square of XOR."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from ablations.tasks import CORNERS
from models.numpy_mlp import Networks
from reports.drawing.contours import add_contours
from reports.drawing.labels import wrap
from reports.drawing.palette import BLUE, INK, MUTED, PAPER
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.networks import corner_outputs, networks_of, outputs_at
from reports.figures.plateaus import find_plateaus, solution_kinds
from reports.figures.source import ArmRuns, Source
from reports.numbers import hundredths

NAME = "boundaries"
PER_KIND = 2
COLUMNS = 3
ENDS = (-0.45, 1.45)
RESOLUTION = 77
LEVELS = (-1e6, 0.0, 0.25, 0.5, 0.75, 1.0, 1e6)
BANDS = (
    (MUTED, 0.42),
    (MUTED, 0.26),
    (MUTED, 0.10),
    (BLUE, 0.10),
    (BLUE, 0.26),
    (BLUE, 0.42),
)
PANEL = 106.0
HEADING = 62.0


@dataclass(frozen=True)
class Example:
    """One network to draw: its seed, how it ended, and the network."""

    seed: int
    ending: str
    is_solved: bool
    network: Networks


def read(source: Source) -> tuple[Example, ...] | None:
    """Return examples from the first arm that has solved runs with weights."""
    for runs in source.all_runs():
        if runs.has("weights", "curve.solved") and runs.task == "xor":
            examples = choose(runs)
            if examples and examples[0].is_solved:
                return examples
    return None


def choose(runs: ArmRuns) -> tuple[Example, ...]:
    """Return the first runs of both kinds of solution and of the fullest plateaus."""
    networks = networks_of(runs.config, runs.table.arrays["weights"])
    if networks is None:
        return ()
    seeds = runs.table.seeds
    chosen = []
    for name, members in solution_kinds(runs).items():
        for index in members[:PER_KIND]:
            network = networks.select(index)
            chosen.append(Example(int(seeds[index]), name, True, network))
    for plateau in find_plateaus(runs)[:PER_KIND]:
        index = plateau.members[0]
        words = f"loss {plateau.loss:.2g}"
        chosen.append(Example(int(seeds[index]), words, False, networks.select(index)))
    return tuple(chosen)


def field_of(network: Networks) -> tuple[np.ndarray, np.ndarray]:
    """Return the coordinates `[G]` and the outputs `[G, G]`, rows along x2."""
    line = np.linspace(*ENDS, RESOLUTION)
    x1, x2 = np.meshgrid(line, line)
    outputs = outputs_at(network, np.stack([x1.ravel(), x2.ravel()], axis=1))
    return line, outputs.reshape(RESOLUTION, RESOLUTION)


def draw(examples: tuple[Example, ...]) -> Picture:
    """Draw one square per network."""
    num_rows = -(-len(examples) // COLUMNS)
    height = num_rows * (PANEL + HEADING) + 6
    gap = (WIDTH - COLUMNS * PANEL) / (COLUMNS + 1)
    alternative = describe(examples)
    with style():
        figure = new_figure(height)
        for index, example in enumerate(examples):
            row, column = divmod(index, COLUMNS)
            left = gap + column * (PANEL + gap)
            bottom = height - (row + 1) * (PANEL + HEADING)
            axes = figure.add_axes(
                (left / WIDTH, bottom / height, PANEL / WIDTH, PANEL / height)
            )
            _draw_example(axes, example)
        svg = to_svg(figure, name=NAME, alternative=alternative)
    caption = (
        "Outputs of trained networks over the two inputs, the first seeds of each kind."
        " The line is where the output is ½; blue lies above, gray below, in steps of"
        " a quarter. Full points should give 1, empty ones 0; the numbers are what"
        " the network gives."
    )
    kinds = len({example.ending for example in examples if example.is_solved})
    title = f"Networks solve XOR in {kinds} ways, and get stuck in others"
    return Picture(NAME, svg, caption, alternative, title=title)


def _draw_example(axes: Axes, example: Example) -> None:
    line, outputs = field_of(example.network)
    for low, high, (color, alpha) in zip(LEVELS[:-1], LEVELS[1:], BANDS, strict=True):
        if outputs.max() > low and outputs.min() < high:
            add_contours(axes, (line, line, outputs), (low, high), color, alpha=alpha)
    if outputs.min() < 0.5 < outputs.max():
        add_contours(axes, (line, line, outputs), (0.5,), INK, linewidth=1.8)
    at_corners = corner_outputs(example.network)[0]
    for (x1, x2), output, target in zip(CORNERS, at_corners, (0, 1, 1, 0), strict=True):
        axes.plot(
            [x1],
            [x2],
            marker="o",
            markersize=8,
            markeredgecolor=INK,
            markerfacecolor=INK if target else PAPER,
            markeredgewidth=1.6,
        )
        axes.text(
            x1,
            x2 + (0.25 if x2 else -0.25),
            hundredths(output),
            ha="center",
            va="center",
            fontsize=SMALL,
            color=INK,
        )
    axes.set_xlim(*ENDS)
    axes.set_ylim(*ENDS)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.text(
        0.5,
        1.44,
        "solved" if example.is_solved else "stuck",
        ha="center",
        color=INK,
        transform=axes.transAxes,
        fontsize=SMALL,
        fontweight="bold",
        va="center",
    )
    axes.text(
        0.5,
        1.06,
        "\n".join(wrap(example.ending, 12)),
        ha="center",
        color=INK,
        transform=axes.transAxes,
        fontsize=SMALL,
        va="bottom",
    )


def describe(examples: tuple[Example, ...]) -> str:
    """Say in words what the squares show."""
    parts = []
    for example in examples:
        outputs = ", ".join(hundredths(v) for v in corner_outputs(example.network)[0])
        word = "solved" if example.is_solved else "stuck"
        parts.append(f"seed {example.seed} {word}, {example.ending}, outputs {outputs}")
    return (
        "Squares of network outputs at the inputs 00, 01, 10, 11: "
        + "; ".join(parts)
        + "."
    )
