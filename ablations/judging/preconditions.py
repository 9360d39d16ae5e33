"""Refuse to judge runs that cannot answer: unequal, unpaired, untrained, unseeded.

Each check returns one sentence that says what is wrong, or None. What is missing
altogether is left to `Case.scores`, which says how much is there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from ablations.evidence.scores import score
from ablations.judging.case import SMALLEST_NUM_RUNS, Case
from ablations.judging.chance import chance_level
from ablations.judging.held_out import leaked_share, part_of
from ablations.judging.side import Side, side_of
from ablations.judging.wording import percent, points
from ablations.protocol.arm import TUNING_SEEDS_START
from ablations.protocol.kinds.comparison import Comparison
from ablations.protocol.kinds.time_to_target import TimeToTarget
from ablations.protocol.prediction import Prediction
from ablations.stats.paired import paired_mean_difference
from ablations.store.table import RunTable

MOST_LEAKED = 0.1
"""Share of validation rows that may also be training rows, by coincidence."""

SIGNS_SEED = 0

ROOM = {"greater": 1, "less": 0}
"""Directions that need room, and the end of the score's range that bounds them."""


def unmet_precondition(prediction: Prediction, case: Case) -> str | None:
    """Return why these runs cannot judge a prediction, or None if they can.

    Args:
        prediction: The prediction.
        case: Its runs.
    """
    named = prediction.reads()
    if not named:
        return None
    sides = [side_of(case, arm, config) for arm, config in named]
    there = [side for side in sides if side is not None]
    if len(there) < len(sides):
        return None
    checks: Sequence[Callable[[Prediction, Sequence[Side]], str | None]] = (
        _budgets_differ,
        _trials_differ,
        _data_differ,
        _data_leak,
        _seeds_repeat,
        _pairs_are_incomplete,
        _seeds_were_tuned_on,
        _seeds_are_ignored,
        _nothing_learned,
    )
    for check in checks:
        reason = check(prediction, there)
        if reason is not None:
            return reason
    return None


def no_room(prediction: Prediction, case: Case) -> str | None:
    """Return why a difference could not be seen whatever it is, or None if it could.

    Where a score has a largest or a smallest number, the control must leave room for
    twice the margin on the side that is predicted.
    """
    if not isinstance(prediction, Comparison) or prediction.direction not in ROOM:
        return None
    if prediction.treatment == prediction.control:  # two readings of the same runs
        return None
    config = prediction.control_score or prediction.score
    if config.range is None or prediction.margin == 0.0:
        return None
    side = side_of(case, prediction.control, config)
    values = np.zeros(0) if side is None else score(side.table, config)
    if not np.isfinite(values).any():
        return None
    end = config.range[ROOM[prediction.direction]]
    mean = float(np.mean(values[np.isfinite(values)]))
    room = abs(end - mean)
    if room >= 2 * prediction.margin:
        return None
    return (
        f"No room: {prediction.control.name} is at {percent(mean)}, which leaves"
        f" {points(room)[1:]} points where twice {points(prediction.margin)[1:]} would"
        " have to fit."
    )


def machine_mixture(tables: Sequence[RunTable]) -> str:
    """Say in a sentence in what the machines differ that made runs; empty if in none.

    Args:
        tables: The runs of the arms of one claim.
    """
    machines = [machine for table in tables for machine in table.machines]
    names = dict.fromkeys(name for machine in machines for name in machine)
    parts = []
    for name in names:
        values = dict.fromkeys(str(machine.get(name, "none")) for machine in machines)
        if len(values) > 1:
            parts.append(f"{name} {' and '.join(values)}")
    return f"The runs come from unlike machines: {'; '.join(parts)}." if parts else ""


def _on_purpose(prediction: Prediction, what: str) -> bool:
    """Return whether a prediction says that its arms differ in this."""
    return what in prediction.differs_in


def _budgets_differ(prediction: Prediction, sides: Sequence[Side]) -> str | None:
    """Ask for equal updates or equal passes over the data.

    Scores of one's own that name their numbers of updates say so on purpose, as a
    comparison of an arm with itself at two times does.
    """
    scores = {side.score for side in sides}
    named = len(scores) > 1 and all(side.score.at is not None for side in sides)
    if named or _on_purpose(prediction, "budget"):
        return None
    if isinstance(prediction, TimeToTarget):  # it gives the budget itself
        return None
    if len({side.arm for side in sides}) == 1:
        return None
    # Runs that update nothing, such as a forest, have no budget to compare.
    updating = [side for side in sides if side.num_updates is not None]
    for one, other in pairwise(updating):
        seen = one.num_rows_seen, other.num_rows_seen
        alike = one.num_updates == other.num_updates or (
            None not in seen and seen[0] == seen[1]
        )
        if not alike:
            return (
                f"The budgets differ: {one.arm} is read after {one.num_updates:,}"
                f" updates and {other.arm} after {other.num_updates:,}."
            )
    return None


