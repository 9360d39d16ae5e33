"""Optimizers: what loss surfaces look like, and what printed update rules do on them.

Surfaces whose answer is known in closed form show what is true of each word: bowls,
ravines, saddles and plateaus (`optimizers_barely_move_near_a_saddle`,
`sgd_oscillates_uncontrollably_in_ravines`).

Each rule is written down as printed and run beside Keras's on the same gradients
(`adagrad_divides_by_the_root_of_its_sums`, `adam_computes_the_printed_algorithm`). What
the notes say of a rule, such as how long its steps become or what is left of its rate,
is then read from the rule itself; nothing is trained.
"""

from ablations.protocol.chapter import ChapterWords

CHAPTER = ChapterWords(
    question="Why is it hard to go down a loss surface, and what do optimizers do?",
    groups={
        "What makes the way down hard?": (
            "loss_surfaces_are_not_convex",
            "optimizers_barely_move_near_a_saddle",
            "plateaus_give_an_optimizer_little_guidance",
            "sgd_oscillates_uncontrollably_in_ravines",
            "different_parameters_require_different_learning_rates",
        ),
        "What is a step, an epoch and a rate?": (
            "mini_batch_step_takes_the_mean_gradient",
            "an_epoch_is_rows_over_batch_size_iterations",
            "learning_rate_falls_linearly_and_then_stays",
            "learning_rates_are_decayed_linearly_in_practice",
            "h100_has_80_gb_of_memory",
        ),
        "What does momentum add up?": (
            "momentum_is_a_weighted_sum_of_all_gradients",
            "momentum_multiplies_a_constant_step_tenfold",
            "momentum_cancels_gradients_that_fluctuate",
            "momentum_has_one_rate_for_all_features",
        ),
        "What becomes of the learning rate?": (
            "adagrad_divides_by_the_root_of_its_sums",
            "adagrad_rate_is_inversely_proportional_to_its_sums",
            "adagrad_rate_shrinks_until_it_is_infinitesimal",
            "rmsprop_average_becomes_the_squared_gradient",
            "rmsprop_weighs_history_by_ninety_percent",
            "rmsprop_solves_the_vanishing_rate",
            "rmsprop_has_no_momentum",
        ),
        "What does Adam put together?": (
            "adam_computes_the_printed_algorithm",
            "adam_counts_gradients_by_powers_of_its_decay",
            "bias_correction_offsets_averages_that_start_at_zero",
            "adam_without_correction_starts_too_slowly",
            "adam_combines_rmsprop_and_momentum",
            "adam_needs_little_memory",
            "adam_defaults_are_as_printed",
        ),
        "What do momentum and RMSProp lack?": (
            "momentum_may_overshoot_the_minimum",
            "rmsprop_neither_speeds_up_nor_damps",
        ),
        "Who made them, and which is the usual one?": (
            "optimizers_have_their_authors_and_dates",
            "adam_is_the_default_optimizer",
        ),
    },
)
