"""What tuning chooses follows as soon as it has chosen, and nothing follows twice."""

import numpy as np
import pytest

from ablations.protocol.arm import TUNING_SEEDS_START, TuneConfig
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.rigs.xor import solved, xor_arm
from ablations.running.following import Following
from ablations.running.jobs import Failure
from ablations.running.plan import Plan, make_plan
from ablations.running.runner import Runs, execute
from ablations.selfcheck.synthetic import drawn_arm

TUNE = TuneConfig(learning_rates=(0.01, 0.1, 1.0), score=solved(), seeds=5)
BEST = 0.1
SCORED = {"score": solved(), "margin": 0.1, "direction": "greater"}


def tuned(name, units, tune=TUNE):
    return drawn_arm(name, xor_arm(hidden_units=(units,)), tune)


@pytest.fixture
def claims(make_claim):
    """Return a claim on two arms that are tuned together, and one on two others."""
    one = Comparison(
        key="one", treatment=tuned("wide", 8), control=tuned("narrow", 2), **SCORED
    )
    two = [
        SuccessRate(key=arm.name, arm=arm, score=solved(), bound=0.5)
        for arm in (tuned("four", 4), tuned("three", 3, None))
    ]
    return [make_claim(one), make_claim(*two)]


class Carrier:
    """An executor that trains nothing: runs at the best rate solve, the others not.

    Args:
        lost: Name of stacks that are lost with their workers.
    """

    def __init__(self, lost=None):
        self.queue, self.lost, self.carried = [], lost, []

    def carry(self, jobs):
        self.queue += jobs
        while self.queue:
            job = self.queue.pop(0)
            self.carried.append(job)
            lost = job.name == self.lost
            yield (
                job,
                Failure(job.name, "lost") if lost else [*map(_run, _members(job))],
            )

    def add(self, jobs):
        self.queue += jobs

    def machine(self):
        return {}


def _members(job):
    return job.what.members


def _run(member):
    is_best = member.config.get_learning_rate() == BEST
    number = len(member.seeds)
    solves = np.full((number, 1), float(is_best), np.float32)
    arrays = {
        "curve.solved": solves,
        "curve.loss": 1 - solves,
        "steps": np.full((number, 1), 500),
    }
    return Runs(
        member.config.specification(), member.seeds, np.full(number, -1), arrays
    )


def followed(claims, store, carrier):
    plan = make_plan(claims, "quick", store)
    steps = []
    following = Following(claims, "quick", None, plan)
    return plan, steps, execute(plan, store, steps.append, carrier, following)


def is_tuning(job):
    return all(min(m.seeds) >= TUNING_SEEDS_START for m in _members(job))


def test_chosen_runs_follow_and_then_nothing_is_missing(claims, hand_made):
    carrier = Carrier()
    plan, steps, failures = followed(claims, hand_made.store, carrier)
    assert not failures
    assert make_plan(claims, "quick", hand_made.store).num_steps == 0
    more = [stack for step in steps for stack in step.more]
    assert len(carrier.carried) == len(plan.stacks) + len(more) == len(steps)
    assert {m.config.get_learning_rate() for s in more for m in s.members} == {BEST}
    assert not any(stack.compiles for stack in more)


def test_arms_that_are_tuned_together_wait_for_each_other_and_for_nobody_else(
    claims, hand_made
):
    _, steps, _ = followed(claims, hand_made.store, Carrier())
    names = [{stack.name for stack in step.more} for step in steps if step.more]
    assert sorted(map(sorted, names)) == [["xor 2 adam", "xor 8 adam"], ["xor 4 adam"]]


def test_groups_have_their_turn_and_what_is_in_none_comes_last(claims, hand_made):
    carrier = Carrier()
    followed(claims, hand_made.store, carrier)
    turns = {job.name: job.turn for job in carrier.carried}
    assert turns["xor 8 adam"] == turns["xor 2 adam"] != turns["xor 4 adam"]
    assert turns["xor 3 adam"] == max(turns.values()) == 2


def test_a_grid_that_grows_follows_too(make_claim, hand_made):
    low = TUNE.replace(learning_rates=(BEST, 1.0, 10.0))
    arm = tuned("low", 2, low)
    claim = make_claim(SuccessRate(key="low", arm=arm, score=solved(), bound=0.5))
    carrier = Carrier()
    followed([claim], hand_made.store, carrier)
    rates = [m.config.get_learning_rate() for j in carrier.carried for m in _members(j)]
    assert min(rates) == pytest.approx(BEST / 10)
    assert not is_tuning(carrier.carried[-1])
    assert make_plan([claim], "quick", hand_made.store).num_steps == 0


def test_nothing_follows_what_was_lost(claims, hand_made):
    plan, steps, failures = followed(
        claims, hand_made.store, Carrier(lost="xor 4 adam")
    )
    lost = [stack for stack in plan.stacks if stack.name == "xor 4 adam"]
    assert len(failures) == len(lost) >= 1
    assert "xor 4 adam" not in {s.name for step in steps for s in step.more}
    assert make_plan(claims, "quick", hand_made.store).num_steps


def test_only_programs_that_are_named_are_planned(claims, hand_made):
    whole = make_plan(claims, "quick", hand_made.store)
    following = Following(claims, "quick", None, whole)
    assert isinstance(whole, Plan)
    part = make_plan(
        claims,
        "quick",
        hand_made.store,
        programs=following._programs[0],
        sizes=whole.sizes,
    )
    assert {following.turn(stack) for stack in part.stacks} == {0}
    assert len(part.stacks) < len(whole.stacks)
