import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ablations.training.config import (
    CANNOT_STACK,
    FORMS,
    OPTIMIZERS,
    EarlyStoppingConfig,
    OptimizerConfig,
    OutputsConfig,
    ScheduleConfig,
    TrainingConfig,
)
from models.config import ConfigError

SGD = OptimizerConfig(name="sgd", learning_rate=0.1)


def make(**changes: object) -> TrainingConfig:
    """Return a training of ten steps, with changes."""
    return TrainingConfig(**{"optimizer": SGD, "num_steps": 10, **changes})


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_has_a_value_for_every_number_that_it_reads(name):
    numbers = OptimizerConfig(name=name, learning_rate=0.1).numbers()
    assert set(numbers) == {"learning_rate", "weight_decay", *OPTIMIZERS[name]}
    assert all(np.isfinite(list(numbers.values())))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_structure_of_an_optimizer_keeps_its_forms_and_drops_its_numbers(name):
    forms = {form: not value for form, value in FORMS.get(name, {}).items()}
    numbers = {number: 0.25 for number in OPTIMIZERS[name]}
    plain = make(optimizer=OptimizerConfig(name=name, learning_rate=0.1))
    other = OptimizerConfig(name=name, learning_rate=0.2, **numbers)
    assert make(optimizer=other).structure() == plain.structure()
    for form, value in forms.items():
        switched = OptimizerConfig(name=name, learning_rate=0.1, **{form: value})
        assert make(optimizer=switched).structure() != plain.structure()


@pytest.mark.parametrize(
    "changes",
    [
        {"num_steps": 500},
        {"schedule": ScheduleConfig(name="step", decay_steps=3, factor=0.5)},
        {"log_steps": (1, 5)},
        {"num_steps": None, "epochs": 3},
    ],
)
def test_what_may_differ_within_a_stack_is_no_structure(changes):
    assert make(**changes).structure() == make().structure()


@pytest.mark.parametrize(
    "changes",
    [
        {"optimizer": OptimizerConfig(name="lion", learning_rate=0.1)},
        {"optimizer": SGD.replace(weight_decay=0.1)},
        {"loss": "hinge"},
        {"batch_size": 4},
        {"clip_norm": 1.0},
        {"metrics": ("loss", "accuracy")},
        {"probes": ("weight_norm",)},
        {"early_stopping": EarlyStoppingConfig()},
        {"early_stopping": EarlyStoppingConfig(restore_best_weights=True)},
        {"outputs": OutputsConfig()},
    ],
)
def test_what_changes_the_program_is_structure(changes):
    assert make(**changes).structure() != make().structure()


def test_two_strengths_of_one_kind_share_a_structure():
    for first, other in [
        ({"clip_value": 0.1}, {"clip_value": 5.0}),
        ({"clip_norm": 0.1}, {"clip_norm": 5.0}),
        ({"clip_global_norm": 0.1}, {"clip_global_norm": 5.0}),
        (
            {"early_stopping": EarlyStoppingConfig(patience=3)},
            {"early_stopping": EarlyStoppingConfig(min_delta=0.1)},
        ),
        (
            {"outputs": OutputsConfig(patience=(0, 3))},
            {"outputs": OutputsConfig(patience=(5, 0))},
        ),
        (
            {"optimizer": SGD.replace(weight_decay=0.1)},
            {"optimizer": SGD.replace(weight_decay=0.2)},
        ),
    ]:
        assert make(**first).structure() == make(**other).structure()
        assert make(**first).hyperparameters(8) != make(**other).hyperparameters(8)


def test_equal_structures_have_hyperparameters_of_the_same_names():
    schedule = ScheduleConfig(name="linear", decay_steps=3, final_learning_rate=0.0)
    names = set(make().hyperparameters(8))
    assert set(make(schedule=schedule, num_steps=3).hyperparameters(8)) == names


@pytest.mark.parametrize("kind", ["value", "norm", "global_norm"])
def test_the_kind_of_clipping_follows_from_its_field(kind):
    assert make(**{f"clip_{kind}": 0.5}).clip_kind == kind
    assert make(**{f"clip_{kind}": 0.5}).hyperparameters(8)["clip"] == 0.5
    assert make().clip_kind is None


@given(
    num_rows=st.integers(1, 300),
    batch_size=st.one_of(st.none(), st.integers(1, 400)),
    drop=st.booleans(),
)
def test_an_epoch_has_as_many_updates_as_batches(num_rows, batch_size, drop):
    training = make(
        batch_size=batch_size, drop_remainder=drop, num_steps=None, epochs=3
    )
    size = min(batch_size or num_rows, num_rows)
    batches = [min(size, num_rows - first) for first in range(0, num_rows, size)]
    expected = sum(1 for batch in batches if batch == size or not drop)
    assert training.steps_per_epoch(num_rows) == expected
    assert training.total_steps(num_rows) == 3 * expected


MISTAKES = {
    "unknown_optimizer": (
        lambda: OptimizerConfig(name="adm", learning_rate=0.1),
        "`optimizer` must be one of .* Did you mean 'adam'",
    ),
    "number_of_another_optimizer": (
        lambda: OptimizerConfig(name="sgd", learning_rate=0.1, momentum=0.9),
        "`momentum` is not a field of the optimizer 'sgd'",
    ),
    "negative_rate": (
        lambda: OptimizerConfig(name="sgd", learning_rate=-0.1),
        "`learning_rate` must be a non-negative number. Received: -0.1",
    ),
    "schedule_without_steps": (
        lambda: ScheduleConfig(name="step", factor=0.5),
        "`schedule` 'step' must have `decay_steps`",
    ),
    "schedule_with_too_much": (
        lambda: ScheduleConfig(factor=0.5),
        "`factor` is not a field of the schedule 'constant'",
    ),
    "unknown_schedule": (
        lambda: ScheduleConfig(name="cosin"),
        "`schedule` must be one of .* Did you mean 'cosine'",
    ),
    "no_length": (
        lambda: make(num_steps=None),
        "Exactly one of `num_steps` and `epochs` must be given",
    ),
    "two_lengths": (
        lambda: make(epochs=3),
        "Exactly one of `num_steps` and `epochs` must be given",
    ),
    "two_clippings": (
        lambda: make(clip_norm=1.0, clip_value=1.0),
        "At most one of .* must be given",
    ),
    "a_mean_that_is_divided_by_nothing": (
        lambda: OptimizerConfig(
            name="schedule_free_adamw", learning_rate=0.1, beta_1=0.0
        ),
        "`beta_1` must be greater than 0 for 'schedule_free_adamw'",
    ),
    "frozen_layers_of_a_mean": (
        lambda: make(
            frozen_layers=1,
            optimizer=OptimizerConfig(name="schedule_free_adamw", learning_rate=0.1),
        ),
        "`frozen_layers` must be 0 for 'schedule_free_adamw'",
    ),
    "logits_of_a_square": (
        lambda: make(from_logits=True),
        "`from_logits` must be False unless",
    ),
    "log_steps_backwards": (
        lambda: make(log_steps=(5, 1)),
        "`log_steps` must increase strictly",
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_named(case):
    build, message = MISTAKES[case]
    with pytest.raises(ConfigError, match=message):
        build()


@pytest.mark.parametrize("name", CANNOT_STACK)
def test_an_optimizer_that_mixes_runs_is_refused_with_the_reason(name):
    with pytest.raises(ConfigError, match="cannot be stacked: "):
        OptimizerConfig(name=name, learning_rate=0.1)
