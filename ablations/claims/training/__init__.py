"""Training: what layers and neurons compute, and the printed equations of a batch.

The equations are taken literally and compared with finite differences of the loss that
is printed above them, for one row and for five. Some lines are right for one row only
(`derivative_of_the_loss_is_as_printed`, `bias_gradient_is_delta`), and one line is not
there (`printed_equations_give_every_gradient`).
"""
