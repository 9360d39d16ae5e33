"""Explorers whose states are computed by formula: nothing was run, and nothing varies.

A state tells its sentence, its numbers and its drawing; all of them are in the page,
and the page's script shows the one that is chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reports.explorers.declared import ChoicesConfig, Options, Wanted, address_of
from reports.explorers.marks import svg
from reports.explorers.states import write_lines


@dataclass(frozen=True)
class Computed:
    """What a state came to.

    Attributes:
        sentence: What is told, in at most 25 words and two numbers.
        number: The same in a word or three.
        cells: What stands in the table, behind the options.
        values: All numbers by what they are.
        marks: What is drawn.
    """

    sentence: str
    number: str
    cells: tuple[str, ...]
    values: dict[str, list[float]]
    marks: tuple[str, ...]


class ComputedConfig(ChoicesConfig):
    """Declare what can be explored of a formula.

    Args:
        counted: What the short number of a state is of.
        head: Heads of the table, behind those of the controls.
        height: Height of the drawing, which is as wide as every chart.
        compute: Returns what the levels of a state come to.
    """

    counted: str
    head: tuple[str, ...]
    height: float
    compute: Callable[[Mapping[str, Wanted]], Computed]

    def computed(self) -> dict[str, Computed]:
        """Return what every state came to, by address."""
        return {address_of(o): self.compute(_levels(o)) for o in self.states()}

    def draw(self, states: Mapping[str, Computed]) -> str:
        """Draw every state; all but the first are not shown."""
        first = address_of(self.named(self.first))
        drawn = []
        for at, state in states.items():
            looks, inside = "here" if at == first else "away", "".join(state.marks)
            drawn.append(
                f'<g class="mark {looks}" data-at="{at}" data-panel="{at}">{inside}</g>'
            )
        return svg(self.height, drawn, "chart computed")


def _levels(options: Options) -> dict[str, Wanted]:
    """Return the levels of all options by factor."""
    return {f: level for option in options for f, level in option.levels.items()}


def computed_json(states: Mapping[str, Computed], digest: str) -> str:
    """Write the numbers of states, one per line, with the digest of a claim's rule."""
    records = ({"address": at, **state.values} for at, state in states.items())
    return write_lines(records, digest)
