"""What the user says of columns: what they hold, and which texts are missing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from ablations.study.table.columns import Column, Said, Spoken
from ablations.study.table.note import quote, quote_all
from ablations.study.table.source import Table
from models.config import requirement

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Told:
    """What is said of every column.

    Attributes:
        columns: What the user said of a column, by its name.
        others: What holds for all others.
    """

    columns: Mapping[str, Said] = field(default_factory=dict)
    others: Said = field(default_factory=Said)

    def of(self, name: str) -> Said:
        """Return what is said of a column."""
        return self.columns.get(name, self.others)


@dataclass(frozen=True)
class HowToRead:
    """What the user says of columns, under the names that they have for them.

    Attributes:
        numeric: Columns that hold numbers, whatever they look like; of the target,
            that is a regression.
        categorical: Columns that hold classes, though they look like numbers.
        ordered: Levels of columns whose texts have an order; they become 0, 1, 2 ...
        text_is_missing: The texts that are missing, beside the empty one; None takes
            the usual ones, such as "NA", "?" and "null".
    """

    numeric: Sequence[Any] = ()
    categorical: Sequence[Any] = ()
    ordered: Mapping[Any, Sequence[str]] = field(default_factory=dict)
    text_is_missing: Sequence[str] | None = None

    @classmethod
    def of(cls, settings: Any) -> HowToRead:
        """Return what settings say that have fields of these names."""
        kinds = (settings.numeric, settings.categorical, settings.ordered)
        return cls(*kinds, settings.text_is_missing)

    @classmethod
    def arguments(cls, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return options of a command as arguments of `load_dataset`."""
        said = {one.name for one in fields(cls)}
        how = cls(**{k: value for k, value in options.items() if k in said})
        return {k: v for k, v in options.items() if k not in said} | {"how": how}

    def tell(
        self,
        find: Callable[[str, Any], str],
        dropped: Collection[str],
        table: Table,
    ) -> Told:
        """Return what is said of the columns of a table.

        Args:
            find: Returns the name of a column, given the option and what was typed.
            dropped: Names of columns that are not used.
            table: The table.

        Raises:
            ConfigError: If a column is not there, is left out or is said to be two
                things, or if levels are fewer than two, repeated or missing.
        """
        texts, decimal_comma = None, table.decimal_comma
        if self.text_is_missing is not None:
            texts = tuple(text.strip() for text in self.text_is_missing)
        said: list[tuple[Spoken, Any, Sequence[str]]] = []
        said += [("numeric", column, ()) for column in self.numeric]
        said += [("categorical", column, ()) for column in self.categorical]
        said += [("ordered", column, told) for column, told in self.ordered.items()]
        columns: dict[str, Said] = {}
        for option, column, told in said:
            name = find(option, column)
            if name in dropped:
                must = "must not name a column that is left out"
                raise requirement(option, must, name)
            before = columns.get(name)
            if before is not None and before.kind != option:
                must = f"must not name a column that `{before.kind}` names, too"
                raise requirement(option, must, name)
            levels = tuple(str(level).strip() for level in told)
            if option == "ordered":
                _check_levels(name, levels, texts)
            columns[name] = Said(option, levels, texts, decimal_comma=decimal_comma)
        typed = is_typed(table.frame)
        return Told(columns, Said(None, (), texts, typed, decimal_comma))


def is_typed(frame: pd.DataFrame) -> bool:
    """Return whether a table has a column of a type that is not text or any object."""
    import pandas as pd

    return any(
        not (pd.api.types.is_object_dtype(dtype) or pd.api.types.is_string_dtype(dtype))
        for dtype in frame.dtypes
    )


def _check_levels(
    name: str, levels: tuple[str, ...], missing: tuple[str, ...] | None
) -> None:
    who = f"of {quote(name)}"
    if len(levels) < 2 or len(set(levels)) < len(levels) or not all(levels):
        must = f"must give at least two levels {who}, all different"
        raise requirement("ordered", must, levels)
    both = set(levels) & set(missing or ())
    if both:
        must = f"must not give as a level {who} what `text_is_missing` names, too"
        raise requirement("ordered", must, sorted(both)[0])


def check_said(name: str, column: Column, said: Said) -> None:
    """Check that a column holds what the user says.

    Raises:
        ConfigError: If not one cell is a number, or a cell is none of the levels.
    """
    if said.kind == "numeric" and (
        column.reading.kind != "numeric" or not column.values.notna().any()
    ):
        kind = {"date": "dates", "boolean": "truth values"}.get(column.reading.kind)
        seen = quote_all(column.unreadable[:4]) or kind or "no values"
        must = f"must name a column of numbers, which {quote(name)} is not"
        raise requirement("numeric", must, seen)
    if said.kind == "ordered" and column.unreadable:
        must = (
            f"must give all levels of {quote(name)}, as {quote_all(said.levels)} are"
            f" not; also there: {quote_all(column.unreadable)}"
        )
        raise requirement("ordered", must, said.levels)
