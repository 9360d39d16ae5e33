"""Choose what the texts of a column are: numbers, truth values, dates or classes.

The rules, in their order; shares are of the rows whose text is not missing.

1. Two texts that say yes and no are truth values, and so are more spellings of them
   that belong together ("Yes", "y", "No", "n").
2. Whole numbers of one length, of which at least 1 % begin with a zero, are codes, that
   is classes, unless they can be months, days or minutes (two digits up to 59) or
   hours and minutes (0830); so are those of several lengths of which most begin with
   one, numbers with a plus and at least seven digits, and all whole numbers in a column
   of type text of a table that has types for numbers.
3. Texts are numbers if all are, or if at least 90 % are and over 20 are different.
4. They are dates, times of day or durations if at least 90 % are.
5. They are numbers with a unit, if all are; numbers and bounds ("<0.5"), if all are, at
   least half of the rows are plain numbers, and these have 6 different values; or, if
   over 20 numbers are different, at least 90 % of the rows or, where the others are at
   most 5 different words (without digits, if all numbers are whole), at least half.
6. All others are classes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from ablations.study.table.texts import (
    FALSE_TEXTS,
    SPELLINGS,
    TRUE_TEXTS,
    Reading,
    truth,
)
from ablations.study.table.times import (
    count_dates,
    find_times,
    other_order,
    split_zone,
)
from ablations.study.table.written import (
    Numbers,
    find_numbers,
    is_known_unit,
    split_number,
)

LEAST_SHARE = 0.9
"""A column is read as numbers if at least this share of its values are."""

MAX_CLASS_TEXTS = 20
"""Up to so many different texts, not all of them numbers, are classes ("1", "2+")."""

LEAST_PLAIN = 0.5
"""Beside bounds and words, at least this share of the rows must be plain numbers."""

LEAST_BOUNDED = 6
"""With fewer different numbers, numbers and bounds are classes ("1", "2", "3+")."""

MAX_WORDS = 5
"""Beside many numbers, so many different words may be missing values."""

LEAST_PADDED = 0.01
"""Numbers are codes if at least this share of them begins with a zero."""

MOST = 0.5
"""Whole numbers of several lengths are codes if at least this share begins with one."""

LARGEST_OF_TWO = 59
"""Two digits up to here are months, days, hours or minutes, which are numbers."""

_CODE = re.compile(r"\d{2,}")
_HOURS_MINUTES = re.compile(r"([01]\d|2[0-3])[0-5]\d")
_PHONE = re.compile(r"\+\d{7,15}")


def choose_reading(
    different: list[str],
    counts: np.ndarray,
    missing: tuple[str, ...] | None = None,
    *,
    numbers_are_text: bool = False,
    decimal_comma: bool = False,
) -> Reading:
    """Choose how texts are read, by the rules above.

    Args:
        different: Texts, each once.
        counts: Number of rows of each.
        missing: Texts that are missing; None for the usual ones.
        numbers_are_text: Whether texts of digits are codes, as the type of the column
            is text although its table has types for numbers.
        decimal_comma: Whether a comma that could be either is the decimal point.
    """
    usual = Reading("numeric", missing=missing)
    known = [i for i, text in enumerate(different) if not usual.is_missing(text)]
    texts, counts = [different[i] for i in known], counts[known]
    classes = Reading("categorical", missing=missing)
    if not texts:
        # Only "none" or "unknown": a class of its own, for what else is missing.
        return classes if different else usual
    if are_truths(texts):
        return Reading("boolean", missing=missing)
    total = counts.sum()
    found = find_numbers(texts, counts, decimal_comma=decimal_comma)
    plain = counts[found.plain].sum()
    if are_codes(texts, counts):
        return classes
    if plain == total or (
        len(texts) > MAX_CLASS_TEXTS and plain >= LEAST_SHARE * total
    ):
        if numbers_are_text and all(map(str.isdecimal, texts)):
            return classes
        return _numbers(found, missing)
    times = find_times(texts, counts)
    if times is not None and times.date_format:
        other = other_order(times.date_format)
        swapped = bool(other) and count_dates(texts, counts, other) >= times.num_rows
        return Reading(
            "date",
            date_format=times.date_format,
            day_or_month=swapped,
            missing=missing,
        )
    if times is not None:
        return Reading("numeric", style=times.style, missing=missing)
    if _are_written_numbers(texts, counts, found):
        return _numbers(found, missing)
    return classes


def numbers_reading(
    different: list[str],
    counts: np.ndarray,
    missing: tuple[str, ...] | None,
    *,
    decimal_comma: bool = False,
) -> Reading:
    """Return how texts are read that the user calls numbers."""
    usual = Reading("numeric", missing=missing)
    known = [i for i, text in enumerate(different) if not usual.is_missing(text)]
    texts, counts = [different[i] for i in known], counts[known]
    found = find_numbers(texts, counts, decimal_comma=decimal_comma)
    times = find_times(texts, counts) if texts and not found.read.any() else None
    if times is not None and not times.date_format:
        return Reading("numeric", style=times.style, missing=missing)
    return _numbers(found, missing)


def _numbers(found: Numbers, missing: tuple[str, ...] | None) -> Reading:
    return Reading("numeric", style=found.style, units=found.units, missing=missing)


def _are_written_numbers(
    texts: Sequence[str], counts: np.ndarray, found: Numbers
) -> bool:
    """Return whether texts are numbers by the fifth rule."""
    total, read = counts.sum(), counts[found.read].sum()
    exact = found.read & ~found.bounds
    if counts[exact].sum() < LEAST_PLAIN * total:
        return False
    num_exact = int(exact.sum())
    if read == total:
        return num_exact >= LEAST_BOUNDED or not found.bounds.any()
    if num_exact <= MAX_CLASS_TEXTS:
        return False
    words = [texts[i] for i in np.flatnonzero(~found.read).tolist()]
    with_digits = any(one.isdecimal() for word in words for one in word)
    numbers = [texts[i] for i in np.flatnonzero(found.plain).tolist()]
    are_whole = all(map(str.isdecimal, numbers))
    few = len(words) <= MAX_WORDS and not (with_digits and are_whole)
    return bool(read >= LEAST_SHARE * total or few)


def are_truths(texts: Sequence[str]) -> bool:
    """Return whether texts are truth values, by the first rule."""
    words = {text.lower() for text in texts}
    belong = len(words) == 2 or any(words <= spellings for spellings in SPELLINGS)
    return (
        belong
        and words <= TRUE_TEXTS | FALSE_TEXTS
        and len({truth(word) for word in words}) == 2
    )


def are_codes(texts: Sequence[str], counts: np.ndarray) -> bool:
    """Return whether texts are codes of digits, by the second rule."""
    total = counts.sum()
    if all(map(_PHONE.fullmatch, texts)):
        return True
    digits = np.array([bool(_CODE.fullmatch(text)) for text in texts], bool)
    lengths = np.array([len(text) for text in texts])
    if not digits.any():
        return False
    padded = digits & np.array([text.startswith("0") for text in texts], bool)
    long = padded & (lengths > 2)
    if digits.all() and np.ptp(lengths) and counts[long].sum() >= MOST * total:
        return True
    usual = int(np.bincount(lengths[digits], counts[digits]).argmax())
    digits &= lengths == usual
    padded &= digits
    if counts[digits].sum() < LEAST_SHARE * total or (
        counts[padded].sum() < LEAST_PADDED * total
    ):
        return False
    codes = [text for text, is_code in zip(texts, digits, strict=True) if is_code]
    if usual == 4:
        return not all(map(_HOURS_MINUTES.fullmatch, codes))
    return usual > 2 or max(map(int, codes)) > LARGEST_OF_TWO


def unlike_units(texts: Sequence[str], counts: np.ndarray) -> tuple[str, ...]:
    """Return the units of a column of classes that are numbers in several units.

    That are texts of which at least 90 % of the rows are written numbers, in units that
    are known but cannot be turned into each other; of each unit one text is given.
    """
    parts = [split_number(text) for text in texts]
    written = np.array([part is not None for part in parts], bool)
    units = {part.unit: text for part, text in zip(parts, texts, strict=True) if part}
    too_few = counts[written].sum() < LEAST_SHARE * counts.sum() or len(units) < 2
    if too_few or not all(map(is_known_unit, units)):
        return ()
    return tuple(units.values())


def zones(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the different time zones that texts end in."""
    found = dict.fromkeys(split_zone(text)[1] for text in texts)
    return tuple(zone for zone in found if zone)
