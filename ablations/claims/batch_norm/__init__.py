"""Batch norm: what the layer computes, what its parameters do, and the printed code.

What the layer puts out in training depends on the other rows of a batch, and at
inference on averages of batches gone by. So several sentences have two settings,
training and inference (`batch_norm_keeps_features_bounded`), and how far the averages
lag behind decides how networks with batch norm are to be measured at all
(`inference_uses_running_averages_of_training`).

The printed code puts biases and an L2 penalty on layers whose size and mean batch norm
takes off again (`dense_layers_in_front_of_batch_norm_need_biases`,
`l2_in_front_of_batch_norm_restrains_the_network`).

What it does for training is asked of networks with it and without, always with
statistics of all training rows at inference: how fast they learn, at which rates, from
how large weights, how their layers' inputs and losses move, and what noise they get.
"""

from ablations.protocol.chapter import ChapterWords, Told

CHAPTER = ChapterWords(
    question="What does batch norm compute, and what does it do to other layers?",
    answer=(
        Told(
            text="In training Keras computes the [printed"
            " formula](batch_norm_formula_uses_a_tiny_epsilon); at inference it uses"
            " [averages](inference_uses_running_averages_of_training), which lag"
            " behind for hundreds of updates.",
            presumes={
                "batch_norm_formula_uses_a_tiny_epsilon": "supported",
                "inference_uses_running_averages_of_training": "supported",
            },
        ),
        Told(
            text="[A row alone](batch_norm_works_for_every_batch_size) comes out as"
            " zero; from 32 rows on means and variances [vary"
            " little](batch_statistics_vary_slightly_between_batches) between batches.",
            presumes={
                "batch_norm_works_for_every_batch_size": "refuted",
                "batch_statistics_vary_slightly_between_batches": "supported",
            },
        ),
        Told(
            text="Gamma and beta [can undo"
            " the normalization](gamma_and_beta_can_undo_normalization) of one"
            " batch; in front of ReLU [gamma is not"
            " needed](batch_norm_needs_scale_and_shift).",
            presumes={
                "gamma_and_beta_can_undo_normalization": "supported",
                "batch_norm_needs_scale_and_shift": "refuted",
            },
        ),
        Told(
            text="In front of batch norm [biases learn"
            " nothing](dense_layers_in_front_of_batch_norm_need_biases), and large"
            " kernels may [shrink with hardly any"
            " effect](l2_in_front_of_batch_norm_restrains_the_network) on what comes"
            " out.",
            presumes={
                "dense_layers_in_front_of_batch_norm_need_biases": "refuted",
                "l2_in_front_of_batch_norm_restrains_the_network": "conditional",
            },
        ),
        Told(
            text="At the start gradients [no longer"
            " vanish](batch_norm_prevents_vanishing_gradients) in 50 layers, but in 100"
            " ReLU layers they [explode](batch_norm_prevents_exploding_gradients).",
            presumes={
                "batch_norm_prevents_vanishing_gradients": "supported",
                "batch_norm_prevents_exploding_gradients": "inconclusive",
            },
        ),
    ),
    groups={
        "What comes out of the layer?": (
            "batch_norm_formula_uses_a_tiny_epsilon",
            "batch_norm_keeps_features_bounded",
            "inference_uses_running_averages_of_training",
            "batch_statistics_vary_slightly_between_batches",
            "batch_norm_works_for_every_batch_size",
        ),
        "What are scale and shift for?": (
            "gamma_and_beta_can_undo_normalization",
            "batch_norm_needs_scale_and_shift",
            "batch_norm_without_scale_and_shift_loses_power",
        ),
        "Which gradients come through?": (
            "batch_norm_prevents_vanishing_gradients",
            "batch_norm_prevents_exploding_gradients",
        ),
        "What becomes of the layers in front of it?": (
            "dense_layers_in_front_of_batch_norm_need_biases",
            "l2_in_front_of_batch_norm_restrains_the_network",
        ),
        "Does it help training?": (
            "batch_norm_accelerates_training",
            "batch_norm_raises_the_largest_learning_rate",
            "batch_norm_smooths_the_landscape",
            "batch_norm_makes_tuning_easier",
            "batch_norm_may_stand_before_or_after_the_activation",
        ),
        "Do the inputs of layers keep changing?": (
            "inputs_of_hidden_layers_keep_changing",
            "changing_inputs_slow_training_down",
            "batch_norm_mitigates_changing_distributions",
        ),
        "Does its noise regularize?": (
            "batch_norm_regularizes_by_the_noise_of_batches",
            "batch_noise_is_similar_to_dropout",
            "dropout_and_batch_norm_go_together",
        ),
        "What does the printed program show?": (
            "printed_batch_norm_network_has_3841_parameters",
            "printed_data_can_show_that_batch_norm_helps",
        ),
    },
    surprises={
        "inference_uses_running_averages_of_training": Told(
            text="After 100 updates Keras's averages still have"
            " {inference_uses_running_averages_of_training.left_100.percent} of the way"
            " from their start to go.",
            presumes={"inference_uses_running_averages_of_training": "supported"},
        ),
        "gamma_and_beta_can_undo_normalization": Told(
            text="Gamma and beta that undo the normalization of one batch change the"
            " next one by about half a deviation.",
            presumes={"gamma_and_beta_can_undo_normalization": "supported"},
        ),
    },
    quiz=(
        "batch_norm_works_for_every_batch_size",
        "dense_layers_in_front_of_batch_norm_need_biases",
        "batch_norm_needs_scale_and_shift",
        "gamma_and_beta_can_undo_normalization",
        "l2_in_front_of_batch_norm_restrains_the_network",
    ),
    examples={
        "Does a Dense layer in front of batch norm need a bias?": (
            "dense_layers_in_front_of_batch_norm_need_biases"
        ),
        "Can I use batch norm with a batch size of one?": (
            "batch_norm_works_for_every_batch_size"
        ),
        "Does weight decay do anything with batch norm?": (
            "l2_in_front_of_batch_norm_restrains_the_network"
        ),
    },
)
