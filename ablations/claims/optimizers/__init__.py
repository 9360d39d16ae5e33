"""Optimizers: what loss surfaces look like, and what printed rules do on them.

Surfaces whose answer is known in closed form show what is true of each word: bowls,
ravines, saddles and plateaus. The rules are those that the notes print; Keras's forms
of them stand beside where they differ.
"""

from ablations.protocol.chapter import ChapterWords

CHAPTER = ChapterWords(
    question="Why is it hard to go down a loss surface, and what helps?",
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
