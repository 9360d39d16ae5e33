"""The XOR problem: four points that no line separates.

XOR asks whether exactly one of two bits is on. Drawn as points of a square, the two
answers sit on opposite corners, and no straight line has one answer on each side
(`no_straight_line_separates_xor`). Whatever draws only lines must therefore fail:
fitting a plane by least squares answers one half everywhere
(`linear_regression_predicts_one_half_everywhere`), and logistic regression does no
better (`logistic_regression_cannot_solve_xor`).

A hidden layer bends the picture first. The weights of the hidden layer bring the two
mixed corners together, ReLU bends the line on which all corners then lie, and one
straight line is enough (`relu_makes_xor_linearly_separable`,
`two_hidden_units_suffice_for_xor`). That such weights exist is arithmetic. Whether
gradient descent finds them is another question, and it is where luck comes in: with two
hidden units many starts end with a silent unit or in a poor local minimum
(`two_relu_units_learn_xor`), so that a single run that works shows little
(`printed_program_solves_xor`, `printed_fit_quality_is_typical`).

Eight times as many units as needed make success all but certain
(`wider_hidden_layers_make_xor_certain`): with many folds to choose from, some good one
is near every start. The same holds for large networks and is one of the few lessons of
XOR that carries over to them.
"""

from ablations.protocol.chapter import ChapterWords, Told

CHAPTER = ChapterWords(
    question="What does a network need to learn XOR?",
    answer=(
        Told(
            text="[No straight line](no_straight_line_separates_xor) separates the four"
            " points of XOR, so models that only draw lines cannot learn it.",
            presumes={
                "no_straight_line_separates_xor": "supported",
                "logistic_regression_cannot_solve_xor": "supported",
            },
        ),
        Told(
            text="A hidden layer folds the plane first: after ReLU"
            " [one line is enough](relu_makes_xor_linearly_separable).",
            presumes={"relu_makes_xor_linearly_separable": "supported"},
        ),
        Told(
            text="[Two units suffice](two_hidden_units_suffice_for_xor) if somebody"
            " sets their weights by hand.",
            presumes={"two_hidden_units_suffice_for_xor": "supported"},
        ),
        Told(
            text="Training finds such weights only sometimes: two ReLU units"
            " [learn XOR](two_relu_units_learn_xor) in"
            " {two_relu_units_learn_xor.relu5000} of runs.",
            presumes={"two_relu_units_learn_xor": "refuted"},
        ),
        Told(
            text=(
                "[Sixteen units](wider_hidden_layers_make_xor_certain) make it all but"
                " certain; more [epochs](hundred_epochs_are_enough_for_xor) help less."
            ),
            presumes={
                "wider_hidden_layers_make_xor_certain": "supported",
                "hundred_epochs_are_enough_for_xor": "refuted",
            },
        ),
    ),
    groups={
        "Why is one line not enough?": (
            "no_straight_line_separates_xor",
            "least_squares_on_xor_gives_zero_weights_and_one_half",
            "linear_regression_predicts_one_half_everywhere",
            "logistic_regression_cannot_solve_xor",
            "logistic_regression_is_a_one_neuron_network",
            "perceptron_is_a_single_layer_binary_classifier",
            "xor_needs_more_than_one_neuron",
        ),
        "Which networks can represent XOR?": (
            "two_hidden_units_suffice_for_xor",
            "relu_makes_xor_linearly_separable",
            "hand_made_network_gives_every_printed_matrix",
            "output_formula_multiplies_as_printed",
            "xor_network_has_nine_parameters",
            "xor_network_needs_biases",
            "xor_has_many_solutions",
        ),
        "Does training find one?": (
            "two_relu_units_learn_xor",
            "wider_hidden_layers_make_xor_certain",
            "he_normal_is_a_good_start_for_leaky_relu",
            "linear_output_with_mse_is_the_right_head",
            "hundred_epochs_are_enough_for_xor",
        ),
        "Does the printed program do what the text says?": (
            "printed_program_solves_xor",
            "printed_fit_quality_is_typical",
            "printed_weights_give_the_printed_outputs",
            "printed_code_uses_the_activation_of_the_text",
        ),
    },
    surprises={
        "two_relu_units_learn_xor": Told(
            text="The textbook network for XOR mostly fails to learn it.",
            presumes={"two_relu_units_learn_xor": "refuted"},
            state="two_units/relu/5000-updates",
        ),
        "xor_needs_more_than_one_neuron": Told(
            text="One neuron can learn XOR, if its activation rises and falls.",
            presumes={"xor_needs_more_than_one_neuron": "supported"},
        ),
        "xor_network_needs_biases": Told(
            text="Two ReLU units learn XOR as well without biases.",
            presumes={"xor_network_needs_biases": "refuted"},
        ),
    },
    quiz=(
        "two_relu_units_learn_xor",
        "logistic_regression_cannot_solve_xor",
        "he_normal_is_a_good_start_for_leaky_relu",
        "xor_network_needs_biases",
        "xor_has_many_solutions",
    ),
    examples={
        "How many neurons does XOR need?": "two_hidden_units_suffice_for_xor",
        "Can logistic regression learn XOR?": "logistic_regression_cannot_solve_xor",
    },
)
