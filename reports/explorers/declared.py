"""Declare an explorer: a question, controls that choose stored results, and words.

It is data alone. A chapter's explorers are the `EXPLORERS` of the module of this folder
that is called as the chapter; the runs that they show are those of a claim's arms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Literal, Self

from pydantic import Field, model_validator

from ablations.protocol.arm import Level
from ablations.protocol.score import ScoreConfig
from models.config import FrozenConfig, requirement

Wanted = Level | None | tuple[Level | None, ...]
"""What level an arm must have: one, none, or any of several."""


class OptionConfig(FrozenConfig):
    """Offer one choice of a control.

    Args:
        words: What it is called in sentences, in the control and in the address.
        levels: Levels that an arm must have, by factor.
        reads: What it sets in the score that is read: `at`, or what stands between
            braces in its quantity.
        short: What stands at an axis, where the words are too long.
    """

    words: str
    levels: dict[str, Wanted] = Field(default_factory=dict)
    reads: dict[str, int] = Field(default_factory=dict)
    short: str = ""

    @property
    def address(self) -> str:
        """What stands for it in an address."""
        words = re.sub(r"[,']", "", self.words.lower())
        return re.sub(r"[^a-z0-9.]+", "-", words).strip("-")

    @property
    def tick(self) -> str:
        """What stands at an axis."""
        return self.short or self.words


class ControlConfig(FrozenConfig):
    """Let the reader choose one of several options.

    Args:
        key: Its name in sentences.
        title: What it is called.
        kind: A switch has two options, off and on; a slider has some in an order.
        options: What can be chosen.
        note: What stands beside a switch.
    """

    key: str
    title: str
    kind: Literal["switch", "choice", "slider"]
    options: tuple[OptionConfig, ...]
    note: str = ""


Options = tuple[OptionConfig, ...]
"""One option of every control."""


class ChoicesConfig(FrozenConfig):
    """Offer a question and the states that one may choose among.

    Args:
        id: What the address begins with.
        question: The heading.
        claim: The claim that is shown.
        controls: What the reader chooses.
        first: Words of the options that are shown first.
        starts: Further good states by what leads there, as words of their options.
    """

    id: str
    question: str
    claim: str
    controls: tuple[ControlConfig, ...]
    first: tuple[str, ...]
    starts: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _check_states(self) -> Self:
        """Check that every state that is named is one."""
        for named in (self.first, *self.starts.values()):
            offered = (tuple(o.words for o in c.options) for c in self.controls)
            if len(named) != len(self.controls) or not all(
                word in words for word, words in zip(named, offered, strict=True)
            ):
                must = "must name one option of every control"
                raise requirement("first", must, named)
        return self

    def states(self) -> Iterator[Options]:
        """Yield one option of every control, the last control the fastest."""
        yield from product(*(control.options for control in self.controls))

    def named(self, words: tuple[str, ...]) -> Options:
        """Return the options that are called so."""
        return tuple(
            next(o for o in control.options if o.words == word)
            for control, word in zip(self.controls, words, strict=True)
        )


class ExplorerConfig(ChoicesConfig):
    """Declare what can be explored of the runs of a claim.

    The last controls span the chart.

    Args:
        score: What is read of every run. The share of successes is shown where it is
            one, else the number of every seed.
        array: A stored array of which every state reads an entry, which tells whether
            a run succeeded; empty for none. Readings choose the entry, in the order of
            controls, and the score only says what a success is.
        measure: A metric whose mean is told beside successes.
        layers: Whether the norm of every layer's gradient at the start is shown.
        where: Levels that all arms have.
        chart: How all states are drawn beside the chosen one.
        axis: What the chart's axis of numbers is called.
        says: Sentences by what a state came to, as `reports.explorers.words` names it.
        base: Words of the options of the last controls that others are compared with.
        margin: Difference of means from the base that counts.
        also: Further claims, whose arms are looked for where the claim has none.
    """

    score: ScoreConfig
    array: str = ""
    measure: str = ""
    layers: bool = False
    where: dict[str, Wanted] = Field(default_factory=dict)
    chart: Literal["bars", "columns", "grid", "lines", "icons"]
    axis: str = ""
    says: dict[str, str]
    base: tuple[str, ...] = ()
    margin: float = 0.01
    also: tuple[str, ...] = ()

    @property
    def claims(self) -> tuple[str, ...]:
        """All claims whose runs are shown."""
        return (self.claim, *self.also)

    def levels(self, options: Options) -> dict[str, Wanted]:
        """Return the levels that the arm of a state has."""
        wanted = dict(self.where)
        for option in options:
            wanted |= option.levels
        return wanted

    def reading(self, options: Options) -> ScoreConfig:
        """Return what is read of the runs of a state."""
        fills: dict[str, int] = {}
        for option in options:
            fills |= option.reads
        quantity = self.score.quantity.format_map(fills)
        return self.score.replace(quantity=quantity, at=fills.get("at", self.score.at))

    def entry(self, options: Options) -> tuple[int, ...]:
        """Return the place of a state in the array of every run."""
        return tuple(place for option in options for place in option.reads.values())

    def base_of(self, options: Options) -> Options | None:
        """Return the state that one is compared with, None for none."""
        if not self.base:
            return None
        kept = len(options) - len(self.base)
        names = tuple(option.words for option in options[:kept])
        return self.named((*names, *self.base))

    @property
    def panel(self) -> tuple[int, ...]:
        """Places of the controls that choose which part of the chart is shown."""
        count = len(self.controls)
        spanned = {"bars": count, "icons": 0, "columns": 1, "grid": 2}
        if self.chart == "lines":
            return (count - 1,)
        return tuple(range(count - spanned[self.chart]))


def address_of(options: Options) -> str:
    """Return the address of a state inside its explorer."""
    return "/".join(option.address for option in options)


def switch(factor: str, title: str, note: str = "") -> ControlConfig:
    """Return a switch of a factor that arms have on or off."""
    options = tuple(
        OptionConfig(words=words, levels={factor: is_on})
        for words, is_on in ((f"no {title}", False), (title, True))
    )
    key = factor.replace(" ", "_")
    return ControlConfig(
        key=key, title=title, kind="switch", options=options, note=note
    )


def control(
    key: str,
    title: str,
    options: Mapping[str, Wanted],
    kind: Literal["choice", "slider"] = "choice",
    *,
    factor: str = "",
    shorts: Mapping[str, str] | None = None,
) -> ControlConfig:
    """Return a control that chooses a level of one factor.

    Args:
        key: Its name in sentences.
        title: What it is called.
        options: The levels by what they are called.
        kind: Whether they have an order.
        factor: The factor, if it is not called as the control.
        shorts: What stands at an axis, by what the options are called.
    """
    made = tuple(
        OptionConfig(
            words=words,
            levels={factor or key: level},
            short=(shorts or {}).get(words, ""),
        )
        for words, level in options.items()
    )
    return ControlConfig(key=key, title=title, kind=kind, options=made)


def reading(
    key: str,
    title: str,
    options: Mapping[str, int],
    *,
    fills: str,
    short: str = "",
) -> ControlConfig:
    """Return a slider that chooses what is read of the same runs.

    Args:
        key: Its name in sentences.
        title: What it is called.
        options: What is filled into the score, by what it is called.
        fills: Where it is filled in.
        short: How it stands at an axis.
    """
    made = tuple(
        OptionConfig(words=words, reads={fills: value}, short=short.format(value))
        for words, value in options.items()
    )
    return ControlConfig(key=key, title=title, kind="slider", options=made)
