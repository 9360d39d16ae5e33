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

from ablations.protocol.chapter import ChapterWords, Told

CHAPTER = ChapterWords(
    question="What makes a deep network learn?",
    answer=(
        Told(
            text="On its way back the gradient is multiplied once per layer, so that it"
            " may [fade](the_training_signal_fades_as_layers_are_added) or"
            " [explode](exploding_gradients_are_products_of_large_factors).",
            presumes={
                "the_training_signal_fades_as_layers_are_added": "conditional",
                "exploding_gradients_are_products_of_large_factors": "supported",
            },
        ),
        Told(
            text="[ReLU](relu_solves_vanishing_gradients) cures that only together with"
            " first weights that fit; then {relu_solves_vanishing_gradients.he_learns}"
            " networks of twenty layers learn in 500 updates.",
            presumes={"relu_solves_vanishing_gradients": "conditional"},
        ),
        Told(
            text=(
                "[Skip connections](skip_connections_solve_vanishing_gradients) do it"
                " alone for twenty layers, even with sigmoids and small weights."
            ),
            presumes={"skip_connections_solve_vanishing_gradients": "supported"},
        ),
        Told(
            text="[Clipping](clipping_cures_exploding_gradients) keeps numbers finite,"
            " but [does not bring back](gradient_clipping_solves_vanishing_gradients)"
            " a gradient that has vanished.",
            presumes={
                "clipping_cures_exploding_gradients": "supported",
                "gradient_clipping_solves_vanishing_gradients": "refuted",
            },
        ),
        Told(
            text="[Two hundred layers](hundreds_of_layers_are_normal) learn in 500"
            " updates with batch norm and skips, or with tanh and orthogonal weights.",
            presumes={"hundreds_of_layers_are_normal": "supported"},
        ),
    ),
    groups={
        "Why does the signal fade, and does it matter?": (
            "the_training_signal_fades_as_layers_are_added",
            "slopes_that_saturate_make_gradients_vanish",
            "early_layers_learn_slowly_or_not_at_all",
            "vanishing_gradients_lead_to_poor_performance",
            "relu_solves_vanishing_gradients",
            "skip_connections_solve_vanishing_gradients",
            "gradient_clipping_solves_vanishing_gradients",
            "dropout_can_help_with_vanishing_gradients",
        ),
        "What made deep networks trainable?": (
            "listed_improvements_explain_trainable_depth",
            "relu_makes_deep_networks_trainable",
            "matched_initializers_make_deep_networks_trainable",
            "adaptive_optimizers_make_deep_networks_trainable",
            "batch_norm_improves_gradient_propagation",
            "skip_connections_improve_gradient_propagation",
            "combining_all_remedies_improves_stability_and_accuracy",
            "hundreds_of_layers_are_normal",
            "advances_arrived_around_2009_and_2010",
        ),
        "Why do gradients explode, and what helps?": (
            "exploding_gradients_are_products_of_large_factors",
            "exploding_gradients_lead_to_unstable_training_and_overflow",
            "clipping_cures_exploding_gradients",
            "weight_penalties_alone_cure_exploding_gradients",
            "careful_initialization_solves_exploding_gradients",
        ),
        "How should the first weights be drawn?": (
            "careful_initialization_prevents_vanishing_and_exploding_gradients",
            "initialization_keeps_the_variance_of_activations",
            "he_initialization_keeps_relu_signals_alive",
            "xavier_works_well_with_sigmoid",
            "xavier_normal_has_the_stated_deviation",
            "fans_count_inputs_and_outputs_of_a_neuron",
        ),
        "What does batch norm do?": (
            "batch_norm_stabilizes_and_speeds_up_training",
            "batch_norm_allows_higher_learning_rates",
            "batch_norm_mitigates_vanishing_and_exploding_gradients",
            "batch_norm_reduces_internal_covariate_shift",
            "batch_norm_divides_by_the_batch_deviation",
        ),
        "How does dropout behave?": (
            "dropout_reduces_overfitting_and_improves_generalization",
            "dropout_goes_after_the_activation",
            "dropout_drops_a_certain_share_of_neurons",
        ),
        "Is depth what it is said to be?": (
            "deep_models_beat_classical_models_on_pixels",
            "hand_made_features_are_no_longer_needed",
            "depth_is_a_succession_of_better_representations",
            "shallow_networks_could_not_match_classical_models",
            "simple_mechanisms_get_far_when_scaled",
            "data_and_hardware_were_the_bottleneck_before_ideas",
            "networks_are_small_products_that_run_in_parallel",
            "lstm_has_barely_changed_since_1997",
            "advances_need_experiments_not_pen_and_paper",
            "imagenet_was_solved_by_2015",
            "perceptron_and_backpropagation_have_their_dates",
            "deep_learning_mimics_the_human_brain",
        ),
    },
    surprises={
        "skip_connections_improve_gradient_propagation": Told(
            text="A cure can kill: skips around fifty ReLU layers with He's weights let"
            " {skip_connections_improve_gradient_propagation.he} networks learn in 500"
            " updates without batch norm.",
            presumes={"skip_connections_improve_gradient_propagation": "supported"},
            state="deep_net/relu/fitted-weights/no-adam/no-batch-norm/skips",
        ),
        "advances_need_experiments_not_pen_and_paper": Told(
            text="Pen and paper do predict deep networks.",
            presumes={"advances_need_experiments_not_pen_and_paper": "refuted"},
        ),
        "dropout_can_help_with_vanishing_gradients": Told(
            text="A gradient a hundred times as large can still teach nothing in 500"
            " updates.",
            presumes={"dropout_can_help_with_vanishing_gradients": "supported"},
        ),
    },
    quiz=(
        "relu_solves_vanishing_gradients",
        "batch_norm_allows_higher_learning_rates",
        "gradient_clipping_solves_vanishing_gradients",
        "skip_connections_solve_vanishing_gradients",
        "data_and_hardware_were_the_bottleneck_before_ideas",
    ),
    examples={
        "Does ReLU cure vanishing gradients?": "relu_solves_vanishing_gradients",
        "Do I need batch norm?": "batch_norm_stabilizes_and_speeds_up_training",
    },
)
