"""Backpropagation: the printed example of a 2-2-1 network, line by line.

Each printed line says how the loss changes with one quantity. It is checked by moving
that quantity alone and looking at the loss, in double precision
(`error_at_the_output_is_prediction_minus_target`). What is right on paper may still
fail in the numbers of a computer: `factors_of_a_gradient_can_be_computed_apart`.
"""
