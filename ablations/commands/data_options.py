"""How a table is read and split: options that `study` and `tune` share."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer


def _one(flag: str, what: str, metavar: str = "COLUMN") -> Any:
    """Return the type of an option that is given once."""
    return Annotated[str | None, typer.Option(flag, help=f"{what}.", metavar=metavar)]


def _several(flag: str, what: str, metavar: str = "COLUMN") -> Any:
    """Return the type of an option that may be given again and again."""
    option = typer.Option(flag, help=f"{what}; repeat.", metavar=metavar)
    return Annotated[list[str] | None, option]


DATA_OPTIONS: dict[str, Any] = {
    "drop": _several("--drop", "A column to leave out"),
    "keep": _several(
        "--keep",
        "A column to use though it looks like a name of the row, or is the time",
    ),
    "numeric": _several("--numeric", "A column of numbers, whatever it looks like"),
    "categorical": _several(
        "--categorical", "A column of classes, though it looks like numbers"
    ),
    "ordered": _several(
        "--ordered",
        "A column whose texts have an order: size=small<medium<large",
        "COLUMN=A<B<C",
    ),
    "text_is_missing": _several(
        "--text-is-missing",
        "A text that means missing, in place of NA, ?, null and the like",
        "TEXT",
    ),
    "group": _one(
        "--group", "Rows of one value of this column stay together in every split"
    ),
    "time": _one("--time", "Rows that are later in this column test"),
    "sample_weight": _one(
        "--sample-weight",
        "A column that says how much each row counts; it is no input",
    ),
    "target_transform": _one(
        "--target-transform",
        "Learn the log of a number to predict, or its quantile; none for neither",
        "NAME",
    ),
}
"""Options by name; `StudyConfig` has a field of each."""

PARAMETER = "read"
"""The parameter of a command that receives what was given of them."""


def takes_data_options(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command with all of `DATA_OPTIONS` in place of its parameter `read`."""
    signature = inspect.signature(command, eval_str=True)
    parameters: list[inspect.Parameter] = []
    for parameter in signature.parameters.values():
        if parameter.name != PARAMETER:
            parameters.append(parameter)
            continue
        parameters += [
            inspect.Parameter(name, parameter.kind, default=None, annotation=kind)
            for name, kind in DATA_OPTIONS.items()
        ]

    @functools.wraps(command)
    def called(**given: Any) -> None:
        options = {name: given.pop(name) for name in DATA_OPTIONS}
        told = {name: value for name, value in options.items() if value}
        if "ordered" in told:
            from ablations.study.command import parse_ordered

            told["ordered"] = parse_ordered(told["ordered"])
        command(**given, **{PARAMETER: told})

    called.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return called
