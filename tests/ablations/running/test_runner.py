"""What the runner stores is what was trained, whatever memory and kills do."""

import numpy as np
import pytest

from ablations.evidence.evidence import Evidence
from ablations.protocol.kinds import ExactCheck, SuccessRate
from ablations.protocol.network_runs import ArmConfig
from ablations.rigs.xor import PRINTED_FIT, solved, xor_arm
from ablations.running import work
from ablations.running.plan import Plan, Request, Stack, make_plan, pack, together
from ablations.running.runner import execute
from ablations.running.work import machine, train
from ablations.selfcheck.synthetic import drawn_arm
from ablations.store.store import Store, spec_digest
from ablations.tasks import TaskConfig, make_task
from ablations.training import backend
from ablations.training.config import EarlyStoppingConfig
from ablations.training.train import Data, train_stack

SEEDS = np.arange(12)
# One structure in one stack: three rates, of which the last makes every run diverge.
RATES = (0.05, 0.2, 1e20)
METRICS = ("loss", "max_error", "solved")


def arm(rate: float = 0.05, **changes) -> ArmConfig:
    changes = {"num_steps": 100, "optimizer": "sgd", "record_weights": True} | changes
    return xor_arm(learning_rate=rate, metrics=METRICS, **changes)


def request(config: ArmConfig, seeds: np.ndarray = SEEDS) -> Request:
    return Request(spec_digest(config.specification()), config, seeds)


def whole_plan(*stacks: Stack) -> Plan:
    num_runs = sum(stack.num_runs for stack in stacks)
    return Plan(stacks, (), num_runs, 0, waiting=False)


@pytest.fixture(scope="module")
def stack() -> Stack:
    (stack,) = pack([request(arm(rate)) for rate in RATES], {arm().structure(): 50})
    return stack


@pytest.fixture(scope="module")
def store(stack, tmp_path_factory):
    """Return a store in which one stack was run, and the steps that were reported."""
    steps = []
    with Store.open(tmp_path_factory.mktemp("runner") / "store.sqlite") as store:
        execute(whole_plan(stack), store, steps.append)
        assert [step.num_runs for step in steps] == [stack.num_runs]
        yield store


@pytest.fixture(scope="module")
def trained(stack):
    """Return the same stack, trained without the runner."""
    configs = [m.config for m in stack.members for _ in m.seeds]
    task = make_task(configs[0].task)
    return train_stack(
        [config.model for config in configs],
        [config.training for config in configs],
        np.tile(SEEDS, len(RATES)),
        Data(task.x, task.y),
        pad_to=stack.pad_to,
    )


@pytest.mark.parametrize("place", range(len(RATES)))
def test_what_is_stored_is_what_the_stack_trainer_gives(store, trained, place):
    table = store.load(request(arm(RATES[place])).digest)
    mine = slice(place * len(SEEDS), (place + 1) * len(SEEDS))
    assert table.seeds.tolist() == SEEDS.tolist()
    np.testing.assert_array_equal(table.arrays["steps"], [trained.log_steps] * 12)
    for name in METRICS:
        curve = table.arrays[f"curve.{name}"]
        np.testing.assert_array_equal(curve, trained.curves[name][mine])
    weights = [w[mine].reshape(len(SEEDS), -1) for w in trained.weights]
    np.testing.assert_array_equal(
        table.arrays["weights"], np.concatenate(weights, axis=1)
    )


def test_runs_that_diverge_are_stored_with_their_step(store, trained):
    table = store.load(request(arm(RATES[-1])).digest)
    assert set(table.status) == {"diverged"}
    assert (table.diverged_at > 0).all()
    stepped = trained.diverged_at[-len(SEEDS) :]
    seen = stepped >= 0
    assert (table.diverged_at[seen] == stepped[seen]).all()
    fine = store.load(request(arm(RATES[0])).digest)
    assert set(fine.status) == {"ok"}
    assert (fine.diverged_at == -1).all()


def test_a_run_whose_last_loss_overflows_has_diverged_at_its_end():
    # One update to weights near 1e20, which float32 holds; their squares it does not.
    (done,) = train(pack([request(arm(1e20, num_steps=1))])[0])
    lost = ~np.isfinite(done.arrays["curve.loss"][:, -1])
    assert lost.any()
    np.testing.assert_array_equal(done.diverged_at, np.where(lost, 1, -1))


