"""Say what a state of an explorer came to: a short number, a sentence, a table row."""

from __future__ import annotations

from typing import Any

from reports.drawing.cells import whole_percent
from reports.explorers.declared import ExplorerConfig, Options, address_of
from reports.explorers.states import State, States
from reports.figures.profiles import brief
from reports.numbers import DASH

NOT_RUN = "Nothing was run here."
VANISHED, EXPLODED = 1e-3, 1e3
"""Norm of a gradient below which, or above, it counts as vanished or exploded."""


def case_of(config: ExplorerConfig, state: State, base: State | None) -> str:
    """Return a key of `says`: what a state came to.

    Counts are `all`, `none`, `some` or, where every run diverged, `lost`. Gradients
    have `vanished`, `exploded` or `arrived` at the first layer. Numbers are `base`,
    or `more`, `less` or `same` as there; `any` without a base.
    """
    if config.layers:
        first = state.values[0]
        if first < VANISHED:
            return "vanished"
        return "exploded" if first > EXPLODED else "arrived"
    if state.won is not None:
        if state.lost == state.total and "lost" in config.says:
            return "lost"
        if state.won in (0, state.total):
            return "all" if state.won else "none"
        return "some"
    if base is None or state.mean is None or base.mean is None:
        return "any"
    if state.address == base.address:
        return "base"
    change = state.mean - base.mean
    if abs(change) < config.margin:
        return "same"
    return "more" if change > 0 else "less"


def base_of(config: ExplorerConfig, options: Options, states: States) -> State | None:
    """Return what became of the state that one is compared with, None for none."""
    base = config.base_of(options)
    return None if base is None else states.get(address_of(base))


def sentence(config: ExplorerConfig, options: Options, states: States) -> str:
    """Say what became of a state, in at most 25 words and two numbers."""
    state = states.get(address_of(options))
    if state is None:
        return NOT_RUN
    base = base_of(config, options, states)
    template = config.says[case_of(config, state, base)]
    fields: dict[str, Any] = {
        control.key: option.words
        for control, option in zip(config.controls, options, strict=True)
    }
    fields |= {
        "choices": choices(config, options),
        "won": f"{state.won or 0:,}",
        "total": f"{state.total:,}",
        "percent": _in_words(_share(state)),
    }
    if state.mean is not None:
        fields["mean"] = _in_words(whole_percent(state.mean))
        if base is not None and base.mean is not None:
            fields["change"] = f"{100 * abs(state.mean - base.mean):.2g}"
    if config.layers:
        fields["first"] = brief(state.values[0])
    told = template.format_map(fields)
    if config.layers and state.won is not None:
        told += {0: " Trained, none learns.", state.total: " Trained, all learn."}.get(
            state.won, " Trained, {won} of {total} learn.".format_map(fields)
        )
    # A number and its sign stay on one line.
    return (told[:1].upper() + told[1:]).replace(" %", "\N{NO-BREAK SPACE}%")


def choices(config: ExplorerConfig, options: Options) -> str:
    """Say which switches are on."""
    pairs = zip(config.controls, options, strict=True)
    switches = [(c, o) for c, o in pairs if c.kind == "switch"]
    on = [option.words for control, option in switches if option == control.options[1]]
    if len(on) == len(switches):
        return "all of them"
    if not on:
        return "none of them"
    *most, last = on
    return f"{', '.join(most)} and {last}" if most else last


def short(config: ExplorerConfig, state: State | None) -> str:
    """Write the number of a state in a word or three."""
    if state is None:
        return DASH
    if config.layers:
        return brief(state.values[0])
    if state.won is None:
        return DASH if state.mean is None else f"{100 * state.mean:.1f} %"
    if state.lost == state.total and "lost" in config.says:
        return "all diverge"
    if state.total > 100:
        return _share(state)
    return f"{state.won:,} of {state.total:,}"


def _in_words(share: str) -> str:
    """Write a share that is next to nothing or to all without a sign."""
    return share.replace("< ", "less than ").replace("> ", "more than ")


def _share(state: State) -> str:
    return whole_percent((state.won or 0) / state.total)


def counted(config: ExplorerConfig) -> str:
    """Say what the short number of a state is of."""
    if config.layers:
        return "Gradient at the first layer"
    if config.score.is_success:
        return f"Runs that {config.score.words.partition(' after')[0]}"
    return f"Mean {config.axis.partition(',')[0]}"


def table_head(config: ExplorerConfig) -> list[str]:
    """Return the heads of the table of all states."""
    titles = [control.title for control in config.controls]
    if config.layers:
        return [*titles, counted(config), "At the last", "Learn when trained"]
    if config.score.is_success:
        told = [*titles, counted(config)]
        return [*told, f"Mean {config.measure}"] if config.measure else told
    return [*titles, "Runs", counted(config), "Lowest", "Highest"]


def table_row(
    config: ExplorerConfig, options: Options, state: State | None
) -> list[str]:
    """Return a state's row of the table, dashes where nothing was run."""
    cells = [
        _cell(control.kind, option.words, option == control.options[1])
        for control, option in zip(config.controls, options, strict=True)
    ]
    if state is None:
        return cells + [DASH] * (len(table_head(config)) - len(cells))
    mean = DASH if state.mean is None else f"{100 * state.mean:.1f} %"
    if config.layers:
        learn = DASH if state.won is None else f"{state.won:,} of {state.total:,}"
        return [*cells, brief(state.values[0]), brief(state.values[-1]), learn]
    if config.score.is_success:
        told = [*cells, f"{state.won:,} of {state.total:,}"]
        return [*told, mean] if config.measure else told
    ends = [f"{100 * value:.1f} %" for value in state.values[:: len(state.values) - 1]]
    return [*cells, f"{state.total:,}", mean, *ends]


def _cell(kind: str, words: str, is_on: bool) -> str:
    if kind != "switch":
        return words
    return "on" if is_on else "off"
