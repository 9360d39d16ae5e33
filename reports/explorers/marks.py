"""Write the marks of explorers' charts as SVG; all looks stand in the stylesheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

from reports.explorers.states import State

WIDTH = 320.0
"""Width of every chart; about that of a phone, so that its text is as large there."""

LEFT = 46.0
"""Where charts with numbers at their side begin."""

TOP = 24.0
PLOT = 150.0
LINE = 15.0
MOST_ICONS = 100
PER_ROW = 20
GOLDEN = 0.618034

Place = Callable[[float], float]
"""From a number to its height in a chart."""


def text(x: float, y: float, words: str, anchor: str = "start", kind: str = "") -> str:
    """Return words at a point, which is where their line begins, ends or is halved."""
    attributes = f' text-anchor="{anchor}"' if anchor != "start" else ""
    attributes += f' class="{kind}"' if kind else ""
    return f'<text x="{x:.4g}" y="{y:.4g}"{attributes}>{escape(words)}</text>'


def rect(kind: str, x: float, y: float, width: float, height: float) -> str:
    """Return a rectangle."""
    return (
        f'<rect class="{kind}" x="{x:.4g}" y="{y:.4g}" width="{width:.4g}"'
        f' height="{height:.4g}"/>'
    )


def path(kind: str, steps: str) -> str:
    """Return a line along steps, as SVG writes them."""
    return f'<path class="{kind}" d="{steps}"/>'


def level(kind: str, y: float, left: float = LEFT, right: float = WIDTH) -> str:
    """Return a level line."""
    return path(kind, f"M{left:.4g} {y:.4g}H{right:.4g}")


def svg(height: float, inside: Iterable[str], kind: str) -> str:
    """Return a drawing that is hidden from those to whom the sentence speaks."""
    return (
        f'<svg class="{kind}" viewBox="0 0 {WIDTH:g} {height:g}" aria-hidden="true">'
        f"{''.join(inside)}</svg>"
    )


def dots(state: State, x: float, reach: float, place: Place) -> list[str]:
    """Return a dot per seed in a column; a golden step spreads any number of them."""
    return [
        f'<circle cx="{x + reach * ((n * GOLDEN) % 1 - 0.5):.4g}"'
        f' cy="{place(value):.4g}" r="3"/>'
        for n, value in enumerate(state.values)
    ]


def icons(state: State) -> str:
    """Draw a run each, or of many one in a hundred: disc, ring, or cross if lost."""
    count = min(state.total, MOST_ICONS)
    per_row = PER_ROW if count > PER_ROW else PER_ROW // 2
    step = WIDTH / per_row
    radius = min(0.36 * step, 9.0)
    won, lost = icon_counts(state)
    drawn = []
    for n in range(count):
        kind = "won" if n < won else "lost" if n >= count - lost else ""
        x = (n % per_row + 0.5) * step
        y = (n // per_row + 0.5) * 2.6 * radius
        side = 1.4 * radius
        cross = (
            f"M{x - side / 2:.4g} {y - side / 2:.4g}l{side:.3g} {side:.3g}"
            f"m0-{side:.3g}l-{side:.3g} {side:.3g}"
        )
        drawn.append(
            f'<g class="icon {kind}"><circle cx="{x:.4g}" cy="{y:.4g}"'
            f' r="{radius:.3g}"/><path d="{cross}"/></g>'
        )
    return svg(-(-count // per_row) * 2.6 * radius, drawn, "icons")


def icon_counts(state: State) -> tuple[int, int]:
    """Return how many icons are a success and how many are lost.

    Only all is drawn as all, and only none as none.
    """
    count, won = min(state.total, MOST_ICONS), state.won or 0
    shown = round(count * won / state.total)
    shown = min(max(shown, min(won, 1)), count - min(state.total - won, 1))
    return shown, round(count * state.lost / state.total)
