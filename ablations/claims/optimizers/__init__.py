"""Optimizers: what the printed update rules do with gradients.

Each rule is written down as printed and run beside Keras's on the same gradients
(`adagrad_divides_by_the_root_of_its_sums`, `adam_computes_the_printed_algorithm`). What
the notes say of a rule, such as how long its steps become or what is left of its rate,
is then read from the rule itself; nothing is trained.
"""

from ablations.protocol.chapter import ChapterWords

CHAPTER = ChapterWords(
    question="What do optimizers do with gradients?",
    groups={
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
    },
)
