"""Deep networks: why they were hard to train, and what made them trainable.

A deep network learns by passing blame backwards. Every layer multiplies the gradient by
its weights and by the slopes of its activation; over twenty layers a factor a little
below one leaves next to nothing, and one a little above leaves far too much
(`the_training_signal_fades_as_layers_are_added`,
`exploding_gradients_are_products_of_large_factors`). Sigmoid slopes are at most a
quarter, which is why they are blamed first
(`slopes_that_saturate_make_gradients_vanish`), but small weights do the same to any
activation (`relu_solves_vanishing_gradients`).

The cures fall into two groups. Some keep the factors near one: weights that fit the
activation (`he_initialization_keeps_relu_signals_alive`), batch norm, which rescales
every layer anew (`batch_norm_improves_gradient_propagation`), and skip connections,
which add a way around the product (`skip_connections_improve_gradient_propagation`).
Others leave the gradient as it is and change what is done with it: Adam divides it by
its usual size (`adaptive_optimizers_make_deep_networks_trainable`), and clipping cuts
off what is too large, which helps against explosions but cannot bring back what has
vanished (`clipping_cures_exploding_gradients`,
`gradient_clipping_solves_vanishing_gradients`).

Most statements of this chapter hold in some company and fail alone. All pairs and the
whole factorial of five ingredients stand in
`listed_improvements_explain_trainable_depth`; read it first. Statements on what came
before or beside depth, such as support vector machines, hand-made features and scale,
follow from `hand_made_features_are_no_longer_needed` on.
"""