def test_an_arm_keeps_only_the_numbers_of_updates_it_asked_for(tmp_path):
    few = arm(0.05)
    few = few.replace(training=few.training.replace(log_steps=(20,)))
    seeds = np.arange(4)
    (stack,) = pack([request(few, seeds), request(arm(0.2), seeds)])
    parts = {d.request.config: d.arrays for d in train(stack)}
    assert parts[few]["steps"][0].tolist() == [20, 100]
    assert parts[arm(0.2)]["steps"][0].tolist() == [0, 10, 20, 50, 100]
    assert parts[few]["curve.loss"].shape == (4, 2)


@pytest.mark.parametrize("rate", [0.1, 30.0, 1e20])
def test_a_run_that_a_longer_one_begins_with_is_as_if_trained_for_itself(rate):
    def on_spirals(num_steps: int, *log_steps: int) -> ArmConfig:
        sizes = {"output_units": 2, "hidden_units": (8, 8), "dropout": 0.2}
        one = arm(rate, num_steps=num_steps, record_weights=False, **sizes)
        how = {
            "batch_size": 16,
            "log_steps": log_steps,
            "metrics": ("loss", "accuracy"),
        }
        rows = TaskConfig(name="spirals", num_train=40)
        return one.replace(task=rows, training=one.training.replace(**how))

    long, short, start = on_spirals(90, 5, 50), on_spirals(12, 0, 7), on_spirals(0)
    asked = [request(one, SEEDS[:5]) for one in (start, long, short)]
    (stack,) = pack(together(asked))
    assert (stack.num_trained, stack.num_runs) == (5, 15)
    found = {part.request.digest: part for part in train(stack)}
    whole = found[long.digest]
    np.testing.assert_array_equal(whole.request.seeds, SEEDS[:5])
    for each in asked:
        mine, ends_at = found.pop(each.digest, None), each.config.count_updates(None)
        # What became of a run that ends before its longer one diverges is not known.
        told = (whole.diverged_at < ends_at) | (each.config == long)
        assert (mine is not None) == told.any()
        if mine is None:
            continue
        (alone,) = train(pack([each])[0])
        np.testing.assert_array_equal(mine.request.seeds, each.seeds[told])
        np.testing.assert_array_equal(mine.diverged_at, alone.diverged_at[told])
        assert mine.arrays.keys() == alone.arrays.keys()
        for name, array in alone.arrays.items():
            np.testing.assert_allclose(mine.arrays[name], array[told], rtol=1e-5)
    assert not found


def test_what_is_stored_says_which_machine_made_it(store):
    table = store.load(request(arm()).digest)
    assert table.machines == (machine(),)
    assert machine()["backend"] == backend.BACKEND
    assert {"processor", "cores", "python", "keras", "device"} <= set(machine())


class ResourceExhaustedError(Exception):
    """Stand in for TensorFlow's error of this name."""


@pytest.fixture
def small_device(monkeypatch):
    """Let training fail, as a device does, above a number of runs; count the tries."""
    tries = []

    def limit(most: int) -> list[int]:
        def train_if_small(models, *arguments, pad_to, **options):
            tries.append(len(models))
            if pad_to > most:
                raise ResourceExhaustedError("OOM when allocating tensor")
            return train_stack(models, *arguments, pad_to=pad_to, **options)

        monkeypatch.setattr(work, "train_stack", train_if_small)
        return tries

    return limit


def test_out_of_memory_halves_the_stack_and_gives_the_same_results(
    stack, store, small_device, tmp_path
):
    tries = small_device(16)
    with Store.open(tmp_path / "small.sqlite") as halved:
        execute(whole_plan(stack), halved, lambda step: None)
        assert tries == [36, 18, 9, 9, 18, 9, 9]
        for rate in RATES:
            digest = request(arm(rate)).digest
            expected, found = store.load(digest), halved.load(digest)
            assert found.seeds.tolist() == SEEDS.tolist()
            assert found.status.tolist() == expected.status.tolist()
            assert found.diverged_at.tolist() == expected.diverged_at.tolist()
            for name in ("curve.loss", "weights"):
                # A run is the same in any crowd up to the order of float32 sums.
                np.testing.assert_allclose(
                    found.arrays[name], expected.arrays[name], rtol=1e-4, atol=1e-5
                )


def test_a_device_too_small_for_one_run_is_said_so(stack, small_device):
    small_device(0)
    with pytest.raises(MemoryError, match="Not even one run fits: xor 2 sgd"):
        train(stack)


def test_another_error_is_not_taken_for_missing_memory(stack, monkeypatch):
    def fail(*arguments, **options):
        raise ValueError("shapes differ")

    monkeypatch.setattr(work, "train_stack", fail)
    with pytest.raises(ValueError, match="shapes differ"):
        train(stack)


