"""Draw how arms rank over several tasks, and which ranks chance may explain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from ablations.protocol.kinds import League
from ablations.stats.league import critical_distance
from reports.drawing.dots import draw_interval
from reports.drawing.palette import BLUE, GRID, MUTED
from reports.drawing.picture import SMALL, WIDTH, Picture, new_figure, style, to_svg
from reports.figures.source import Source, names_apart, number_of
from reports.numbers import hundredths

NAME = "league_ranks"
BLOCK, AXIS = "task", "depth"
"""What leagues are held on, and along what the last of several sets is drawn."""

LEFT, RIGHT, TOP, BOTTOM, ROW = 96.0, 14.0, 30.0, 50.0, 34.0
CONFIDENCE = 0.95
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")


@dataclass(frozen=True)
class Ranks:
    """The ranks of arms on tasks, which are the unit.

    Attributes:
        arms: Names of the arms, the best first `[M]`.
        star: The arm that is predicted to be the best.
        tasks: Names of the tasks `[B]`.
        ranks: Mean rank of each arm over the seeds of each task `[B, M]`; 1 is best.
        num_seeds: Seeds on each task.
        where: What the networks of all leagues share, in words.
    """

    arms: tuple[str, ...]
    star: str
    tasks: tuple[str, ...]
    ranks: np.ndarray
    num_seeds: int
    where: str

    @property
    def means(self) -> np.ndarray:
        """Mean rank of each arm over the tasks `[M]`."""
        return self.ranks.mean(axis=0)

    @property
    def reach(self) -> float:
        """Half a 95 % interval over one standard error of a mean of these tasks."""
        return float(special.stdtrit(len(self.tasks) - 1, 0.5 + CONFIDENCE / 2))

    @property
    def halves(self) -> np.ndarray:
        """Half the 95 % interval of each mean over the tasks `[M]`."""
        spread = self.ranks.std(axis=0, ddof=1)
        return self.reach * spread / np.sqrt(len(self.tasks))

    @property
    def distance(self) -> float:
        """By how much two mean ranks must differ to be told apart."""
        return critical_distance(len(self.arms), len(self.tasks))

    def told(self, sign: float) -> list[str]:
        """Return the arms that surely rank behind the star, or before it."""
        star = self.means[self.arms.index(self.star)]
        ahead = sign * (self.means - star) > self.distance
        return [arm for arm, is_told in zip(self.arms, ahead, strict=True) if is_told]


def read(source: Source) -> Ranks | None:
    """Return the ranks in the deepest networks; None for fewer than two tasks."""
    found: dict[float, dict[str, tuple[League, dict[str, float], int]]] = {}
    for outcome in source.judged:
        prediction = source.prediction(outcome)
        if not isinstance(prediction, League) or prediction.best is None:
            continue
        ranks = outcome.details.get("mean_ranks")
        if ranks is None:
            continue
        best = prediction.best
        by_arm = dict(zip(names_apart(prediction.ranked), ranks, strict=True))
        leagues = found.setdefault(number_of(best, AXIS) or 0.0, {})
        leagues[str(best.levels.get(BLOCK, outcome.label))] = (
            prediction,
            by_arm,
            outcome.n,
        )
    if not found or len(leagues := found[max(found)]) < 2:
        return None
    first, by_arm, num_seeds = next(iter(leagues.values()))
    table = np.array([[by[arm] for arm in by_arm] for _, by, _ in leagues.values()])
    order = np.argsort(table.mean(axis=0), kind="stable")
    names = tuple(by_arm)
    star = names[first.ranked.index(first.best)] if first.best else names[0]
    depth = max(found)
    return Ranks(
        arms=tuple(names[arm] for arm in order),
        star=star,
        tasks=tuple(leagues),
        ranks=table[:, order],
        num_seeds=num_seeds,
        where=f"networks of {depth:g} layers" if depth else "these networks",
    )


def draw(ranks: Ranks) -> Picture:
    """Draw a row per arm: a dot for each task, the mean and its interval."""
    alternative = describe(ranks)
    total = TOP + ROW * len(ranks.arms) + BOTTOM
    means, halves = ranks.means, ranks.halves
    star = float(means[ranks.arms.index(ranks.star)])
    ends = (1.0, float(len(ranks.arms)))
    with style():
        figure = new_figure(total)
        box = (LEFT / WIDTH, BOTTOM / total, (WIDTH - LEFT - RIGHT) / WIDTH)
        axes = figure.add_axes((*box, (total - TOP - BOTTOM) / total))
        near = np.clip((star - ranks.distance, star + ranks.distance), *ends)
        axes.axvspan(*near, color=GRID, alpha=0.6, linewidth=0)
        for row, arm in enumerate(ranks.arms):
            color = BLUE if arm == ranks.star else MUTED
            dots = ranks.ranks[:, row]
            axes.plot(dots, [row + 0.28] * len(dots), "o", color=color, markersize=3.5)
            numbers = (means[row] - halves[row], means[row], means[row] + halves[row])
            words = f"{arm}: mean rank {hundredths(means[row])}"
            look = ("D", color, color)
            draw_interval(axes, look, numbers, row - 0.08, ends, words=words)
        axes.set_yticks(range(len(ranks.arms)), ranks.arms)
        for tick, arm in zip(axes.get_yticklabels(), ranks.arms, strict=True):
            tick.set_color(BLUE if arm == ranks.star else MUTED)
            tick.set_fontweight("bold" if arm == ranks.star else "normal")
        axes.set_ylim(len(ranks.arms) - 0.4, -0.6)
        axes.set_xlim(ends[0] - 0.1, ends[1] + 0.1)
        axes.set_xticks(range(1, len(ranks.arms) + 1))
        axes.tick_params(axis="y", length=0, labelsize=SMALL)
        axes.set_xlabel("mean rank, 1 is best", fontsize=SMALL)
        said = f"gray: no sure difference from {ranks.star}"
        figure.text(8 / WIDTH, 1 - 18 / total, said, fontsize=SMALL, color=MUTED)
        svg = to_svg(figure, name=NAME, alternative=alternative)
    return Picture(NAME, svg, caption(ranks), alternative, title=title(ranks))


def title(ranks: Ranks) -> str:
    """Say where the star ranks, and what is surely told from it."""
    place = ranks.arms.index(ranks.star)
    ordinal = ORDINALS[place] if place < len(ORDINALS) else f"number {place + 1}"
    text = f"{ranks.star} ranks {ordinal} of {len(ranks.arms)} activations"
    over = f" over {len(ranks.tasks)} tasks"
    before, behind = ranks.told(-1.0), ranks.told(1.0)
    if before:
        return f"{text}{over}; {_listed(before)} surely ahead"
    if behind:
        return f"{text}{over}; only {_listed(behind)} surely behind"
    return f"{text}{over}; no other is surely ahead or behind"


def _listed(arms: Sequence[str]) -> str:
    verb = "is" if len(arms) == 1 else "are"
    joined = arms[0] if len(arms) == 1 else f"{', '.join(arms[:-1])} and {arms[-1]}"
    return f"{joined} {verb}"


def caption(ranks: Ranks) -> str:
    """Say how ranks were made and what tells two of them apart."""
    return (
        f"Rank by test accuracy in {ranks.where}: dots are means over"
        f" {ranks.num_seeds} seeds of each of {len(ranks.tasks)} tasks, marks means"
        " over tasks with 95 % intervals. Ranks are told apart if they differ by"
        f" more than {hundredths(ranks.distance)} (Nemenyi's critical difference, 5 %)."
    )


def describe(ranks: Ranks) -> str:
    """Say every mean rank in words."""
    parts = ", ".join(
        f"{arm} {hundredths(mean)} ± {hundredths(half)}"
        for arm, mean, half in zip(ranks.arms, ranks.means, ranks.halves, strict=True)
    )
    return (
        f"Mean ranks by test accuracy over {len(ranks.tasks)} tasks in {ranks.where}:"
        f" {parts}. Critical difference {hundredths(ranks.distance)}."
    )
