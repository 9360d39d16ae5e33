"""Backpropagation: the printed example of a 2-2-1 network, line by line.

Each printed line says how the loss changes with one quantity. It is checked by moving
that quantity alone and looking at the loss, in double precision
(`error_at_the_output_is_prediction_minus_target`). What is right on paper may still
fail in the numbers of a computer: `factors_of_a_gradient_can_be_computed_apart`.
"""

from ablations.protocol.chapter import ChapterWords, Told

CHAPTER = ChapterWords(
    question="Are the printed gradients of a small network right?",
    answer=(
        Told(
            text="Yes: [error times the other"
            " factor](upper_layer_gradients_are_error_times_the_other_factor) is"
            " what finite differences give above the hidden layer.",
            presumes={
                "upper_layer_gradients_are_error_times_the_other_factor": "supported"
            },
        ),
        Told(
            text="Below it, gradients also [pass the slope of"
            " ReLU](lower_layer_gradients_pass_through_the_slope_of_relu).",
            presumes={
                "lower_layer_gradients_pass_through_the_slope_of_relu": "supported"
            },
        ),
        Told(
            text="All of it is the [chain"
            " rule](derivatives_of_nested_functions_multiply); but early layers learn"
            " [by other errors, too](early_layers_need_errors_from_the_chain_rule).",
            presumes={
                "derivatives_of_nested_functions_multiply": "supported",
                "early_layers_need_errors_from_the_chain_rule": "refuted",
            },
        ),
        Told(
            text="With a sigmoid and cross-entropy the error is [prediction less"
            " target](error_at_the_output_is_prediction_minus_target), and a"
            " computer should [use that"
            " form](factors_of_a_gradient_can_be_computed_apart).",
            presumes={
                "error_at_the_output_is_prediction_minus_target": "supported",
                "factors_of_a_gradient_can_be_computed_apart": "supported",
            },
        ),
        Told(
            text="At exactly zero the slope of ReLU [must be agreed"
            " on](printed_gradients_need_no_rule_at_the_kink), which matters for"
            " hardly any number.",
            presumes={"printed_gradients_need_no_rule_at_the_kink": "refuted"},
        ),
    ),
    groups={
        "What is the rule behind it?": (
            "derivatives_of_nested_functions_multiply",
            "smaller_gears_turn_three_and_six_times",
            "gradient_descent_subtracts_rate_times_gradient",
            "early_layers_need_errors_from_the_chain_rule",
        ),
        "Is every printed line right?": (
            "printed_forward_pass_is_that_of_two_dense_layers",
            "loss_by_output_is_error_over_slope",
            "sigmoid_slope_is_sigmoid_times_its_rest",
            "error_at_the_output_is_prediction_minus_target",
            "upper_layer_gradients_are_error_times_the_other_factor",
            "lower_layer_gradients_pass_through_the_slope_of_relu",
        ),
        "What must a program do differently?": (
            "factors_of_a_gradient_can_be_computed_apart",
            "printed_gradients_need_no_rule_at_the_kink",
        ),
    },
    surprises={
        "early_layers_need_errors_from_the_chain_rule": Told(
            text="Errors sent back through fixed random weights teach hidden layers"
            " nearly as well as the chain rule does.",
            presumes={"early_layers_need_errors_from_the_chain_rule": "refuted"},
        ),
        "error_at_the_output_is_prediction_minus_target": Told(
            text="However flat the sigmoid is, cross-entropy lets the whole error"
            " through.",
            presumes={"error_at_the_output_is_prediction_minus_target": "supported"},
        ),
    },
    quiz=(
        "early_layers_need_errors_from_the_chain_rule",
        "printed_gradients_need_no_rule_at_the_kink",
        "error_at_the_output_is_prediction_minus_target",
        "factors_of_a_gradient_can_be_computed_apart",
        "gradient_descent_subtracts_rate_times_gradient",
    ),
    examples={
        "Do early layers learn without the chain rule?": (
            "early_layers_need_errors_from_the_chain_rule"
        ),
        "What is the gradient of cross-entropy with a sigmoid?": (
            "error_at_the_output_is_prediction_minus_target"
        ),
    },
)
