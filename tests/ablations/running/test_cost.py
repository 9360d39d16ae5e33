"""The time of a command is predicted from what its stacks take, and who trains them."""

import re

import numpy as np
import pytest

from ablations.rigs.xor import xor_arm
from ablations.running.cost import CREWS, describe_time, predict
from ablations.running.plan import SECONDS_TO_STORE, Plan, Request, pack


def plan_of(num_runs, *widths, later=0):
    """Return a plan of so many runs of each of some widths, and so many more later."""

    def asked(number, widths):
        arms = [xor_arm(hidden_units=(width,)) for width in widths]
        return [Request(arm.digest, arm, np.arange(number)) for arm in arms]

    stacks, more = pack(asked(num_runs, widths)), pack(asked(later, widths[:1]))
    number = num_runs * len(widths)
    return Plan(tuple(stacks), (), number, 0, waiting=bool(more), later=tuple(more))


@pytest.mark.parametrize("executor", CREWS)
def test_one_worker_does_all_that_is_planned_and_compiles_each_program_once(executor):
    plan = plan_of(9000, 2, 3)
    assert predict(plan, executor) == pytest.approx(
        CREWS[executor].start + plan.seconds
    )


def test_runs_that_tuning_chooses_take_as_long_as_others_but_for_compiling():
    more = predict(plan_of(8000, 2, later=8000)) - predict(plan_of(8000, 2))
    compiling = plan_of(8000, 2).stacks[0].seconds_to_compile
    assert more == pytest.approx(plan_of(8000, 2).seconds - compiling)


@pytest.mark.parametrize("executor", CREWS)
def test_two_workers_share_all_but_the_compiling_of_a_program(executor):
    plan, crew = plan_of(80_000, 2), CREWS[executor]
    (compiling,) = {stack.seconds_to_compile for stack in plan.stacks}
    half = (plan.seconds - compiling) / 2
    assert predict(plan, executor, 2) == pytest.approx(
        crew.start + crew.beside * (compiling + half)
    )


def test_no_number_of_workers_is_faster_than_the_one_who_stores():
    plan = plan_of(80_000, *range(1, 9))
    seconds = [predict(plan, "processes", workers) for workers in (1, 2, 8, 64, 99)]
    assert seconds == sorted(seconds, reverse=True)
    storing = SECONDS_TO_STORE * plan.num_missing
    assert seconds[-1] == pytest.approx(CREWS["processes"].start + storing)


def test_the_time_of_a_plan_is_said_for_one_core_and_for_two():
    plan = plan_of(9000, 2, 3)
    two, one = map(int, re.findall(r"\d+", describe_time(plan)))
    assert plan.seconds < one < 2 * two
    assert two < one
    assert describe_time(Plan((), (), 0, 0, waiting=False)) == "nothing to do"
