"""Choose which combinations of levels are trained, and what they leave mixed.

A design is a list of arms, each a mapping from factor to level; the first arm is the
reference.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.config import ConfigError, one_of, requirement

DESIGNS = ("one_at_a_time", "leave_one_out", "full_factorial", "fractional_factorial")

MAX_ARMS = 256
"""Most arms of a study."""

MAX_FACTORS = 16
"""Most factors of a fractional factorial."""

Levels = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class ArmDesign:
    """One arm of a design.

    Attributes:
        name: How it is called: what it has other than the reference.
        levels: Level of every factor.
        factor: The one factor it differs in from the reference, None otherwise.
    """

    name: str
    levels: Mapping[str, Any]
    factor: str | None = None

    @property
    def level(self) -> Any:
        """Level of the factor it differs in, None otherwise."""
        return None if self.factor is None else self.levels[self.factor]


@dataclass(frozen=True)
class Arms:
    """The arms of a design.

    Attributes:
        arms: The reference, then the others.
        resolution: Length of the shortest word of a fractional factorial.
        generators: How its added columns were made, as `d = a b c`.
        aliases: Groups of main effects and two-factor interactions that cannot be told
            apart, each a tuple of tuples of factors.
    """

    arms: tuple[ArmDesign, ...]
    resolution: int | None = None
    generators: tuple[str, ...] = ()
    aliases: tuple[tuple[tuple[str, ...], ...], ...] = ()


def make_arms(design: str, factors: Levels) -> Arms:
    """Return the arms of a design.

    Args:
        design: One of `DESIGNS`.
        factors: Levels by factor; the first is the plain one, the last the full one.

    Raises:
        ConfigError: If there are no factors, too few levels or too many arms.
    """
    one_of("design", design, DESIGNS)
    if not factors:
        raise ConfigError("`factors` must hold at least one factor. Received: none.")
    for name, levels in factors.items():
        if len(levels) < 2:
            must = f"must have at least two levels for {name!r}"
            raise requirement("factors", must, list(levels))
        if len({repr(level) for level in levels}) < len(levels):
            must = f"must have different levels for {name!r}"
            raise requirement("factors", must, list(levels))
    arms = {
        "one_at_a_time": _one_at_a_time,
        "leave_one_out": _leave_one_out,
        "full_factorial": _full_factorial,
        "fractional_factorial": _fractional_factorial,
    }[design](factors)
    _check_number(len(arms.arms))
    return arms


def _check_number(num_arms: int) -> None:
    if num_arms > MAX_ARMS:
        must = f"must make at most {MAX_ARMS} arms; take fewer factors or levels"
        raise requirement("design", must, f"{num_arms:,} arms")


def name_of(level: Any) -> str:
    """Return a level as people write it."""
    if isinstance(level, bool):
        return "yes" if level else "no"
    return f"{level:g}" if isinstance(level, float) else str(level)


def _difference(levels: Mapping[str, Any], reference: Mapping[str, Any]) -> list[str]:
    return [
        f"{factor}={name_of(level)}"
        for factor, level in levels.items()
        if level != reference[factor]
    ]


def _one_at_a_time(factors: Levels) -> Arms:
    plain = {name: levels[0] for name, levels in factors.items()}
    arms = [ArmDesign("base", plain)]
    for factor, levels in factors.items():
        for level in levels[1:]:
            changed = {**plain, factor: level}
            arms.append(ArmDesign(f"{factor}={name_of(level)}", changed, factor))
    return Arms(tuple(arms))


def _leave_one_out(factors: Levels) -> Arms:
    """Return the full recipe, then without each factor, then with none of them."""
    plain = {name: levels[0] for name, levels in factors.items()}
    full = {name: levels[-1] for name, levels in factors.items()}
    arms = [ArmDesign("full", full)]
    for factor in factors:
        changed = {**full, factor: plain[factor]}
        name = f"full, {factor}={name_of(plain[factor])}"
        arms.append(ArmDesign(name, changed, factor))
    if len(factors) > 1:
        arms.append(ArmDesign("plain", plain))
    return Arms(tuple(arms))


def _crossed(factors: Levels, rows: Sequence[Sequence[Any]]) -> tuple[ArmDesign, ...]:
    names = list(factors)
    plain = {name: levels[0] for name, levels in factors.items()}
    arms = []
    for row in rows:
        levels = dict(zip(names, row, strict=True))
        changes = _difference(levels, plain)
        changed = [name for name in names if levels[name] != plain[name]]
        factor = changed[0] if len(changed) == 1 else None
        arms.append(ArmDesign(", ".join(changes) or "base", levels, factor))
    return tuple(arms)


def _full_factorial(factors: Levels) -> Arms:
    _check_number(math.prod(len(levels) for levels in factors.values()))
    return Arms(_crossed(factors, list(itertools.product(*factors.values()))))


def _fractional_factorial(factors: Levels) -> Arms:
    """Return a two-level fraction in which no main effect is mixed with a pair."""
    for name, levels in factors.items():
        if len(levels) != 2:
            must = f"must have two levels for {name!r} in a fractional factorial"
            raise requirement("factors", must, list(levels))
    names = list(factors)
    if len(names) > MAX_FACTORS:
        must = f"must be at most {MAX_FACTORS} in a fractional factorial"
        raise requirement("factors", must, f"{len(names)} factors")
    words = column_words(len(names))
    num_basic = sum(len(word) == 1 for word in words)
    rows = []
    for signs in itertools.product((0, 1), repeat=num_basic):
        # The reference, all factors plain, is the first row: a product of an odd number
        # of low levels is low, one of an even number is turned around.
        row = [
            (sum(signs[i] for i in word)) % 2 if len(word) > 1 else signs[word[0]]
            for word in words
        ]
        rows.append([factors[name][bit] for name, bit in zip(names, row, strict=True)])
    arms = _crossed(factors, rows)
    defining = defining_words(words)
    shortest = min((len(word) for word in defining), default=None)
    generators = tuple(
        f"{names[place]} = {_sign(word)}{' x '.join(names[i] for i in word)}"
        for place, word in enumerate(words)
        if len(word) > 1
    )
    aliases = tuple(
        tuple(tuple(names[i] for i in sorted(effect)) for effect in group)
        for group in alias_groups(len(names), defining)
    )
    return Arms(arms, shortest, generators, aliases)


def _sign(word: tuple[int, ...]) -> str:
    """Return the sign of a product that is low where all its factors are."""
    return "" if len(word) % 2 else "-"


def column_words(num_factors: int) -> list[tuple[int, ...]]:
    """Return for every factor the basic factors whose sum modulo 2 is its column.

    In 2^m runs the words of odd length are 2^(m-1) columns of which no three make a
    fourth with two letters only, which is resolution IV. The product of all basic
    columns is better for one added factor: a half fraction of resolution m + 1.
    Up to three factors nothing can be left out without mixing a main effect with a
    pair, so all runs are made.

    References:
        Box and Hunter (1961), The 2^(k-p) fractional factorial designs.
    """
    if num_factors <= 3:
        return [(i,) for i in range(num_factors)]
    num_basic = math.ceil(math.log2(num_factors)) + 1
    if num_factors <= num_basic:
        num_basic = num_factors - 1
    basic: list[tuple[int, ...]] = [(i,) for i in range(num_basic)]
    num_added = num_factors - num_basic
    if num_added == 1:
        return [*basic, tuple(range(num_basic))]
    odd = [
        word
        for size in range(3, num_basic + 1, 2)
        for word in itertools.combinations(range(num_basic), size)
    ]
    return [*basic, *odd[:num_added]]


def defining_words(words: Sequence[tuple[int, ...]]) -> list[frozenset[int]]:
    """Return every product of factors that is constant over the runs."""
    added = [
        frozenset({place, *word}) for place, word in enumerate(words) if len(word) > 1
    ]
    found = []
    for size in range(1, len(added) + 1):
        for chosen in itertools.combinations(added, size):
            product: frozenset[int] = frozenset()
            for word in chosen:
                product = product ^ word
            found.append(product)
    return found


def alias_groups(
    num_factors: int, defining: Sequence[frozenset[int]]
) -> list[tuple[frozenset[int], ...]]:
    """Return groups of main effects and pairs that the same contrast estimates.

    Two effects are aliases where their product is a defining word. Effects that stand
    alone are left out.
    """
    effects = [
        frozenset(chosen)
        for size in (1, 2)
        for chosen in itertools.combinations(range(num_factors), size)
    ]
    known = set(effects)
    groups, seen = [], set()
    for effect in effects:
        if effect in seen:
            continue
        group = [effect, *sorted({effect ^ w for w in defining} & known, key=sorted)]
        seen.update(group)
        if len(group) > 1:
            groups.append(tuple(group))
    return groups
