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
