"""The XOR problem: four points that no line separates.

XOR asks whether exactly one of two bits is on. Drawn as points of a square, the two
answers sit on opposite corners, and no straight line has one answer on each side
(`no_straight_line_separates_xor`). Whatever draws only lines must therefore fail:
fitting a plane by least squares answers one half everywhere
(`linear_regression_predicts_one_half_everywhere`), and logistic regression does no
better (`logistic_regression_cannot_solve_xor`).

A hidden layer bends the picture first. Two units that cut off at zero fold the square
so that the two corners with the same answer meet, and then one line is enough
(`relu_makes_xor_linearly_separable`, `two_hidden_units_suffice_for_xor`). That such
weights exist is arithmetic. Whether gradient descent finds them is another question,
and it is where luck comes in: with two hidden units many starts end on a plateau from
which no small step leads out (`two_relu_units_learn_xor`), so that a single run that
works shows little (`printed_program_solves_xor`, `printed_fit_quality_is_typical`).

More units than needed make success all but certain
(`wider_hidden_layers_make_xor_certain`): with many folds to choose from, some good one
is near every start. The same holds for large networks and is one of the few lessons of
XOR that carries over to them.
"""
