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
            text="Gamma and beta [can undo](gamma_and_beta_can_undo_normalization) the"
            " normalization of one batch; sigmoids [learn"
            " less](batch_norm_without_scale_and_shift_loses_power) without them, ReLU"
            " [needs no gamma](batch_norm_needs_scale_and_shift), and biases in front"
            " [learn nothing](dense_layers_in_front_of_batch_norm_need_biases).",
            presumes={
                "gamma_and_beta_can_undo_normalization": "supported",
                "batch_norm_without_scale_and_shift_loses_power": "supported",
                "batch_norm_needs_scale_and_shift": "refuted",
                "dense_layers_in_front_of_batch_norm_need_biases": "refuted",
            },
        ),
        Told(
            text="With batch norm networks need [fewer"
            " updates](batch_norm_accelerates_training), learn at [more rates and"
            " first weights](batch_norm_makes_tuning_easier), and losses [vary"
            " less](batch_norm_smooths_the_landscape) along a step.",
            presumes={
                "batch_norm_accelerates_training": "supported",
                "batch_norm_makes_tuning_easier": "supported",
                "batch_norm_smooths_the_landscape": "supported",
            },
        ),
        Told(
            text="It makes inputs of layers [drift"
            " less](batch_norm_mitigates_changing_distributions); whether such drift"
            " [slows training](changing_inputs_slow_training_down) is not settled.",
            presumes={
                "batch_norm_mitigates_changing_distributions": "supported",
                "changing_inputs_slow_training_down": "inconclusive",
            },
        ),
        Told(
            text="[A row alone](batch_norm_works_for_every_batch_size) comes out as"
            " zero; in batches of eight batch norm [reduces"
            " overfitting](batch_norm_regularizes_by_the_noise_of_batches) as [dropout"
            " does](batch_noise_is_similar_to_dropout), in larger ones it does not.",
            presumes={
                "batch_norm_works_for_every_batch_size": "refuted",
                "batch_norm_regularizes_by_the_noise_of_batches": "conditional",
                "batch_noise_is_similar_to_dropout": "supported",
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
        "batch_norm_regularizes_by_the_noise_of_batches": Told(
            text="With all rows in one batch batch norm takes"
            " {batch_norm_regularizes_by_the_noise_of_batches.all_rows} percentage"
            " points of test accuracy; in batches of eight it adds"
            " {batch_norm_regularizes_by_the_noise_of_batches.gain_8}.",
            presumes={"batch_norm_regularizes_by_the_noise_of_batches": "conditional"},
        ),
        "batch_norm_mitigates_changing_distributions": Told(
            text="With batch norm inputs of eight ReLU layers drift"
            " {batch_norm_mitigates_changing_distributions.relu_8.power} times less,"
            " but gradients change no less by updates of the layers before.",
            presumes={"batch_norm_mitigates_changing_distributions": "supported"},
        ),
        "changing_inputs_slow_training_down": Told(
            text="Moving the inputs of all rows alike slows six layers with batch norm"
            " no more than moving those of each row apart.",
            presumes={"changing_inputs_slow_training_down": "inconclusive"},
        ),
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
        "batch_norm_regularizes_by_the_noise_of_batches",
        "batch_norm_mitigates_changing_distributions",
        "dense_layers_in_front_of_batch_norm_need_biases",
        "batch_norm_needs_scale_and_shift",
        "gamma_and_beta_can_undo_normalization",
        "l2_in_front_of_batch_norm_restrains_the_network",
    ),
    examples={
        "Should batch norm stand before or after the activation?": (
            "batch_norm_may_stand_before_or_after_the_activation"
        ),
        "Does batch norm make dropout needless?": "dropout_and_batch_norm_go_together",
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
