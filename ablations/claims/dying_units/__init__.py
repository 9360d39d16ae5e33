"""Dying units: what kills a ReLU unit, what that costs, and what helps.

A unit that is off for every training row has no gradient, and so nothing that could
bring it back by itself. Two things are said to take it there
(`large_negative_biases_kill_relu_units`, `too_high_learning_rates_kill_relu_units`),
and three to help: an activation with a slope below zero
(`leaky_relu_fixes_dying_units`, `variants_of_relu_solve_the_dead_neuron_problem`),
smaller steps (`careful_learning_rates_solve_the_dead_neuron_problem`), and weights that
fit. What a dead unit computes, and whether it comes back, stands with the activations.
"""

from ablations.protocol.chapter import ChapterWords

CHAPTER = ChapterWords(
    question="What kills ReLU units, what does it cost, and what helps?",
    groups={
        "What kills units?": (
            "relu_units_can_die_in_training",
            "large_negative_biases_kill_relu_units",
            "too_high_learning_rates_kill_relu_units",
        ),
        "What does it cost?": ("dead_units_reduce_the_capacity_of_a_network",),
        "What helps?": (
            "leaky_relu_fixes_dying_units",
            "variants_of_relu_solve_the_dead_neuron_problem",
            "prelu_works_in_deep_networks_where_relu_fails",
            "elu_units_cannot_die",
            "careful_learning_rates_solve_the_dead_neuron_problem",
        ),
    },
    quiz=(
        "leaky_relu_fixes_dying_units",
        "careful_learning_rates_solve_the_dead_neuron_problem",
        "dead_units_reduce_the_capacity_of_a_network",
        "large_negative_biases_kill_relu_units",
    ),
    examples={
        "Does leaky ReLU cure dead units?": "leaky_relu_fixes_dying_units",
        "Does a high learning rate kill units?": (
            "too_high_learning_rates_kill_relu_units"
        ),
    },
)
