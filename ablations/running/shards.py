"""Divide what claims need among machines that share nothing.

Every machine works out the same division from the claims alone, whatever its store
holds, trains its own part, and hands over a store that `store merge` adds to the
others. A program stays on one machine, so that it is compiled once, and arms that are
tuned together stay together, so that each machine tunes and judges them to the end.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Self

from ablations.protocol.claim import RegisteredClaim
from ablations.running.groups import Groups, program_of
from ablations.running.plan import SECONDS_TO_MEASURE, Plan
from models.config import requirement


@dataclass(frozen=True)
class Shard:
    """One of several equal parts of the work.

    Attributes:
        number: Which one, from 1.
        count: How many there are.
    """

    number: int
    count: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the part that a text such as `2/3` names.

        Raises:
            ConfigError: If it names none.
        """
        found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text)
        number, count = map(int, found.groups()) if found else (0, 0)
        if not 1 <= number <= count:
            must = "must name one of several parts, such as 1/3, 2/3 or 3/3"
            raise requirement("shard", must, text)
        return cls(number, count)

    def __str__(self) -> str:
        """Name it as `parse` reads it."""
        return f"{self.number}/{self.count}"

    def of_plan(self, plan: Plan, parts: dict[Hashable, int]) -> Plan:
        """Return the part of a plan that is this machine's; see `divide`."""
        return replace(
            plan,
            stacks=tuple(
                stack
                for stack in plan.stacks
                if parts[program_of(stack.members[0].config)] == self.number
            ),
            measurements=tuple(m for m in plan.measurements if parts[m] == self.number),
        )


def divide(
    claims: Sequence[RegisteredClaim],
    preset: str,
    count: int,
    num_seeds: int | None = None,
) -> dict[Hashable, int]:
    """Return the part, from 1 to `count`, of every program and every measurement.

    The longest goes first, always to the part that has least.
    """
    seconds: defaultdict[Hashable, float] = defaultdict(float)
    counted: dict[str, int] = {}
    together = Groups(claims, preset)
    for registered in claims:
        claim = registered.claim.under(preset)
        for name in claim.measurements():
            seconds[name] = SECONDS_TO_MEASURE
        for arm in claim.arms.values():
            program = program_of(arm.config)
            num_runs = claim.num_seeds(arm, preset, num_seeds)
            if arm.tune is not None:
                num_runs += len(arm.tune.learning_rates) * arm.tune.seeds
            # Claims share runs: those of an arm are trained once.
            more = num_runs - counted.get(arm.digest, 0)
            if more > 0:
                counted[arm.digest] = num_runs
                if program not in seconds:
                    seconds[program] = arm.config.seconds_to_compile()
                seconds[program] += arm.config.guess_seconds(more)
    groups: defaultdict[Hashable, list[Hashable]] = defaultdict(list)
    for key in seconds:
        groups[together.root(key)].append(key)
    work = {group: sum(seconds[key] for key in keys) for group, keys in groups.items()}
    loads = dict.fromkeys(range(1, count + 1), 0.0)
    parts: dict[Hashable, int] = {}
    for group in sorted(groups, key=work.__getitem__, reverse=True):
        part = min(loads, key=loads.__getitem__)
        loads[part] += work[group]
        parts |= dict.fromkeys(groups[group], part)
    return parts
