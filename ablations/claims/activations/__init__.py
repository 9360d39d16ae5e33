"""Activations: what each one computes, and what that does to learning.

What a sentence on a single function says can be computed: its range
(`sigmoid_lies_strictly_between_zero_and_one`), its slope
(`relu_has_slope_one_and_never_saturates_above_zero`), its formula. Several sentences
that are true of real numbers are not true of the numbers in which networks compute; the
statement on real numbers is judged, and what float32 makes of it stands beside.

Softmax has most of the surprises: a small lead is not a majority among many classes
(`a_small_lead_takes_the_majority_share`), and the formula as printed overflows
(`softmax_formula_as_written_can_be_computed`). What one hidden layer can fit depends on
more than a curve in its activation
(`one_hidden_layer_approximates_any_continuous_function`).

A unit whose sum is negative for every training row is called dead. Off for every
training row is not off for every input (`dead_unit_outputs_zero_for_every_input`), and
a unit of a deeper layer has inputs that move while others learn
(`dead_units_stop_learning`).

What is best for hidden layers is asked of a league on six tasks, each activation with
weights and a learning rate of its own (`relu_is_best_for_hidden_layers`).
"""

from ablations.protocol.chapter import ChapterWords, Told

CHAPTER = ChapterWords(
    question="What does an activation compute, and what does that do to learning?",
    answer=(
        Told(
            text="[Without activations](deep_linear_networks_are_one_linear_layer) a"
            " deep network is a single linear layer, whatever its depth.",
            presumes={"deep_linear_networks_are_one_linear_layer": "supported"},
        ),
        Told(
            text="But [not every curve"
            " helps](one_hidden_layer_approximates_any_continuous_function):"
            " squares and cubes never fit a sine wave, however wide the layer.",
            presumes={
                "one_hidden_layer_approximates_any_continuous_function": "refuted"
            },
        ),
        Told(
            text="[ReLU](relu_has_slope_one_and_never_saturates_above_zero) passes"
            " gradients on whole above zero; [a"
            " sigmoid](sigmoid_slope_is_near_zero_far_from_zero) loses most of its"
            " slope a few units from zero.",
            presumes={
                "relu_has_slope_one_and_never_saturates_above_zero": "supported",
                "sigmoid_slope_is_near_zero_far_from_zero": "refuted",
            },
        ),
        Told(
            text=(
                "For hidden layers [ReLU](relu_is_best_for_hidden_layers) is mostly"
                " within a percentage point of the best; with six layers on clusters"
                " ELU is {relu_is_best_for_hidden_layers.elu_clusters} points ahead."
            ),
            presumes={"relu_is_best_for_hidden_layers": "supported"},
        ),
        Told(
            text="Formulas hold for real numbers; in float32 a sigmoid [reaches"
            " one](sigmoid_lies_strictly_between_zero_and_one), and softmax as"
            " printed [overflows](softmax_formula_as_written_can_be_computed).",
            presumes={
                "sigmoid_lies_strictly_between_zero_and_one": "supported",
                "softmax_formula_as_written_can_be_computed": "refuted",
            },
        ),
    ),
    groups={
        "What does a network gain from activations?": (
            "real_data_are_rarely_linear",
            "deep_linear_networks_are_one_linear_layer",
            "depth_is_useless_without_activations",
            "one_hidden_layer_approximates_any_continuous_function",
            "nonlinear_activations_let_networks_learn_complex_patterns",
            "approximation_holds_on_the_whole_line",
            "the_theorem_is_why_networks_are_powerful",
            "activations_act_as_a_threshold_gate",
            "relu_is_the_most_popular_hidden_activation",
        ),
        "Which numbers come out?": (
            "activation_outputs_are_binary_bounded_or_any_number",
            "sigmoid_formula_is_what_keras_computes",
            "sigmoid_lies_strictly_between_zero_and_one",
            "sigmoid_outputs_are_not_centered_on_zero",
            "tanh_is_a_rescaled_sigmoid",
            "tanh_lies_strictly_between_minus_one_and_one",
            "relu_is_a_linear_function",
            "leaky_relu_is_the_larger_of_alpha_x_and_x",
            "leaky_relu_reaches_every_real_number",
            "elu_stays_above_minus_alpha",
            "elu_prevents_bias_shift",
            "only_a_fraction_of_relu_units_fires",
        ),
        "Which gradients come through?": (
            "sigmoid_slope_is_near_zero_far_from_zero",
            "saturated_sigmoids_slow_down_training",
            "sigmoid_has_a_smooth_gradient",
            "relu_has_slope_one_and_never_saturates_above_zero",
            "elu_is_smooth_for_negative_inputs",
            "leaky_relu_needs_a_preset_slope",
            "relu_mitigates_vanishing_gradients",
            "sigmoids_suffer_from_vanishing_gradients",
            "tanh_still_suffers_from_vanishing_gradients",
        ),
        "When does a unit stop learning?": (
            "negative_inputs_stop_a_relu_unit_from_learning",
            "leaky_relu_keeps_units_learning_below_zero",
            "dead_unit_outputs_zero_for_every_input",
            "dead_units_stop_learning",
            "proper_initialization_prevents_dead_units",
        ),
        "Which activation suits hidden layers?": (
            "relu_is_best_for_hidden_layers",
            "activations_are_to_be_chosen_for_each_layer",
            "unbounded_outputs_are_a_disadvantage_of_relu",
            "leaky_relu_is_an_alternative_to_relu",
            "a_slope_of_a_hundredth_suits_leaky_relu",
            "prelu_learns_its_slope",
            "prelu_risks_overfitting",
            "elu_converges_faster_in_deep_networks",
            "tanh_is_better_than_the_sigmoid_in_hidden_layers",
            "centering_is_why_tanh_trains_faster_than_the_sigmoid",
            "vanishing_gradients_slow_down_tanh",
            "tanh_suits_inputs_that_need_centering",
            "softmax_is_for_output_layers_and_hardly_for_hidden_ones",
        ),
        "What does an activation cost?": (
            "relu_is_fast_to_compute",
            "zero_one_slopes_make_backpropagation_cheaper",
            "elu_is_slower_to_compute_than_relu",
            "sparse_activations_make_computation_faster",
        ),
        "Which output layer fits the task?": (
            "sigmoid_is_the_best_output_for_two_classes",
            "sigmoid_is_useful_for_binary_classification",
            "softmax_is_the_best_output_for_many_classes",
            "softmax_gives_class_probabilities",
            "relu_is_the_best_output_for_numbers",
        ),
        "What does softmax do?": (
            "softmax_gives_a_probability_distribution",
            "softmax_leaves_losers_a_small_probability",
            "a_small_lead_takes_the_majority_share",
            "temperature_makes_softmax_uniform_or_one_hot",
            "softmax_derivative_is_as_printed",
            "softmax_can_suffer_from_vanishing_gradients",
            "softmax_formula_as_written_can_be_computed",
            "printed_softmax_example_is_right",
        ),
    },
    surprises={
        "saturated_sigmoids_slow_down_training": Told(
            text="An output that starts where its sigmoid is flat learns at once with"
            " cross-entropy; only squared error keeps it waiting.",
            presumes={"saturated_sigmoids_slow_down_training": "conditional"},
        ),
        "dead_units_stop_learning": Told(
            text="A dead ReLU unit may come back: a third in a second layer do.",
            presumes={"dead_units_stop_learning": "refuted"},
        ),
        "one_hidden_layer_approximates_any_continuous_function": Told(
            text="The theorem that one hidden layer is enough fails for activations"
            " such as the square.",
            presumes={
                "one_hidden_layer_approximates_any_continuous_function": "refuted"
            },
        ),
        "softmax_is_for_output_layers_and_hardly_for_hidden_ones": Told(
            text="With softmax in both hidden layers a network classifies digits nearly"
            " as well as with ReLU.",
            presumes={
                "softmax_is_for_output_layers_and_hardly_for_hidden_ones": "conditional"
            },
        ),
        "proper_initialization_prevents_dead_units": Told(
            text="He's weights leave as many ReLU units dead at the start as small"
            " weights do.",
            presumes={"proper_initialization_prevents_dead_units": "refuted"},
        ),
    },
    quiz=(
        "dead_units_stop_learning",
        "one_hidden_layer_approximates_any_continuous_function",
        "softmax_formula_as_written_can_be_computed",
        "sigmoid_lies_strictly_between_zero_and_one",
        "relu_is_a_linear_function",
        "saturated_sigmoids_slow_down_training",
    ),
    examples={
        "Does a better initializer prevent dead ReLU units?": (
            "proper_initialization_prevents_dead_units"
        ),
        "Do dead ReLU units ever come back?": "dead_units_stop_learning",
        "Why does softmax return nan?": "softmax_formula_as_written_can_be_computed",
    },
)
