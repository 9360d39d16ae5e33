"""Regularization: early stopping, weight penalties, dropout, ensembles and more data.

A network with many weights can learn its training rows by heart, false labels among
them. What counts is how it answers rows that it has not seen, and being worse on those
than on the rows it learned from is called overfitting
(`very_low_training_loss_means_overfitting`). Regularization is whatever is done to a
training for the sake of the unseen rows. Rows that have a say in when to stop or how
strong a penalty is are no longer unseen, so most claims here are judged on a third
part, the test rows.

Early stopping watches held-out rows and ends once they are answered no better
(`validation_error_falls_and_then_rises`, `early_stopping_is_free_regularization`). An
L2 penalty makes large weights expensive (`l2_prevents_overfitting`,
`l2_is_weight_decay`). Dropout switches units off at random while training
(`dropout_prevents_overfitting`), and several reasons are given for why that should help
(`dropout_prevents_co_adaptation`, `not_updating_all_weights_prevents_overfitting`,
`dropout_approximates_an_ensemble_cheaply`). Ensembles average the answers of several
networks (`ensembles_reduce_overfitting`). Beside them stand rows made up from those
there are (`augmented_data_help_to_generalize`) and new ones
(`more_data_is_the_best_way_to_generalize`).

Whether a method helps and whether it does so for the reason given are two questions,
and both are asked. A third is what an example can show: where labels have nothing to do
with the inputs, nothing can be learned that holds for new rows. Begin there, with
`printed_data_show_regularization_at_work`.
"""

from ablations.protocol.chapter import ChapterWords, Told

CHAPTER = ChapterWords(
    question="What keeps a network from learning its training rows by heart?",
    answer=(
        Told(
            text="Where labels are true, a network may fit every training row and"
            " [still do well](very_low_training_loss_means_overfitting) on new rows.",
            presumes={"very_low_training_loss_means_overfitting": "refuted"},
        ),
        Told(
            text=(
                "Where some are false it learns these too; then [changed"
                " copies](augmented_data_help_to_generalize) help on three of"
                " seven tasks, and dropout on [inputs and"
                " units](keeping_sixty_and_eighty_percent_suits_dropout) mostly"
                " helps."
            ),
            presumes={
                "augmented_data_help_to_generalize": "inconclusive",
                "keeping_sixty_and_eighty_percent_suits_dropout": "supported",
            },
        ),
        Told(
            text="[Dropout](not_updating_all_weights_prevents_overfitting) helps by the"
            " [noise](dropping_hidden_units_adds_noise_to_features) that it adds, not"
            " by leaving weights out of an update.",
            presumes={
                "not_updating_all_weights_prevents_overfitting": "refuted",
                "dropping_hidden_units_adds_noise_to_features": "supported",
            },
        ),
        Told(
            text=(
                "With wrong labels [dropout](dropout_prevents_overfitting) saves"
                " a tenth of errors or more on four of seven tasks,"
                " [L2](l2_prevents_overfitting) on three; with true ones,"
                " neither."
            ),
            presumes={
                "dropout_prevents_overfitting": "inconclusive",
                "l2_prevents_overfitting": "inconclusive",
            },
        ),
        Told(
            text=(
                "With true labels, rows held out for"
                " [stopping](early_stopping_is_free_regularization) mostly cost"
                " more than stopping brings; twice as many"
                " [rows](more_data_is_the_best_way_to_generalize) mostly do as"
                " well as any technique."
            ),
            presumes={
                "early_stopping_is_free_regularization": "inconclusive",
                "more_data_is_the_best_way_to_generalize": "supported",
            },
        ),
    ),
    groups={
        "What is overfitting, and what does it tell?": (
            "very_low_training_loss_means_overfitting",
            "overfitting_shows_that_nothing_is_broken",
            "poor_validation_means_shift_or_overfitting",
            "more_data_is_the_best_way_to_generalize",
            "augmented_data_help_to_generalize",
            "printed_data_show_regularization_at_work",
        ),
        "Do weight penalties help?": (
            "l2_prevents_overfitting",
            "l2_is_weight_decay",
            "l2_adds_squared_weights_to_the_loss",
            "l2_keeps_weights_small",
            "small_weights_mean_a_simple_function",
            "weights_decay_toward_zero_at_every_step",
            "most_modern_optimizers_decay_weights_by_default",
            "l2_and_dropout_work_together",
        ),
        "Does early stopping work, and what does it cost?": (
            "early_stopping_is_free_regularization",
            "early_stopping_acts_as_a_regularizer",
            "validation_error_falls_and_then_rises",
            "training_halts_at_the_validation_minimum",
            "restore_best_weights_returns_the_best_model",
            "text_and_code_agree_on_the_patience",
            "printed_log_stops_three_epochs_after_its_best",
            "printed_stop_is_typical",
            "printed_early_stopping_run_gives_a_useful_model",
        ),
        "Are several networks better than one?": (
            "ensembles_reduce_overfitting",
            "ensembles_divide_variance_by_their_size",
            "ensembles_cost_as_many_times_as_they_have_members",
            "dropout_approximates_an_ensemble_cheaply",
        ),
        "Why does dropout help?": (
            "dropout_prevents_overfitting",
            "not_updating_all_weights_prevents_overfitting",
            "dropping_hidden_units_adds_noise_to_features",
            "dropout_prevents_co_adaptation",
            "keeping_sixty_and_eighty_percent_suits_dropout",
        ),
        "How does dropout work?": (
            "dropout_has_two_to_the_n_subnetworks",
            "units_are_dropped_for_a_whole_mini_batch",
            "only_weights_of_retained_units_are_updated",
            "units_stay_where_a_random_number_is_at_most_p",
            "scaling_weights_by_p_stands_for_all_masks",
            "scaling_weights_by_p_has_no_clear_justification",
            "the_program_scales_weights_at_inference",
            "printed_regularized_network_has_12545_parameters",
        ),
    },
    surprises={
        "not_updating_all_weights_prevents_overfitting": Told(
            text="Dropout does not work for the reason usually given.",
            presumes={"not_updating_all_weights_prevents_overfitting": "refuted"},
        ),
        "overfitting_shows_that_nothing_is_broken": Told(
            text="A network that overfits does not prove that the code is right.",
            presumes={"overfitting_shows_that_nothing_is_broken": "refuted"},
        ),
        "l2_is_weight_decay": Told(
            text="Under Adam an L2 penalty and weight decay are two different things.",
            presumes={"l2_is_weight_decay": "refuted"},
        ),
    },
    quiz=(
        "not_updating_all_weights_prevents_overfitting",
        "l2_is_weight_decay",
        "more_data_is_the_best_way_to_generalize",
        "very_low_training_loss_means_overfitting",
        "early_stopping_acts_as_a_regularizer",
    ),
    examples={
        "Is L2 the same as weight decay?": "l2_is_weight_decay",
        "Is early stopping free?": "early_stopping_is_free_regularization",
    },
)
