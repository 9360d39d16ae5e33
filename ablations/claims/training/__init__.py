"""Training: what layers and neurons compute, and the printed equations of a batch.

The equations are taken literally and compared with finite differences of the loss that
is printed above them, for one row and for five. Some lines are right for one row only
(`derivative_of_the_loss_is_as_printed`, `bias_gradient_is_delta`), and one line is not
there (`printed_equations_give_every_gradient`).

What training is worth is asked of networks that trained until they had converged:
whether they are right (`networks_that_converge_predict_right`), and on new rows as well
(`trained_networks_generalize_to_unseen_data`).
"""

from ablations.protocol.chapter import ChapterWords, Told

CHAPTER = ChapterWords(
    question="Can a network be trained by the printed equations, and what is it worth?",
    answer=(
        Told(
            text="Not by them alone: the line that hands the error down to lower"
            " layers [is missing](printed_equations_give_every_gradient).",
            presumes={"printed_equations_give_every_gradient": "refuted"},
        ),
        Told(
            text="The [derivative of the loss](derivative_of_the_loss_is_as_printed)"
            " and the [gradient of the biases](bias_gradient_is_delta) are right for"
            " one row only.",
            presumes={
                "derivative_of_the_loss_is_as_printed": "refuted",
                "bias_gradient_is_delta": "refuted",
            },
        ),
        Told(
            text="For softmax, [slope by slope](delta_is_output_derivative_times_slope)"
            " is wrong, since each logit moves every output.",
            presumes={"delta_is_output_derivative_times_slope": "refuted"},
        ),
        Told(
            text=(
                "[Updates lower the"
                " loss](repeated_updates_lower_the_loss_until_it_converges)"
                " while the rate is below two over the largest curvature."
            ),
            presumes={
                "repeated_updates_lower_the_loss_until_it_converges": "conditional"
            },
        ),
        Told(
            text="What was learned from true labels [carries over to new"
            " rows](trained_networks_generalize_to_unseen_data), but [to"
            " converge](networks_that_converge_predict_right) is not yet to be right.",
            presumes={
                "trained_networks_generalize_to_unseen_data": "supported",
                "networks_that_converge_predict_right": "conditional",
            },
        ),
    ),
    groups={
        "What is a network made of?": (
            "layers_have_one_node_per_feature_and_output",
            "neurons_add_up_weighted_inputs_and_apply_an_activation",
            "neurons_need_a_bias",
            "networks_consist_of_perceptrons",
        ),
        "Are the printed equations right?": (
            "binary_cross_entropy_is_as_printed",
            "derivative_of_the_loss_is_as_printed",
            "delta_is_output_derivative_times_slope",
            "weight_gradient_is_delta_times_inputs",
            "bias_gradient_is_delta",
            "chain_of_three_derivatives_gives_the_weight_gradient",
        ),
        "Are they enough to train?": (
            "printed_equations_give_every_gradient",
            "weights_and_biases_move_against_their_gradients",
            "repeated_updates_lower_the_loss_until_it_converges",
        ),
        "What does training cost, and what is it worth?": (
            "backpropagation_computes_gradients_efficiently",
            "backpropagation_makes_many_layers_trainable",
            "networks_that_converge_predict_right",
            "trained_networks_generalize_to_unseen_data",
        ),
    },
    surprises={
        "derivative_of_the_loss_is_as_printed": Told(
            text="The printed derivative of the loss is too large by as many times as"
            " there are rows.",
            presumes={"derivative_of_the_loss_is_as_printed": "refuted"},
        ),
        "neurons_need_a_bias": Told(
            text="Without biases networks lose {neurons_need_a_bias.spirals} percentage"
            " points on spirals, and on digits nothing.",
            presumes={"neurons_need_a_bias": "refuted"},
        ),
    },
    quiz=(
        "printed_equations_give_every_gradient",
        "derivative_of_the_loss_is_as_printed",
        "networks_consist_of_perceptrons",
        "repeated_updates_lower_the_loss_until_it_converges",
        "neurons_need_a_bias",
        "networks_that_converge_predict_right",
    ),
    examples={
        "Does every neuron need a bias?": "neurons_need_a_bias",
        "Does every update lower the loss?": (
            "repeated_updates_lower_the_loss_until_it_converges"
        ),
    },
)
