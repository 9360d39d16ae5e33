"""Little is compiled twice, nothing large is left for the end, nobody is forgotten."""

import itertools

from ablations.running.jobs import Job
from ablations.running.schedule import SECONDS_TO_COMPILE, Schedule


def job(program, seconds=1.0, name="", turn=0):
    return Job(str, None, name or str(program), program, seconds, turn=turn)


def schedule_of(*jobs: Job) -> Schedule:
    schedule = Schedule()
    schedule.add(jobs)
    return schedule


def test_the_most_expensive_program_is_begun_first():
    schedule = schedule_of(job("a", 2.0), job("b", 1.5), job("b", 1.5), job("c", 1.0))
    begun = [schedule.take(set(), set()).job.program]
    own = {1}  # b, the second to be added
    begun += [schedule.take(own, set()).job.program]
    assert begun == ["b", "b"]


def test_programs_are_begun_in_turn_and_the_most_expensive_of_a_turn_first():
    jobs = [job("a", 9.0, turn=2), job("b", 1.0), job("c", 2.0), job("d", 3.0, turn=1)]
    schedule = schedule_of(*jobs)
    begun = [schedule.take(set(), set()).job.program for _ in jobs]
    assert begun == ["c", "b", "d", "a"]


def test_what_follows_is_done_by_whoever_has_compiled_for_it():
    schedule = schedule_of(job("a"), job("b"), job("c", turn=1))
    own = {schedule.take(set(), set()).program}
    schedule.add([job("a", name="follows")])
    assert schedule.take(own, set()).job.name == "follows"


def test_a_worker_goes_on_with_what_it_has_compiled():
    schedule = schedule_of(job("small"), job("large", 100.0), job("small"))
    first = schedule.take({0}, set())
    second = schedule.take({0}, set())
    assert [first.job.program, second.job.program] == ["small", "small"]
    assert schedule.take({0}, set()).job.program == "large"


def test_another_helps_only_where_that_is_worth_compiling_again():
    just = SECONDS_TO_COMPILE
    assert schedule_of(job("a", 0.9 * just)).take(set(), {0}) is None
    assert schedule_of(job("a", 1.1 * just)).take(set(), {0}).job.program == "a"


def test_what_was_put_back_by_the_lost_is_new_to_the_others():
    schedule = schedule_of(job("a"))
    turn = schedule.take(set(), set())
    assert not len(schedule)
    schedule.put_back(turn)
    assert schedule.take(set(), set()) == turn


def test_jobs_without_a_program_are_each_their_own():
    schedule = schedule_of(job(None, name="x"), job(None, name="y"))
    first = schedule.take(set(), set())
    second = schedule.take(set(), {first.program})
    assert {first.job.name, second.job.name} == {"x", "y"}


def test_two_workers_take_everything_and_compile_hardly_anything_twice():
    jobs = [job(p, 1.0 + p % 3) for p in range(40) for _ in range(5)]
    schedule = schedule_of(*jobs)
    compiled = {0: set(), 1: set()}
    taken = []
    for worker in itertools.cycle((0, 1)):
        turn = schedule.take(compiled[worker], compiled[1 - worker])
        if turn is not None:
            compiled[worker].add(turn.program)
            taken.append(turn.job)
        elif not len(schedule):
            break
    assert sorted(map(id, taken)) == sorted(map(id, jobs))
    assert sum(map(len, compiled.values())) <= 42
