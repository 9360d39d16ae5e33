"""Dying units: what kills a ReLU unit, what that costs, and what helps.

A unit that is off for every training row has no gradient, and so nothing that could
bring it back by itself. Two things are said to take it there
(`large_negative_biases_kill_relu_units`, `too_high_learning_rates_kill_relu_units`),
and three to help: an activation with a slope below zero
(`leaky_relu_fixes_dying_units`, `variants_of_relu_solve_the_dead_neuron_problem`),
smaller steps (`careful_learning_rates_solve_the_dead_neuron_problem`), and weights that
fit. What a dead unit computes, and whether it comes back, stands with the activations.
"""

from ablations.protocol.chapter import ChapterWords, Told

CHAPTER = ChapterWords(
    question="What kills ReLU units, what does it cost, and what helps?",
    answer=(
        Told(
            text="[Biases far below zero](large_negative_biases_kill_relu_units) kill"
            " ReLU units: minus three {large_negative_biases_kill_relu_units"
            ".sgd3_3.percent} of those in three layers, minus ten nearly all.",
            presumes={"large_negative_biases_kill_relu_units": "supported"},
        ),
        Told(
            text="[In training](relu_units_can_die_in_training) few units die at a good"
            " rate; [ten times the best one](too_high_learning_rates_kill_relu_units)"
            " of Adam kills a further {too_high_learning_rates_kill_relu_units"
            ".adam10_clusters.percent}.",
            presumes={
                "relu_units_can_die_in_training": "supported",
                "too_high_learning_rates_kill_relu_units": "supported",
            },
        ),
        Told(
            text="[A careful"
            " rate](careful_learning_rates_solve_the_dead_neuron_problem) keeps units"
            " alive, but does not mend networks that start with dead ones.",
            presumes={
                "careful_learning_rates_solve_the_dead_neuron_problem": "supported"
            },
        ),
        Told(
            text=(
                "[Leaky ReLU](leaky_relu_fixes_dying_units) of slope 0.01 wins back"
                " most of what minus three costs with Adam, nothing with plain gradient"
                " descent; [other"
                " variants](variants_of_relu_solve_the_dead_neuron_problem) differ."
            ),
            presumes={
                "leaky_relu_fixes_dying_units": "inconclusive",
                "variants_of_relu_solve_the_dead_neuron_problem": "inconclusive",
            },
        ),
        Told(
            text="Dead units [cost"
            " capacity](dead_units_reduce_the_capacity_of_a_network) where there is"
            " none to spare, and [PReLU"
            " helps](prelu_works_in_deep_networks_where_relu_fails) deep, narrow"
            " networks.",
            presumes={
                "dead_units_reduce_the_capacity_of_a_network": "conditional",
                "prelu_works_in_deep_networks_where_relu_fails": "supported",
            },
        ),
    ),
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
    surprises={
        "leaky_relu_fixes_dying_units": Told(
            text="Under plain gradient descent leaky ReLU with a slope of 0.01 revives"
            " nothing: from biases of minus three it ends"
            " {leaky_relu_fixes_dying_units.sgd3} percentage points behind.",
            presumes={"leaky_relu_fixes_dying_units": "inconclusive"},
        ),
        "large_negative_biases_kill_relu_units": Told(
            text="A high learning rate kills units mostly through their weights:"
            " without the biases they learned they stay dead.",
            presumes={"large_negative_biases_kill_relu_units": "supported"},
        ),
        "dead_units_reduce_the_capacity_of_a_network": Told(
            text="Half of a wide network's units can be dead at no cost: the others"
            " still learn every random label by heart.",
            presumes={"dead_units_reduce_the_capacity_of_a_network": "conditional"},
        ),
    },
    quiz=(
        "dead_units_reduce_the_capacity_of_a_network",
        "too_high_learning_rates_kill_relu_units",
        "careful_learning_rates_solve_the_dead_neuron_problem",
        "prelu_works_in_deep_networks_where_relu_fails",
    ),
    examples={
        "Does leaky ReLU cure dead units?": "leaky_relu_fixes_dying_units",
        "Does a high learning rate kill units?": (
            "too_high_learning_rates_kill_relu_units"
        ),
    },
)
