"""Optimizers: what loss surfaces look like, and what printed update rules do on them.

Surfaces whose answer is known in closed form show what is true of each word: bowls,
ravines, saddles and plateaus (`optimizers_barely_move_near_a_saddle`,
`sgd_oscillates_uncontrollably_in_ravines`). What is small for SGD is not small for
rules that divide by the size of gradients.

Each rule is written down as printed and run beside Keras's on the same gradients
(`adagrad_divides_by_the_root_of_its_sums`, `adam_computes_the_printed_algorithm`). What
the notes say of a rule, such as how long its steps become or what is left of its rate,
is then read from the rule itself; nothing is trained.

Which rule is faster is asked in a league: each searches a learning rate at random on
four tasks, with the same number of trials (`adam_converges_faster`).
"""

from ablations.protocol.chapter import ChapterWords, Told

CHAPTER = ChapterWords(
    question="Why is it hard to go down a loss surface, and what do optimizers do?",
    answer=(
        Told(
            text="[Beside a saddle](optimizers_barely_move_near_a_saddle) and [on a"
            " plateau](plateaus_give_an_optimizer_little_guidance) SGD nearly stands"
            " still, and Adam moves on as on a slope.",
            presumes={
                "optimizers_barely_move_near_a_saddle": "conditional",
                "plateaus_give_an_optimizer_little_guidance": "conditional",
            },
        ),
        Told(
            text=(
                "Momentum makes steps [ten times as"
                " long](momentum_multiplies_a_constant_step_tenfold) where"
                " gradients agree, but [makes networks"
                " faster](momentum_accelerates_optimization_over_sgd) on one"
                " task of four, once SGD has its best rate."
            ),
            presumes={
                "momentum_multiplies_a_constant_step_tenfold": "supported",
                "momentum_accelerates_optimization_over_sgd": "conditional",
            },
        ),
        Told(
            text=(
                "[AdaGrad](adagrad_rate_shrinks_until_it_is_infinitesimal)"
                " lowers its rate as long as gradients last;"
                " [RMSProp](rmsprop_solves_the_vanishing_rate) does not, and"
                " never settles in a valley."
            ),
            presumes={
                "adagrad_rate_shrinks_until_it_is_infinitesimal": "conditional",
                "rmsprop_solves_the_vanishing_rate": "supported",
            },
        ),
        Told(
            text=(
                "[Adam](adam_converges_faster) beats SGD surely on two tasks of"
                " four if both search rates; in short training [its default"
                " rate](adam_needs_little_or_no_tuning) is far from the best."
            ),
            presumes={
                "adam_converges_faster": "inconclusive",
                "adam_needs_little_or_no_tuning": "refuted",
            },
        ),
        Told(
            text="After equal passes over the rows [small"
            " batches](mini_batches_are_considerably_faster_than_full_gradients) are"
            " far ahead of full gradients; rows must be"
            " [shuffled](samples_are_to_be_shuffled_in_every_epoch), for which once is"
            " enough.",
            presumes={
                "mini_batches_are_considerably_faster_than_full_gradients": "supported",
                "samples_are_to_be_shuffled_in_every_epoch": "supported",
            },
        ),
    ),
    groups={
        "What makes the way down hard?": (
            "loss_surfaces_are_not_convex",
            "training_may_land_in_a_bad_local_minimum",
            "low_enough_loss_is_as_good_as_the_lowest",
            "optimizers_barely_move_near_a_saddle",
            "plateaus_give_an_optimizer_little_guidance",
            "sgd_oscillates_uncontrollably_in_ravines",
            "different_parameters_require_different_learning_rates",
            "many_layers_and_weights_make_training_hard",
        ),
        "What is a step, an epoch and a rate?": (
            "mini_batch_step_takes_the_mean_gradient",
            "an_epoch_is_rows_over_batch_size_iterations",
            "learning_rate_falls_linearly_and_then_stays",
            "high_then_low_rates_find_deeper_minima",
            "small_late_rates_let_parameters_settle",
            "mini_batches_are_considerably_faster_than_full_gradients",
            "largest_batch_that_fits_still_performs_well",
            "samples_are_to_be_shuffled_in_every_epoch",
        ),
        "What does momentum add up, and what not?": (
            "momentum_accelerates_optimization_over_sgd",
            "momentum_is_a_weighted_sum_of_all_gradients",
            "momentum_multiplies_a_constant_step_tenfold",
            "momentum_cancels_gradients_that_fluctuate",
            "momentum_may_overshoot_the_minimum",
            "momentum_has_one_rate_for_all_features",
        ),
        "What do AdaGrad and RMSProp make of the learning rate?": (
            "adagrad_divides_by_the_root_of_its_sums",
            "adagrad_rate_is_inversely_proportional_to_its_sums",
            "adagrad_rate_shrinks_until_it_is_infinitesimal",
            "adagrad_stops_learning_before_it_converges",
            "sparse_features_get_larger_adagrad_updates",
            "rmsprop_converges_faster_by_forgetting",
            "rmsprop_average_becomes_the_squared_gradient",
            "rmsprop_weighs_history_by_ninety_percent",
            "rmsprop_solves_the_vanishing_rate",
            "rmsprop_has_no_momentum",
            "rmsprop_neither_speeds_up_nor_damps",
        ),
        "What does Adam put together?": (
            "adam_computes_the_printed_algorithm",
            "adam_counts_gradients_by_powers_of_its_decay",
            "bias_correction_offsets_averages_that_start_at_zero",
            "adam_without_correction_starts_too_slowly",
            "adam_combines_rmsprop_and_momentum",
            "adam_converges_faster",
            "adam_needs_little_or_no_tuning",
            "adam_is_computationally_efficient",
            "adam_needs_little_memory",
            "adam_defaults_are_as_printed",
            "adam_can_fail_or_generalize_worse",
        ),
        "What can only be looked up?": (
            "adam_is_the_default_optimizer",
            "learning_rates_are_decayed_linearly_in_practice",
            "optimizers_have_their_authors_and_dates",
            "h100_has_80_gb_of_memory",
        ),
    },
    surprises={
        "adam_needs_little_or_no_tuning": Told(
            text="At the rate of Keras, Adam needs over 1.5 times the updates of a"
            " searched rate on every task tried.",
            presumes={"adam_needs_little_or_no_tuning": "refuted"},
        ),
        "samples_are_to_be_shuffled_in_every_epoch": Told(
            text="Rows that are shuffled once, before training, are learned as well as"
            " rows that are shuffled anew in every epoch.",
            presumes={"samples_are_to_be_shuffled_in_every_epoch": "supported"},
        ),
        "rmsprop_neither_speeds_up_nor_damps": Told(
            text="Without any momentum RMSProp gets farther over a plateau than"
            " momentum does:"
            " {rmsprop_neither_speeds_up_nor_damps.plateau_rmsprop_of_keras} times as"
            " far in Keras.",
            presumes={"rmsprop_neither_speeds_up_nor_damps": "refuted"},
        ),
        "momentum_cancels_gradients_that_fluctuate": Told(
            text="Where gradients turn at random, momentum makes steps"
            " {momentum_cancels_gradients_that_fluctuate.random} times as long.",
            presumes={"momentum_cancels_gradients_that_fluctuate": "conditional"},
        ),
        "adam_is_the_default_optimizer": Told(
            text="Unless told otherwise, Keras does not train with Adam.",
            presumes={"adam_is_the_default_optimizer": "conditional"},
        ),
    },
    quiz=(
        "adam_needs_little_or_no_tuning",
        "momentum_accelerates_optimization_over_sgd",
        "many_layers_and_weights_make_training_hard",
        "adam_without_correction_starts_too_slowly",
        "momentum_cancels_gradients_that_fluctuate",
        "rmsprop_neither_speeds_up_nor_damps",
        "adagrad_rate_is_inversely_proportional_to_its_sums",
        "momentum_multiplies_a_constant_step_tenfold",
    ),
    examples={
        "Is Adam faster than SGD?": "adam_converges_faster",
        "Why does AdaGrad stop learning?": (
            "adagrad_rate_shrinks_until_it_is_infinitesimal"
        ),
        "Why does Adam correct its averages?": (
            "bias_correction_offsets_averages_that_start_at_zero"
        ),
        "Does momentum calm noisy gradients?": (
            "momentum_cancels_gradients_that_fluctuate"
        ),
    },
)
