"""Whatever becomes of workers, every job is done once, or is said to be lost."""

import pytest

from ablations.running.dispatch import (
    AT_START,
    LONGEST_JOB,
    LONGEST_SILENCE,
    MOST_PROGRAMS,
    TRIES,
    Dispatcher,
    Message,
)
from ablations.running.jobs import Failure, Job, NoWorker

MEMORY = 1000


def double(x):
    return 2 * x


def jobs_of(number: int, **fields) -> list[Job]:
    return [Job(double, x, f"job {x}", **fields) for x in range(number)]


class FakeWorker:
    """A worker that is told what to say to a job; with None it falls silent."""

    def __init__(self, behave) -> None:
        self.behave, self.given = behave, []
        self.stopped = self.is_silent = False
        self.said = [Message("ready", content={"cores": 2})]

    def give(self, number, job):
        self.given.append(job)
        said = self.behave(number, job)
        self.is_silent = said is None
        self.said += said or []

    def stop(self):
        self.stopped = True


class FakeCrew:
    """Workers that behave one after the other as they are told, the last one's way."""

    def __init__(self, *behaviors) -> None:
        self.behaviors, self.hired, self.now = list(behaviors), [], 0.0
        self.num_workers, self.closed = 2, 0

    def open(self):
        return self.num_workers, MEMORY

    def close(self):
        self.closed += 1

    def hire(self):
        few = len(self.behaviors) == 1
        behave = self.behaviors[0] if few else self.behaviors.pop(0)
        self.hired.append(FakeWorker(behave))
        return self.hired[-1]

    def listen(self, workers, seconds):
        self.now += seconds
        speaking = [worker for worker in workers if not worker.is_silent]
        alive = [Message("alive")]
        return [(worker, (worker.said or alive[:]).pop(0)) for worker in speaking]

    def clock(self):
        return self.now


def well(number, job):
    return [Message("done", number, job(), memory=1)]


def dies(number, job):
    return [Message("lost", content="was ended by SIGKILL")]


def silent(number, job):
    return None


def busy(number, job):
    return []


def twice(number, job):
    return well(number, job) * 2


def late(number, job):
    return [Message("done", number + 100, "another's"), *well(number, job)]


def dispatcher(crew: FakeCrew, num_workers: int = 2) -> Dispatcher:
    crew.num_workers = num_workers
    return Dispatcher(crew, clock=crew.clock)


@pytest.mark.parametrize(
    "behaviors",
    [
        [well],
        [dies, well],
        [dies, dies, well],
        [silent, well],
        [busy, well],
        [twice],
        [late],
        [twice, dies, silent, late],
    ],
)
def test_every_job_is_done_once_whatever_workers_do(behaviors):
    crew, jobs = FakeCrew(*behaviors), jobs_of(7)
    done = list(dispatcher(crew).carry(jobs))
    assert sorted(map(id, (job for job, _ in done))) == sorted(map(id, jobs))
    assert all(result == double(job.what) for job, result in done)


@pytest.mark.parametrize("behave", [dies, silent, busy])
def test_whoever_is_lost_or_hangs_is_ended(behave):
    crew = FakeCrew(behave, well)
    list(dispatcher(crew).carry(jobs_of(3)))
    assert [worker.stopped for worker in crew.hired] == [True, False, False]
    assert crew.now < LONGEST_SILENCE + LONGEST_JOB + 1000


def poisonous(number, job):
    return dies(number, job) if job.what == 1 else well(number, job)


def test_a_job_that_ends_every_worker_is_said_to_be_lost_and_the_rest_is_done():
    crew = FakeCrew(poisonous)
    done = {job.what: result for job, result in dispatcher(crew).carry(jobs_of(5))}
    reason = f"{TRIES} workers were lost; the last one was ended by SIGKILL"
    assert done.pop(1) == Failure("job 1", reason)
    assert done == {x: double(x) for x in (0, 2, 3, 4)}
    assert sum(job.what == 1 for w in crew.hired for job in w.given) == TRIES


def test_an_error_of_a_job_is_raised_here():
    def breaks(number, job):
        return [Message("raised", number, ValueError("broken"))]

    with pytest.raises(ValueError, match="broken"):
        list(dispatcher(FakeCrew(breaks)).carry(jobs_of(3)))


