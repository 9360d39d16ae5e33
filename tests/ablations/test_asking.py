from collections import Counter

import pytest

from ablations.asking import ask, closest, cut, make_index, rank, stems
from ablations.claims.registry import all_claims
from ablations.judging.standing import published_verdicts

QUESTIONS = {
    "relu_solves_vanishing_gradients": (
        "is it true that ReLU cures vanishing gradients",
        "does relu fix the vanishing gradient problem?",
        "ReLU vanishing gradients",
    ),
    "two_relu_units_learn_xor": (
        "can two relu units learn xor",
        "does a net with 2 ReLU neurons learn XOR?",
        "will a network with two relu neurons always learn xor",
    ),
    "logistic_regression_cannot_solve_xor": (
        "can logistic regression solve xor",
        "Is XOR too hard for logistic regression?",
        "logistic regression on exclusive or",
    ),
    "he_normal_is_a_good_start_for_leaky_relu": (
        "is he normal a good initialization for leaky relu",
        "he_normal leaky relu init",
        "should I use Kaiming init with leaky ReLU?",
    ),
    "hundred_epochs_are_enough_for_xor": (
        "are 100 epochs enough for xor",
        "How many epochs does XOR need?",
        "is it enough to train xor for a hundred epochs",
    ),
    "xor_network_needs_biases": (
        "does the xor network need a bias",
        "Do I need biases for XOR?",
        "xor without bias terms",
    ),
    "batch_norm_allows_higher_learning_rates": (
        "does batch norm allow higher learning rates",
        "can I use a larger learning rate with BN?",
        "batchnorm high lr",
    ),
    "batch_norm_reduces_internal_covariate_shift": (
        "does batch normalization reduce internal covariate shift",
        "is covariate shift why batch norm works?",
        "batchnorm covariate shift",
    ),
    "skip_connections_solve_vanishing_gradients": (
        "do skip connections solve vanishing gradients",
        "Do ResNets fix vanishing gradients?",
        "residual connections against vanishing gradients",
    ),
    "gradient_clipping_solves_vanishing_gradients": (
        "does gradient clipping help against vanishing gradients",
        "can clipping fix vanishing gradients?",
        "clip gradients when they vanish",
    ),
    "clipping_cures_exploding_gradients": (
        "does gradient clipping cure exploding gradients",
        "my gradients explode, should I clip them?",
        "clipping exploding gradients",
    ),
    "deep_learning_mimics_the_human_brain": (
        "does deep learning work like the human brain",
        "Do neural networks mimic how the brain learns?",
        "are neural nets like brains",
    ),
    "networks_are_small_products_that_run_in_parallel": (
        "why do neural networks run well in parallel",
        "Are neural networks easy to parallelize?",
        "matrix products run in parallel",
    ),
    "l2_is_weight_decay": (
        "is l2 regularization the same as weight decay",
        "L2 vs weight decay",
        "are weight decay and an l2 penalty the same thing?",
    ),
    "early_stopping_is_free_regularization": (
        "is early stopping free",
        "Is early stopping a free lunch?",
        "early stopping is regularization for free, right?",
    ),
    "dropout_prevents_overfitting": (
        "does dropout prevent overfitting",
        "Will dropout stop my network from overfitting?",
        "dropout against overfitting",
    ),
    "dropout_prevents_co_adaptation": (
        "does dropout prevent co-adaptation",
        "Does dropout make neurons independent of each other, without co-adaptation?",
        "co-adaption of units and dropout",
    ),
    "ensembles_divide_variance_by_their_size": (
        "do ensembles divide the variance by their size",
        "Does averaging k models cut the variance by k?",
        "variance of an average of models",
    ),
    "overfitting_shows_that_nothing_is_broken": (
        "if my network can overfit, is my code right?",
        "does overfitting a small set prove that nothing is broken",
        "overfit the training rows to find a coding error",
    ),
    "more_data_is_the_best_way_to_generalize": (
        "is more data the best way to generalize",
        "Is more training data always better?",
        "does more data beat regularization",
    ),
}
"""Questions as people ask them, by the claim that answers them."""

LEAST_FIRST, LEAST_AMONG_THREE = 0.85, 0.98


@pytest.fixture(scope="module")
def published():
    known = published_verdicts()
    return [known[claim] for claim in all_claims() if claim in known]


@pytest.fixture(scope="module")
def index(published):
    return make_index(published)


def test_a_question_brings_up_the_claim_that_answers_it(index):
    places = Counter()
    for claim, questions in QUESTIONS.items():
        for question in questions:
            found = rank(index, question)
            places["first"] += found[:1] == [claim]
            places["among three"] += claim in found[:3]
            places["none"] += not found
            places["all"] += 1
    assert places["all"] == 60
    assert places["none"] == 0
    assert places["first"] >= LEAST_FIRST * places["all"]
    assert places["among three"] >= LEAST_AMONG_THREE * places["all"]


@pytest.mark.parametrize("asked", ["relu_solves_vanishing_gradients", " b-van-4 "])
def test_an_id_or_a_row_brings_up_its_claim_alone(index, asked):
    assert rank(index, asked) == ["relu_solves_vanishing_gradients"]


def test_what_nobody_states_brings_up_what_others_ask(published):
    asked = ask("zzzz qqqq", published)
    assert not asked.is_about
    assert len(asked.hits) == 3
    assert ask("zzzz", published[:1]).hits == tuple(published[:1])


def test_a_question_that_words_of_a_statement_answer_is_about_it(published):
    asked = ask("does ReLU cure vanishing gradients?", published, most=1)
    assert asked.is_about
    assert [v.id for v in asked.hits] == ["relu_solves_vanishing_gradients"]


@pytest.mark.parametrize(
    "words",
    [
        ("vanish", "vanishing", "vanished"),
        ("initialize", "initialization", "initializer", "initialise"),
        ("clip", "clipping", "clipped"),
        ("layer", "layers"),
        ("class", "classes"),
        ("penalty", "penalties"),
    ],
)
def test_forms_of_a_word_have_one_stem(words):
    assert len({cut(word) for word in words}) == 1


def test_stop_words_are_dropped_and_synonyms_become_what_statements_say():
    assert stems("Does a ResNet cure it?") == stems("skip solve")
    assert stems("is it that?") == []


def test_a_misspelled_word_means_the_one_that_is_most_like_it():
    known = ["dropout", "gradient", "vanish"]
    assert closest("gradeint", known) == "gradient"
    assert closest("xylophone", known) == ""
