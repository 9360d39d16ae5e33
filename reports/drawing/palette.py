"""The colors of the figures, each in a light and a dark form.

A figure is drawn once, in the light colors. The stylesheets exchange each for its dark
form where the reader's scheme is dark, so every color must stand for one thing.
The hues are those of Okabe and Ito, darkened or lightened until they read as lines on
the page; what a color says, a shape or a word says too.
"""

from __future__ import annotations

INK = "#1f2428"
MUTED = "#5c6670"
GRID = "#d4d9de"
PAPER = "#ffffff"
BLUE = "#0072b2"
GREEN = "#00795a"
VERMILLION = "#c04a00"
PURPLE = "#a1447c"
ORANGE = "#b97400"
SKY = "#2a86c0"

DARK = {
    INK: "#e8eaed",
    MUTED: "#a3acb5",
    GRID: "#3d444c",
    PAPER: "#16191d",
    BLUE: "#56b4e9",
    GREEN: "#3ccb9f",
    VERMILLION: "#ff8c4b",
    PURPLE: "#e594c4",
    ORANGE: "#e6a32e",
    SKY: "#8fd0f5",
}
"""The dark form of every color."""

SERIES = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY)
"""Colors of lines that stand side by side, in the order in which they are taken."""


def dark_rules(colors: dict[str, str] = DARK) -> str:
    """Return the style rules that turn every light color into its dark form."""
    return "\n".join(
        f'svg [{attribute}="{light}"] {{ {attribute}: {dark}; }}'
        for light, dark in colors.items()
        for attribute in ("fill", "stroke")
    )