def test_what_was_stored_before_an_error_stays(stack, tmp_path, monkeypatch):
    def stop(step):
        raise KeyboardInterrupt

    with Store.open(tmp_path / "stopped.sqlite") as stopped:
        with pytest.raises(KeyboardInterrupt):
            execute(whole_plan(stack), stopped, stop)
        for rate in RATES:
            assert len(stopped.load(request(arm(rate)).digest)) == len(SEEDS)


def test_a_claim_that_was_executed_needs_nothing_more(tmp_path, make_claim):
    claim = make_claim(
        ExactCheck(
            key="m",
            label="m",
            measurement="output_formula",
            quantity="any",
            expected=0.0,
        ),
        SuccessRate(
            key="s",
            label="s",
            arm=drawn_arm("arm", arm()),
            score=solved(),
            bound=0.5,
        ),
    )
    steps = []
    with Store.open(tmp_path / "twice.sqlite") as store:
        execute(make_plan([claim], "quick", store, 10), store, steps.append)
        assert sorted(step.num_runs for step in steps) == [0, 10]
        assert Evidence(store).measurement("output_formula")
        again = make_plan([claim], "quick", store, 10)
        execute(again, store, steps.append)
        assert len(steps) == 2


def test_runs_by_fit_end_as_the_stacked_runs_of_the_same_seeds():
    stacked = PRINTED_FIT.replace(engine="stack")
    seeds = np.arange(4)
    (by_fit,) = train(pack([request(PRINTED_FIT, seeds)])[0])
    (in_stack,) = train(pack([request(stacked, seeds)])[0])
    assert (by_fit.arrays["steps"] == in_stack.arrays["steps"]).all()
    for name in ("loss", "max_error"):
        # Float32 sums in another order, carried through 100 updates.
        np.testing.assert_allclose(
            by_fit.arrays[f"curve.{name}"],
            in_stack.arrays[f"curve.{name}"],
            atol=1e-4,
        )
    assert (by_fit.diverged_at == in_stack.diverged_at).all()


def test_a_run_by_fit_that_diverges_is_stored_as_such():
    lost = xor_arm(engine="fit", num_steps=20, optimizer="sgd", learning_rate=1e20)
    (done,) = train(pack([request(lost, np.arange(2))])[0])
    # Seen at the next number of updates that is recorded.
    assert set(done.diverged_at) <= {10, 20}


def iris_arm(rate: float, **changes) -> ArmConfig:
    """Return a small network on rows that every seed splits for itself."""
    base = arm(rate, num_steps=30, input_units=4, output_units=3, **changes)
    task = TaskConfig(name="iris", num_train=20, num_val=10)
    training = base.training.replace(
        batch_size=7, log_steps=(10,), metrics=("loss", "val_loss")
    )
    return base.replace(task=task, training=training)


def test_every_seed_trains_on_its_own_rows_in_any_stack():
    rates, seeds = (0.05, 0.2), np.array([9, 0, 4])
    (stack,) = pack([request(iris_arm(rate), seeds) for rate in rates])
    together = train(stack)
    for done, rate in zip(together, rates, strict=True):
        (part,) = pack([request(iris_arm(rate), seeds[1:2])])
        (alone,) = train(part)
        for name in ("curve.loss", "curve.val_loss", "weights"):
            # One program of another size: float32 sums in another order.
            np.testing.assert_allclose(
                done.arrays[name][1], alone.arrays[name][0], atol=2e-6, err_msg=name
            )
    # At the start only weights and rows differ; the rows must.
    task = make_task(iris_arm(0.05).task)
    mine = task.rows(seeds)
    result = train_stack(
        iris_arm(0.05).model,
        iris_arm(0.05).training,
        seeds,
        Data(mine.x, mine.y, mine.x_val, mine.y_val),
    )
    np.testing.assert_allclose(
        together[0].arrays["curve.loss"], result.curves["loss"], atol=2e-6
    )


def test_rows_that_no_metric_reads_are_left_out():
    config = iris_arm(0.05)
    data = make_task(config.task).rows([1, 2])
    training = config.training.replace(metrics=("loss",))
    blind = request(config.replace(training=training))
    assert set(work._what_is_read(data, [blind]).arrays()) == {"x", "y"}
    stopping = EarlyStoppingConfig(monitor="val_loss")
    stopped = training.replace(early_stopping=stopping)
    for seeing in (config, config.replace(training=stopped)):
        arrays = work._what_is_read(data, [request(seeing)]).arrays()
        assert set(arrays) == {"x", "y", "x_val", "y_val"}
