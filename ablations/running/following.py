"""Ask for the runs that tuning chooses while their program is still compiled.

A worker is renewed after some programs, so that what waited for all other arms would be
compiled once more.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace

from ablations.protocol.claim import RegisteredClaim
from ablations.running.groups import Groups, program_of
from ablations.running.plan import Plan, Stack, make_plan
from ablations.store.store import Store


class Following:
    """What follows once stacks are stored.

    Arms that are tuned together are a group, with all that shares a program with them.
    When all stacks of a group are stored, it is planned again, until none is missing.

    Args:
        claims: The claims.
        preset: How much evidence is asked for.
        num_seeds: Number of seeds in place of the preset's.
        plan: What is done first.
        part_of: Returns what of a plan is to be done here.
    """

    def __init__(
        self,
        claims: Sequence[RegisteredClaim],
        preset: str,
        num_seeds: int | None,
        plan: Plan,
        part_of: Callable[[Plan], Plan] = lambda plan: plan,
    ) -> None:
        """Number the groups, the most expensive first."""
        self._preset, self._num_seeds = preset, num_seeds
        self._sizes, self._part_of = plan.sizes, part_of
        groups = Groups(claims, preset)
        programs: defaultdict[Hashable, set[Hashable]] = defaultdict(set)
        asking: defaultdict[Hashable, dict[str, RegisteredClaim]] = defaultdict(dict)
        is_tuned: set[Hashable] = set()
        for registered in claims:
            for arm in registered.claim.under(preset).arms.values():
                program = program_of(arm.config)
                root = groups.root(program)
                programs[root].add(program)
                asking[root][registered.id] = registered
                if arm.tune is not None:
                    is_tuned.add(root)
        work = dict.fromkeys(is_tuned, 0.0)
        for stack in (*plan.stacks, *plan.later):
            root = groups.root(program_of(stack.members[0].config))
            if root in work:
                work[root] += stack.work
        order = sorted(work, key=work.__getitem__, reverse=True)
        self._asking = [list(asking[root].values()) for root in order]
        self._programs = [frozenset(programs[root]) for root in order]
        self._numbers = {
            program: number
            for number, mine in enumerate(self._programs)
            for program in mine
        }
        self._open = Counter(self.turn(stack) for stack in plan.stacks)

    def turn(self, stack: Stack) -> int:
        """Return the number of a stack's group; what is in none comes last."""
        program = program_of(stack.members[0].config)
        return self._numbers.get(program, len(self._programs))

    def after(self, stack: Stack, store: Store) -> tuple[Stack, ...]:
        """Return what is to be trained, too, now that a stack is stored."""
        number = self.turn(stack)
        self._open[number] -= 1
        if self._open[number] or number == len(self._programs):
            return ()
        plan = make_plan(
            self._asking[number],
            self._preset,
            store,
            self._num_seeds,
            programs=self._programs[number],
            sizes=self._sizes,
        )
        stacks = self._part_of(plan).stacks
        self._open[number] = len(stacks)
        return tuple(replace(stack, compiles=False) for stack in stacks)
