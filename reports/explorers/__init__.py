"""Explorers: controls that choose among stored results; nothing is interpolated.

A chapter's explorers are declared in the module of its name, and `make_explorers` fills
them from runs at hand or from what is published.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from reports.explorers.computed import ComputedConfig, computed_json
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
from reports.explorers.states import States, digest_of, states_of, to_json
from reports.explorers.words import counted, sentence, short, table_head, table_row
from reports.figures.source import Source


def _find(attribute: str) -> dict[str, Any]:
    """Return what is declared by chapter: modules with an attribute."""
    names = [found.name for found in pkgutil.iter_modules(__path__)]
    modules = {n: importlib.import_module(f"{__name__}.{n}") for n in sorted(names)}
    return {
        n: getattr(m, attribute) for n, m in modules.items() if hasattr(m, attribute)
    }


EXPLORERS: dict[str, tuple[ExplorerConfig, ...]] = _find("EXPLORERS")
"""The declared explorers of runs by chapter."""

COMPUTED: dict[str, tuple[ComputedConfig, ...]] = _find("COMPUTED")
"""The declared explorers of formulas by chapter."""

PATHS: dict[str, tuple[PathsConfig, ...]] = _find("PATHS")
"""The declared explorers of walks down landscapes by chapter."""


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
        claim: The claim that is shown.
        source: What is shown of that claim, before a link to it.
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
        for declared in (EXPLORERS, COMPUTED, PATHS)
        for chapter in declared.values()
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
        there = [sources[claim] for claim in config.claims if claim in sources]
        states = states_of(config, *there) if config.claim in sources else {}
        if address_of(config.named(config.first)) in states:
            made.append(make_explorer(config, states, digest_of(*there)))
    for computed in COMPUTED.get(chapter, ()):
        source = sources.get(computed.claim)
        if source is not None:
            made.append(make_computed(computed, source.verdict.digest))
    for paths in PATHS.get(chapter, ()):
        source = sources.get(paths.claim)
        if source is not None:
            made.append(make_paths(paths, source.verdict.digest))
    return tuple(made)


def make_computed(config: ComputedConfig, digest: str) -> Explorer:
    """Return an explorer of a formula that a claim of this rule checks."""
    states = config.computed()
    titles = [control.title for control in config.controls]
    cells = zip(config.states(), states.items(), strict=True)
    return _explorer(
        config,
        {at: [state.sentence, state.number] for at, state in states.items()},
        panel=range(len(titles)),
        source="Computed by the formulas of",
        counted=config.counted,
        # Words in the drawing were escaped where they were drawn.
        chart=Markup(config.draw(states)),  # noqa: S704
        head=(*titles, *config.head),
        rows=tuple(
            Row(at, (*(option.words for option in options), *state.cells))
            for options, (at, state) in cells
        ),
        published=computed_json(states, digest),
    )


def make_paths(config: PathsConfig, digest: str) -> Explorer:
    """Return an explorer of walks by the rules that a claim checks."""
    paths = Paths(config)
    states = {address_of(options): options for options in config.states()}
    return _explorer(
        config,
        {at: [paths.sentence(o), paths.short(o)] for at, o in states.items()},
        panel=range(len(config.controls) - 1),
        source="Computed from the printed rules, as are the numbers of",
        counted=COUNTED,
        # Names in the drawing were escaped where they were drawn.
        chart=Markup(paths.draw(config.named(config.first))),  # noqa: S704
        head=(*(control.title for control in config.controls), *HEAD),
        rows=tuple(Row(at, paths.row(options)) for at, options in states.items()),
        published=paths.to_json(digest),
    )


def make_explorer(config: ExplorerConfig, states: States, digest: str) -> Explorer:
    """Return an explorer of these states."""
    first = config.named(config.first)
    # Names and numbers in the drawings were escaped where they were drawn.
    is_counted = config.score.is_success and not config.layers
    others = f" {len(config.also)} other claims and" if config.also else ""
    drawn = icons(states[address_of(first)]) if is_counted else ""
    return _explorer(
        config,
        {address_of(o): _told(config, o, states) for o in config.states()},
        panel=config.panel,
        source="From the runs of" + others,
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


def _explorer(
    config: ChoicesConfig,
    told: dict[str, list[Any]],
    *,
    panel: Sequence[int],
    **shown: Any,
) -> Explorer:
    """Return an explorer.

    Args:
        config: What may be chosen.
        told: Sentence and number of every state, and its icons, by address.
        panel: Places of the controls that choose which part of the chart is shown.
        shown: Further fields of it.
    """
    first = config.named(config.first)
    said, number, *_ = told[address_of(first)]
    pairs = zip(config.controls, first, strict=True)
    return Explorer(
        **{"icons": Markup(), **shown},
        id=config.id,
        title=config.question,
        claim=config.claim,
        controls=config.controls,
        first=tuple(control.options.index(option) for control, option in pairs),
        sentence=said,
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
            "panel": list(panel),
            "states": told,
        },
    )


def _told(config: ExplorerConfig, options: Options, states: States) -> list[Any]:
    """Return sentence and number of a state, and its icons."""
    state = states.get(address_of(options))
    told = [sentence(config, options, states), short(config, state)]
    return told if state is None else [*told, *icon_counts(state)]