def test_the_error_of_a_job_that_another_has_by_now_is_not_heard():
    def breaks_late(number, job):
        return [Message("raised", number + 100, ValueError("old")), *well(number, job)]

    done = list(dispatcher(FakeCrew(breaks_late), 1).carry(jobs_of(3)[1:]))
    assert len(done) == 2


def test_workers_that_never_start_end_the_command():
    crew = FakeCrew(dies)
    crew.hire = lambda: FakeWorkerThatNeverStarts()
    with pytest.raises(NoWorker, match="No worker can be started"):
        list(dispatcher(crew).carry(jobs_of(1)))


class FakeWorkerThatNeverStarts(FakeWorker):
    def __init__(self) -> None:
        super().__init__(busy)
        self.said = [Message("lost", content="ended with exit code 1")]


def test_an_error_at_the_start_is_raised_here():
    crew = FakeCrew(busy)
    dispatcher_of_one = dispatcher(crew, 1)
    dispatcher_of_one.begin()
    crew.hired[0].said = [Message("raised", AT_START, ValueError("no GPU"))]
    with pytest.raises(ValueError, match="no GPU"):
        dispatcher_of_one.machine()


def test_a_worker_that_is_full_is_renewed_before_it_compiles_more():
    def grows(number, job):
        return [Message("done", number, job(), memory=MEMORY + 1)]

    crew = FakeCrew(grows)
    jobs = [*jobs_of(3, program="a"), *jobs_of(3, program="b")]
    assert len(list(dispatcher(crew, 1).carry(jobs))) == 6
    given = [{job.program for job in worker.given} for worker in crew.hired]
    assert given == [{"a"}, {"b"}]
    assert crew.hired[0].stopped


def test_a_worker_is_renewed_after_many_programs():
    crew = FakeCrew(well)
    list(dispatcher(crew, 1).carry(jobs_of(2 * MOST_PROGRAMS + 1)))
    assert [len(worker.given) for worker in crew.hired] == [
        MOST_PROGRAMS,
        MOST_PROGRAMS,
        1,
    ]


def test_a_program_goes_to_the_worker_that_has_compiled_it():
    crew = FakeCrew(well)
    jobs = [job for p in "abcd" for job in jobs_of(4, program=p, seconds=0.1)]
    assert len(list(dispatcher(crew).carry(jobs))) == len(jobs)
    programs = [{job.program for job in worker.given} for worker in crew.hired]
    assert sorted(map(len, programs)) == [2, 2]
    assert not set.intersection(*programs)


def test_what_is_timed_runs_here_when_nobody_else_runs():
    crew = FakeCrew(well)
    timed = Job(lambda x: [len(w.given) for w in crew.hired], 0, "t", alone="machine")
    *_, (last, found) = dispatcher(crew).carry([timed, *jobs_of(4)])
    assert last is timed
    assert sum(found) == 4


def test_closing_ends_everybody_and_may_be_done_twice():
    crew = FakeCrew(well)
    carrier = dispatcher(crew)
    carrier.begin()
    carrier.close()
    carrier.close()
    assert all(worker.stopped for worker in crew.hired)
    assert len(crew.hired) == 2
    assert crew.closed == 1


def test_a_crew_that_was_never_opened_is_not_closed():
    crew = FakeCrew(well)
    dispatcher(crew).close()
    assert not crew.closed


def test_every_result_is_told_with_the_machine_that_made_it():
    crew = FakeCrew(well)
    carrier = dispatcher(crew)
    carrier.begin()
    for name, worker in zip("ab", crew.hired, strict=True):
        worker.said = [Message("ready", content={"processor": name})]
    found = {job: carrier.machine() for job, _ in carrier.carry(jobs_of(8))}
    made = [(w, job) for w in crew.hired for job in w.given]
    assert len({id(worker) for worker, _ in made}) == 2
    for worker, job in made:
        name = "ab"[crew.hired.index(worker)]
        assert found[job] == {"processor": name}


def test_those_who_work_finish_though_nobody_else_can_be_started():
    """A cluster that has lost a machine has no place for all that it had."""
    crew = FakeCrew(well)
    carrier = dispatcher(crew)
    carrier.begin()
    crew.hired[1].said = [Message("lost", content="was ended by SIGKILL")]
    crew.behaviors = [busy]
    hire = crew.hire

    def hire_in_vain():
        worker = hire()
        worker.said = [Message("lost", content="never started")]
        return worker

    crew.hire = hire_in_vain
    assert len(list(carrier.carry(jobs_of(30)))) == 30
    assert len(crew.hired) > TRIES * 2 + 1