def _trials_differ(prediction: Prediction, sides: Sequence[Side]) -> str | None:
    """Ask for as many tuning runs, or settings where runs choose for themselves."""
    if _on_purpose(prediction, "tuning"):
        return None
    choosing = any(side.config.count_settings() > 1 for side in sides)
    for one, other in pairwise(sides):
        if choosing:
            if one.num_settings != other.num_settings:
                return (
                    f"The tuning differs: {one.num_settings:,} settings were tried for"
                    f" {one.arm} and {other.num_settings:,} for {other.arm}."
                )
        elif one.num_trials != other.num_trials:
            return (
                f"The tuning differs: {one.num_trials:,} runs chose the learning rate"
                f" of {one.arm} and {other.num_trials:,} that of {other.arm}."
            )
    return None


def _data_differ(prediction: Prediction, sides: Sequence[Side]) -> str | None:
    if _on_purpose(prediction, "data"):
        return None
    for one, other in pairwise(sides):
        if _digest(one) != _digest(other):
            return f"{one.arm} and {other.arm} were trained on different data."
    return None


def _digest(side: Side) -> str:
    """Return the digest of the rows; runs that make their own share them by kind."""
    return "" if side.task is None else side.task.digest


def _data_leak(prediction: Prediction, sides: Sequence[Side]) -> str | None:
    for side in sides:
        part = part_of(side.score.quantity)
        if part == "train" or side.task is None:
            continue
        share = leaked_share(side.task, part)
        if share > MOST_LEAKED:
            name = "validation" if part == "val" else "test"
            return (
                f"{100 * share:.0f} % of the {name} rows of {side.arm} are"
                " training rows."
            )
    return None


def _seeds_repeat(prediction: Prediction, sides: Sequence[Side]) -> str | None:
    for side in sides:
        repeated = len(side.table) - len(np.unique(side.table.seeds))
        if repeated:
            return f"{repeated:,} runs of {side.arm} repeat a seed."
    return None


def _pairs_are_incomplete(prediction: Prediction, sides: Sequence[Side]) -> str | None:
    """Ask that every seed of the smallest arm was run in all arms."""
    wanted = min(side.num_wanted for side in sides)
    first = sides[0]
    for side in sides:
        if len(side.table) < side.num_wanted:
            return None  # `Case.scores` says how many are missing
        mine, theirs = (np.sort(x.table.seeds)[:wanted] for x in (side, first))
        if not np.array_equal(mine, theirs):
            num_pairs = len(np.intersect1d(mine, theirs))
            return (
                f"Only {num_pairs:,} of {wanted:,} seeds of {side.arm} were also run"
                f" in {first.arm}."
            )
    return None


def _seeds_were_tuned_on(prediction: Prediction, sides: Sequence[Side]) -> str | None:
    for side in sides:
        tuned_on = int((side.table.seeds >= TUNING_SEEDS_START).sum())
        if tuned_on:
            return (
                f"{tuned_on:,} runs of {side.arm} have seeds that are kept for tuning."
            )
    return None


def _seeds_are_ignored(prediction: Prediction, sides: Sequence[Side]) -> str | None:
    """Ask that runs of different seeds differ somewhere, where chance enters them.

    Outcomes that are all 0 or 1 may well agree, and so may counts, and runs that have
    no number at all; numbers that all agree in every digit, everywhere, were not drawn.
    """
    for side in sides:
        ok = side.table.select(side.table.status == "ok")
        if len(ok) < SMALLEST_NUM_RUNS or not side.config.is_random(side.task):
            continue
        counted = {f"curve.{name}" for name in side.config.counted_metrics()}
        drawn = {name: array for name, array in ok.arrays.items() if name != "steps"}
        same = all(
            np.array_equal(array[1:], array[:-1], equal_nan=array.dtype.kind == "f")
            for array in drawn.values()
        )
        measured = any(
            (np.isfinite(array[0]) & ~np.isin(array[0], (0, 1))).any()
            for name, array in drawn.items()
            if name not in counted
        )
        if same and measured:
            return (
                f"The seed is ignored: all {len(ok):,} runs of {side.arm} are the same"
                " in every digit."
            )
    return None


def _nothing_learned(prediction: Prediction, sides: Sequence[Side]) -> str | None:
    """Ask that one arm, on average, beats the best constant answer.

    Scores that chance has no level of, and scores before the first update, are let
    through.
    """
    if not prediction.needs_learning:
        return None
    if any(side.score.at == 0 or side.score.is_success for side in sides):
        return None
    best = None
    for side in sides:
        best = chance_level(side)
        if best is None or _beats(side, *best):
            return None
    return best and (
        "No arm learned: none does better on average than the best constant answer,"
        f" {sides[-1].score.quantity.replace('_', ' ')} {best[0]:.4g}."
    )


def _beats(side: Side, chance: float, sign: int) -> bool:
    """Return whether the mean score of the runs is surely better than chance."""
    values = score(side.table, side.score)
    values = values[np.isfinite(values)]
    if not len(values):
        return False
    gains = sign * (values - chance)
    rng = np.random.default_rng(SIGNS_SEED)
    return paired_mean_difference(gains, rng=rng).low > 0.0
