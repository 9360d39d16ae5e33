"""Batch norm: what the layer computes, what its parameters do, and the printed code.

What the layer puts out in training depends on the other rows of a batch, and at
inference on averages of batches gone by. So several sentences have two settings,
training and inference (`batch_norm_keeps_features_bounded`), and how far the averages
lag behind decides how networks with batch norm are to be measured at all
(`inference_uses_running_averages_of_training`).

The printed code puts biases and an L2 penalty on layers whose size and mean batch norm
takes off again (`dense_layers_in_front_of_batch_norm_need_biases`,
`l2_in_front_of_batch_norm_restrains_the_network`).
"""
