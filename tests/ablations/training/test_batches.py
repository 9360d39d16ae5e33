import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ablations.rigs.depth.recipes import recipe_config
from ablations.training import batches
from ablations.training.batches import (
    Timetable,
    next_power_of_two,
    padded_length,
    takes_all_rows,
)
from ablations.training.config import (
    EarlyStoppingConfig,
    OptimizerConfig,
    TrainingConfig,
)
from models.config import ConfigError

NUM_ROWS = 10
SEEDS = np.array([3, 1, 4])


def make(**changes: object) -> TrainingConfig:
    """Return a training with batches of four of ten rows, three per epoch."""
    fields = {
        "optimizer": OptimizerConfig(name="sgd", learning_rate=0.1),
        "batch_size": 4,
        "num_steps": 12,
        **changes,
    }
    return TrainingConfig(**fields)


def table(training: TrainingConfig, *log_steps: int, **changes: object) -> Timetable:
    """Return the timetable of three runs."""
    total = training.total_steps(NUM_ROWS)
    return Timetable(training, NUM_ROWS, SEEDS, total, log_steps, **changes)


def orders_of(timetable: Timetable, num_epochs: int) -> np.ndarray:
    """Return the orders of all epochs, from all segments."""
    pieces = [segment.orders for segment in timetable.segments()]
    return np.concatenate(pieces, axis=1)[:, :num_epochs]


def test_the_wanted_steps_and_the_last_one_are_recorded():
    timetable = table(make(), 0, 5, 99)
    np.testing.assert_array_equal(timetable.steps, [0, 5, 12])
    assert timetable.is_asked.all()


def test_early_stopping_records_every_epoch():
    timetable = table(make(early_stopping=EarlyStoppingConfig()), 4)
    np.testing.assert_array_equal(timetable.steps, [3, 4, 6, 9, 12])
    assert timetable.is_asked.all()


def test_every_order_holds_every_row_once_and_no_two_are_alike():
    orders = orders_of(table(make()), 4)
    assert orders.shape == (3, 4, NUM_ROWS)
    np.testing.assert_array_equal(
        np.sort(orders, axis=2), np.broadcast_to(np.arange(NUM_ROWS), (3, 4, NUM_ROWS))
    )
    assert len(np.unique(orders.reshape(12, NUM_ROWS), axis=0)) == 12


def test_orders_are_uniform():
    total = 3 * 2000
    timetable = Timetable(make(num_steps=total), NUM_ROWS, np.array([7, 8]), total, ())
    orders = orders_of(timetable, 2000)
    counts = np.stack([(orders == row).sum(axis=1) for row in range(NUM_ROWS)])
    # 200 expected of 2,000; five standard deviations of a binomial, for 200 counts.
    assert np.abs(counts - 200).max() < 5 * np.sqrt(2000 * 0.1 * 0.9)


@pytest.mark.parametrize("num_chunks", [1, 2, 3])
def test_the_orders_do_not_depend_on_how_they_are_chunked(monkeypatch, num_chunks):
    whole = orders_of(table(make()), 4)
    epoch_bytes = 4 * NUM_ROWS * len(SEEDS)
    monkeypatch.setattr(batches, "MAX_ORDER_BYTES", num_chunks * epoch_bytes)
    timetable = table(make(), 5)
    segments = list(timetable.segments())
    assert len(segments) == -(-4 // num_chunks)
    assert {segment.orders.shape for segment in segments} == {(3, num_chunks, NUM_ROWS)}
    np.testing.assert_array_equal(
        np.concatenate([s.orders for s in segments], axis=1)[:, :4], whole
    )
    # The program comes back where a segment ends, which nobody asked to see.
    np.testing.assert_array_equal(timetable.steps[timetable.is_asked], [5, 12])
    ends = [timetable.steps[segment.num_rows - 1] for segment in segments]
    assert ends == [min(3 * num_chunks * (i + 1), 12) for i in range(len(ends))]


def test_an_order_follows_from_the_seed_alone():
    together = orders_of(table(make()), 4)
    alone = Timetable(make(), NUM_ROWS, SEEDS[1:2], 12, ())
    np.testing.assert_array_equal(orders_of(alone, 4)[0], together[1])


def test_a_longer_training_begins_with_the_same_orders():
    longer = orders_of(table(make(num_steps=30)), 10)
    np.testing.assert_array_equal(longer[:, :4], orders_of(table(make()), 4))


def test_trainings_of_similar_lengths_have_arrays_of_the_same_size():
    (short,) = table(make(num_steps=15)).segments()
    (longer,) = table(make(num_steps=24)).segments()
    assert short.orders.shape == longer.orders.shape == (3, 64, NUM_ROWS)


def test_deep_recipes_share_a_program_with_those_that_train_four_times_as_long():
    (usual,), (longer,) = (
        Timetable(c.training, 1024, np.arange(c.stack_size()), steps, ()).segments()
        for steps in (500, 2000)
        for c in [recipe_config(num_steps=steps)]
    )
    assert usual.orders.shape == longer.orders.shape


def test_orders_that_fill_much_memory_are_padded_by_a_factor_of_two_at_most():
    num_rows = batches.SPARE_ORDER_BYTES // (4 * len(SEEDS))
    for epochs, padded in ((1, 1), (3, 4), (5, 8)):
        training = make(num_steps=None, epochs=epochs)
        total = training.total_steps(num_rows)
        (segment,) = Timetable(training, num_rows, SEEDS, total, ()).segments()
        assert segment.orders.shape == (3, padded, num_rows)


def test_one_order_for_all_epochs_is_handed_out_once():
    (segment,) = table(make(shuffle="once")).segments()
    assert segment.orders.shape == (3, 1, NUM_ROWS)
    first = orders_of(table(make()), 1)
    np.testing.assert_array_equal(segment.orders, first)


def test_without_shuffling_rows_stay_as_stored():
    (segment,) = table(make(shuffle="none")).segments()
    np.testing.assert_array_equal(segment.orders, [[np.arange(NUM_ROWS)]])


@pytest.mark.parametrize("batch_size", [None, 10, 11])
def test_an_update_of_all_rows_needs_no_order(batch_size):
    assert takes_all_rows(make(batch_size=batch_size), NUM_ROWS)
    (segment,) = table(make(batch_size=batch_size)).segments()
    assert segment.orders is None


@pytest.mark.parametrize(
    ("orders", "message"),
    [
        (np.zeros((2, 4, NUM_ROWS), int), r"shaped \[1 or 3 runs"),
        (np.zeros((3, 3, NUM_ROWS), int), "at least 4 epochs"),
        (np.zeros((3, 4, 9), int), "10 rows"),
        (np.zeros((4, NUM_ROWS), int), r"shaped \[1 or 3 runs"),
        (np.full((3, 4, NUM_ROWS), 10), "`orders` must hold rows 0 to 9"),
    ],
)
def test_orders_that_do_not_fit_are_refused(orders, message):
    with pytest.raises(ConfigError, match=message):
        table(make(), orders=orders)


def test_orders_without_effect_are_refused():
    with pytest.raises(ConfigError, match="must be None where every update takes all"):
        table(make(batch_size=None), orders=np.zeros((1, 1, NUM_ROWS), int))


def test_short_lengths_are_padded_to_one():
    assert [padded_length(size) for size in (0, 1, 31, 32, 33, 65)] == [
        *[32] * 4,
        64,
        128,
    ]


@given(st.integers(0, 5000))
def test_the_next_power_of_two_is_the_smallest_that_fits(size):
    power = next_power_of_two(size)
    assert power >= size
    assert power == 1 or power < 2 * size
    assert power & (power - 1) == 0
