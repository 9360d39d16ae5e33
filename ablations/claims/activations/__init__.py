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
"""
