"""Read dates, times of day and durations as people write them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np

DATE_FORMATS = (
    "ISO8601",
    "%Y/%m/%d",
    "%d.%m.%Y",
    "%d.%m.%y",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%m/%d/%y",
    "%d/%m/%y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%b %d, %Y",
    "%B %d, %Y",
)
"""Formats of a date; each but the first also with a time after it."""

TIME_FORMATS = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
SWAPPED_FORMATS = {
    "%m/%d/%Y": "%d/%m/%Y",
    "%d/%m/%Y": "%m/%d/%Y",
    "%m/%d/%y": "%d/%m/%y",
    "%d/%m/%y": "%m/%d/%y",
    "%m-%d-%Y": "%d-%m-%Y",
    "%d-%m-%Y": "%m-%d-%Y",
}
NUM_TRIED = 50
"""Number of different texts on which the formats of dates are tried first."""

CLOCK = "time of day"
"""Stands for the format of a date: the time since midnight, on the first of 1970."""

LEAST_SHARE = 0.9
"""A column is of dates or times if at least this share of its rows are."""

_DATE = re.compile(r"\d.*[-/. ].*\d")
_ZONE = re.compile(
    r"(?P<time>:\d{2}(?:[.,]\d+)?(?: ?[ap]\.?m\.?)?)\s*"
    r"(?P<zone>Z|[+-]\d{2}(?::?\d{2})?|(?!am|pm)[A-Z]{3,4})(?:\[[\w/+-]+\])?",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?P<sign>-)?(?:(?P<days>\d+) days?,? \+?)?"
    r"(?P<first>\d{1,4})[:h](?P<second>[0-5]\d)(?::(?P<third>[0-5]\d))?"
    r"(?P<fraction>[.,]\d+)?(?: ?(?P<half>[ap])\.?m\.?| ?h)?"
    r"|(?P<hour>\d{1,2}) ?(?P<noon>[ap])\.?m\.?",
    re.IGNORECASE,
)
_DAY = 86_400.0


DurationStyle = Literal["clock", "timer"]


class Times(NamedTuple):
    """How the dates, times of day or durations of a column are written.

    Attributes:
        date_format: As `strptime` has it, "ISO8601" or `CLOCK`; "" for durations.
        style: How two numbers of a duration are read: "clock" as hours and minutes,
            "timer" as minutes and seconds.
        num_rows: Number of rows that can be read so.
    """

    date_format: str
    style: DurationStyle
    num_rows: int


def split_zone(text: str) -> tuple[str, str]:
    """Return a time without its zone, and the zone, "" if it has none."""
    found = _ZONE.search(text)
    if found is None or found.end() != len(text):
        return text, ""
    zone = found["zone"] if found["zone"].isupper() or found["zone"][0] in "+-" else ""
    return text[: found.start()] + found["time"], zone


def _without_zone(text: str) -> str:
    """Return a time of day without its zone; after a minus stands another time."""
    plain, zone = split_zone(text)
    return text if zone.startswith("-") else plain


def find_times(texts: Sequence[str], counts: np.ndarray) -> Times | None:
    """Return how most of the texts say dates, times of day or durations, or None.

    Args:
        texts: Different texts [N].
        counts: Number of rows of each [N].
    """
    total = int(counts.sum())
    for found in (_find_dates(texts, counts), _find_clock(texts, counts)):
        if found.num_rows >= LEAST_SHARE * total:
            return found
    return None


def parse_dates(texts: Sequence[str], date_format: str) -> Sequence[Any]:
    """Return a time for every text, NaT where it is written otherwise.

    Of a time with a zone, that is the time that the clock there showed.
    """
    import pandas as pd

    if date_format == CLOCK:
        return [_time_of_day(text) for text in texts]
    plain = [split_zone(text)[0] for text in texts]
    times = pd.to_datetime(
        pd.Series(plain, dtype=object), format=date_format, errors="coerce", utc=True
    )
    return list(times.dt.tz_convert(None))


def parse_duration(text: str, style: str) -> float | None:
    """Return a duration in days, None if the text says none."""
    seconds = _seconds(_without_zone(text), style)
    return None if seconds is None else seconds / _DAY


def other_order(date_format: str) -> str:
    """Return the format with day and month the other way round, "" if there is none."""
    for day, other in SWAPPED_FORMATS.items():
        if date_format.startswith(day):
            return other + date_format.removeprefix(day)
    return ""


def count_dates(texts: Sequence[str], counts: np.ndarray, date_format: str) -> int:
    """Return the number of rows whose text is a date of that format."""
    import pandas as pd

    read = [one is not pd.NaT for one in parse_dates(texts, date_format)]
    return int(counts[np.array(read, bool)].sum())


def _find_dates(texts: Sequence[str], counts: np.ndarray) -> Times:
    """Return the format of dates that reads the most rows, and how many."""
    sample = np.linspace(0, len(texts) - 1, min(len(texts), NUM_TRIED)).astype(int)
    tried = [texts[i] for i in sample]
    like_dates = sum(bool(_DATE.search(text)) for text in tried)
    best, most = "", 0
    if like_dates < LEAST_SHARE * len(tried):
        return Times(best, "clock", most)
    for day in DATE_FORMATS:
        for time in TIME_FORMATS if day != "ISO8601" else ("",):
            if count_dates(tried, counts[sample], day + time) == 0:
                continue
            share = count_dates(texts, counts, day + time)
            if share > most:
                best, most = day + time, share
    return Times(best, "clock", most)


def _find_clock(texts: Sequence[str], counts: np.ndarray) -> Times:
    """Return whether texts are times of day or durations, and how many rows are.

    Two numbers are minutes and seconds, not hours and minutes, where the first is over
    24 or the second has a fraction. Times that all lie within one day are of the day.
    """
    plain = [_without_zone(text) for text in texts]
    found = [_CLOCK.fullmatch(text) for text in plain]
    pairs = [one for one in found if one and one["first"] and not one["third"]]
    is_timer = any(
        one["fraction"] or (int(one["first"]), int(one["second"])) > (24, 0)
        for one in pairs
    )
    style: DurationStyle = "timer" if is_timer else "clock"
    seconds = [_seconds(text, style) for text in plain]
    read = np.array([one is not None for one in seconds], bool)
    num_rows = int(counts[read].sum())
    of_day = style == "clock" and not any(one and one["days"] for one in found)
    known = [one for one in seconds if one is not None]
    if of_day and known and min(known) >= 0 and max(known) <= _DAY:
        return Times(CLOCK, style, num_rows)
    return Times("", style, num_rows)


def _seconds(text: str, style: str) -> float | None:
    """Return the seconds that a time of day or a duration has, None if it is none."""
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    hour, half = found["hour"] or found["first"], found["half"] or found["noon"]
    parts = [int(hour), int(found["second"] or 0), int(found["third"] or 0)]
    if half:
        if not 1 <= parts[0] <= 12:
            return None
        parts[0] = parts[0] % 12 + 12 * (half in "pP")
    if style == "timer" and not found["third"]:
        parts = [0, *parts[:2]]
    seconds = 3600.0 * parts[0] + 60.0 * parts[1] + parts[2]
    seconds += float((found["fraction"] or ".0").replace(",", "."))
    seconds += _DAY * int(found["days"] or 0)
    return -seconds if found["sign"] else seconds


def _time_of_day(text: str) -> Any:
    """Return a time on the first day of 1970, NaT where the text says none."""
    import pandas as pd

    seconds = _seconds(_without_zone(text), "clock")
    if seconds is None or not 0 <= seconds <= _DAY:
        return pd.NaT
    return datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds % _DAY)
