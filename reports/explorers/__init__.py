"""Explorers: controls that choose among stored results; nothing is interpolated.

A chapter's explorers are declared in the module of its name, and `make_explorers` fills
them from runs at hand or from what is published.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from reports.explorers.declared import (
    ChoicesConfig,
    ControlConfig,
    ExplorerConfig,
    Options,
    address_of,
)
from reports.explorers.drawing import Chart
from reports.explorers.marks import icon_counts, icons
from reports.explorers.paths import COUNTED, HEAD, Paths, PathsConfig
from reports.explorers.states import States, states_of, to_json
from reports.explorers.words import counted, sentence, short, table_head, table_row
from reports.figures.source import Source


def _find() -> dict[str, tuple[ChoicesConfig, ...]]:
    """Return the declared explorers by chapter: modules with `EXPLORERS`."""
    names = [found.name for found in pkgutil.iter_modules(__path__)]
    modules = {n: importlib.import_module(f"{__name__}.{n}") for n in sorted(names)}
    return {n: m.EXPLORERS for n, m in modules.items() if hasattr(m, "EXPLORERS")}


EXPLORERS = _find()
"""The declared explorers by chapter."""


@dataclass(frozen=True)
class Link:
    """A state that is worth a look."""

    words: str
    address: str


@dataclass(frozen=True)
class Row:
    """A row of the table of all states."""

    address: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Explorer:
    """What a page shows: the first state drawn, and all of them in a table.

    Attributes:
        id: What its address begins with.
        title: The question.
        claim: The claim whose runs are shown.
        source: Where its numbers come from; the claim is named after it.
        controls: What the reader chooses, in the order of addresses.
        first: Places of the options that are shown first.
        sentence: What became of the first state.
        number: The same in a word or three.
        counted: What that number is of.
        icons: The runs of the first state as icons, empty where numbers are shown.
        chart: All states, drawn.
        starts: Further good states.
        head: Heads of the table.
        rows: Its rows.
        data: What the script reads: options, panel, and what to say of every state.
        published: The states, as they are published.
    """

    id: str
    title: str
    claim: str
    source: str
    controls: tuple[ControlConfig, ...]
    first: tuple[int, ...]
    sentence: str
    number: str
    counted: str
    icons: Markup
    chart: Markup
    starts: tuple[Link, ...]
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    data: dict[str, Any]
    published: str


def addresses() -> list[str]:
    """Return the address of every state that is declared, as a link writes it."""
    return [
        f"{config.id}/{address_of(options)}"
        for chapter in EXPLORERS.values()
        for config in chapter
        for options in config.states()
    ]


def make_explorers(chapter: str, sources: Mapping[str, Source]) -> tuple[Explorer, ...]:
    """Return a chapter's explorers that have states.

    Args:
        chapter: Name of the chapter.
        sources: What figures may read, by claim.
    """
    made = []
    for config in EXPLORERS.get(chapter, ()):
        source = sources.get(config.claim)
        if source is None:
            continue
        digest = source.verdict.digest
        if isinstance(config, PathsConfig):
            made.append(make_paths(config, digest))
        elif isinstance(config, ExplorerConfig):
            states = states_of(config, source)
            if address_of(config.named(config.first)) in states:
                made.append(make_explorer(config, states, digest))
    return tuple(made)


def make_explorer(config: ExplorerConfig, states: States, digest: str) -> Explorer:
    """Return an explorer of these states."""
    first = config.named(config.first)
    shown = states[address_of(first)]
    # Names and numbers in the drawings were escaped where they were drawn.
    drawn = icons(shown) if config.score.is_success and not config.layers else ""
    return _explorer(
        config,
        {address_of(o): _told(config, o, states) for o in config.states()},
        source="From the runs of",
        counted=counted(config),
        icons=Markup(drawn),  # noqa: S704
        chart=Markup(Chart(config, states, first).draw()),  # noqa: S704
        head=tuple(table_head(config)),
        rows=tuple(
            Row(
                address_of(options),
                tuple(table_row(config, options, states.get(address_of(options)))),
            )
            for options in config.states()
        ),
        published=to_json(states, digest),
    )


def make_paths(config: PathsConfig, digest: str) -> Explorer:
    """Return an explorer of walks, which are computed here."""
    paths = Paths(config)
    states = {address_of(options): options for options in config.states()}
    return _explorer(
        config,
        {at: [paths.sentence(o), paths.short(o)] for at, o in states.items()},
        source="Computed from the printed rules, as are the numbers of",
        counted=COUNTED,
        icons=Markup(""),
        # Names in the drawing were escaped where they were drawn.
        chart=Markup(paths.draw(config.named(config.first))),  # noqa: S704
        head=HEAD,
        rows=tuple(Row(at, paths.row(options)) for at, options in states.items()),
        published=paths.to_json(digest),
    )


def _explorer(
    config: ChoicesConfig, told: Mapping[str, list[Any]], **shown: Any
) -> Explorer:
    """Return an explorer, given sentence and number of every state."""
    first = config.named(config.first)
    sentence, number, *_ = told[address_of(first)]
    pairs = zip(config.controls, first, strict=True)
    return Explorer(
        id=config.id,
        title=config.question,
        claim=config.claim,
        controls=config.controls,
        first=tuple(control.options.index(option) for control, option in pairs),
        sentence=sentence,
        number=number,
        starts=tuple(
            Link(words, f"{config.id}/{address_of(config.named(options))}")
            for words, options in config.starts.items()
        ),
        data={
            "controls": [
                [[option.address, option.words] for option in control.options]
                for control in config.controls
            ],
            "panel": list(config.panel),
            "states": told,
        },
        **shown,
    )


def _told(config: ExplorerConfig, options: Options, states: States) -> list[Any]:
    """Return sentence and number of a state, and its icons."""
    state = states.get(address_of(options))
    told = [sentence(config, options, states), short(config, state)]
    return told if state is None else [*told, *icon_counts(state)]
