"""The rig describes the printed program, and claims share its runs."""

import pytest

from ablations.claims.registry import all_claims
from ablations.protocol.network_runs import ArmConfig
from ablations.rigs.xor import (
    LOG_STEPS,
    PRINTED,
    PRINTED_FIT,
    PRINTED_STEPS,
    PROGRAM,
    WIDTHS,
    is_so,
    measured,
    network,
    neuron,
    never_solves,
    single_neuron,
    solved,
    solves,
    solves_more,
    width_arm,
    within,
    xor_arm,
)
from models.config import ConfigError


def test_the_printed_program_is_what_the_listing_says():
    model, training = PRINTED.model, PRINTED.training
    assert PRINTED.task.name == "xor"
    assert (model.input_units, model.hidden_units, model.output_units) == (2, (2,), 1)
    assert model.per_layer("activation")[0].name == "leaky_relu"
    assert model.per_layer("kernel_initializer")[0].name == "he_normal"
    assert model.output_initializer().name == "glorot_uniform"
    assert model.output_activation.name == "linear"
    assert (training.optimizer.name, training.optimizer.learning_rate) == ("adam", 0.05)
    assert (training.loss, training.batch_size) == ("mse", None)
    assert PRINTED_STEPS in training.log_steps


def test_the_program_by_fit_differs_in_engine_and_length_only():
    fit, stack = PRINTED_FIT, PRINTED
    assert (fit.task, fit.model) == (stack.task, stack.model)
    assert (fit.engine, stack.engine) == ("fit", "stack")
    assert fit.training.num_steps == PRINTED_STEPS
    assert fit.training.optimizer == stack.training.optimizer
    early = tuple(k for k in stack.training.log_steps if k <= PRINTED_STEPS)
    assert fit.training.log_steps == early


def test_widths_share_the_runs_of_the_two_unit_networks():
    assert width_arm(2, "leaky_relu") == PRINTED
    assert network("leaky ReLU", 2).config == PROGRAM.config
    assert network("ReLU").config == width_arm(2, "relu")


@pytest.mark.parametrize("width", WIDTHS)
def test_every_width_is_recorded_after_500_updates(width):
    arm = width_arm(width, "relu")
    assert arm.model.hidden_units == (width,)
    assert 500 in arm.training.log_steps


def test_a_single_neuron_has_three_parameters():
    assert single_neuron("tanh").model.parameter_count() == (3, 3)


@pytest.mark.parametrize("num_steps", [7, 100, 5000])
def test_an_arm_is_recorded_up_to_its_end(num_steps):
    steps = xor_arm(num_steps=num_steps).training.log_steps
    assert steps == LOG_STEPS[: len(steps)]
    assert steps[-1] <= num_steps


def test_a_changed_network_is_trained_for_500_updates():
    changed, unchanged = network("ReLU", use_bias=False), network("ReLU")
    assert (changed.config.training.num_steps, changed.config.model.use_bias) == (
        500,
        False,
    )
    assert unchanged.config.training.num_steps == 5000


def test_arms_are_called_by_what_people_call_their_activation():
    assert network("leaky ReLU of slope 0.01", 4).name == (
        "leaky ReLU of slope 0.01, width 4"
    )
    assert neuron("cosine").name == "one neuron, cosine"
    assert neuron("tanh").config == single_neuron("tanh")
    (steep,) = network("leaky ReLU of slope 0.01").config.model.per_layer("activation")
    assert steep.slope == 0.01


def test_a_change_that_no_network_has_is_refused():
    with pytest.raises(ConfigError, match="use_bias"):
        xor_arm(use_biases=False)


def test_scores_say_when_they_are_read():
    assert solved(5000).words == "solve all four rows after 5,000 updates"
    assert solved().words == "solve all four rows"
    assert (within(0.01, 100).at_most, within(0.01, 100).at) == (0.01, 100)


def test_solving_is_bounded_from_below_and_never_solving_from_above():
    shown, often = solves("a", PROGRAM, 100), solves("a", PROGRAM, share=0.95)
    assert (shown.bound, shown.score, shown.direction) == (0.0, solved(100), "at_least")
    assert (often.bound, often.score) == (0.95, solved())
    never = never_solves("a", PROGRAM, 500)
    assert (never.bound, never.score, never.direction) == (
        0.001,
        solved(500),
        "at_most",
    )
    assert never.label == "runs that solve all four rows after 500 updates, " + (
        PROGRAM.name
    )


def test_two_arms_are_compared_by_their_share_of_solved_runs():
    more = solves_more("a", "b", network("ReLU"), PROGRAM, 100, direction="no_less")
    assert (more.score, more.bound) == (solved(100), -0.02)


def test_a_measured_quantity_is_called_by_its_name():
    check = measured("hidden_space", "is_separable_as_inputs", 0.0, "words")
    assert (check.key, check.quantity) == ("is_separable_as_inputs",) * 2
    assert (check.relation, check.tolerance) == ("equal", 0.0)


@pytest.mark.parametrize(("answer", "number"), [(True, 1.0), (False, 0.0)])
def test_what_is_so_is_measured_as_one(answer, number):
    check = is_so("linear_rules", "xor_is_separable", "a line does it", answer)
    assert check.expected == number
    assert check.label == "whether a line does it (1 yes, 0 no)"


def test_claims_share_what_they_train():
    arms: list[ArmConfig] = [
        arm.config
        for claim in all_claims().values()
        if claim.chapter == "xor"
        for arm in claim.claim.arms.values()
    ]
    distinct = {arm.model_dump_json() for arm in arms}
    assert arms.count(PRINTED) >= 5
    structures = {
        (arm.model.structure().model_dump_json(), arm.training.loss, arm.engine)
        for arm in arms
    }
    # Every structure is compiled once, which takes about a second.
    assert len(structures) <= 30
    assert len(distinct) < len(arms)
