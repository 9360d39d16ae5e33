"""Averages of members, and variances that agree with what statistics says of them."""

import numpy as np
import pytest

from ablations.experiments.readouts.ensembles import (
    EnsembleConfig,
    averages,
    correlation,
    member_seeds,
)
from ablations.protocol.experiment import checked
from ablations.tasks import TaskConfig, make_task
from ablations.training.config import OptimizerConfig, TrainingConfig
from ablations.training.train import train_stack
from models.config import ConfigError, MLPConfig

SEEDS = np.array([6, 3])
TASK = TaskConfig(
    name="gmm10",
    num_train=64,
    num_val=16,
    num_test=48,
    num_classes=3,
    label_noise=0.2,
)
MODEL = MLPConfig(input_units=20, hidden_units=(8,), output_units=3)
TRAINING = TrainingConfig(
    optimizer=OptimizerConfig(name="adam", learning_rate=0.01),
    loss="categorical_crossentropy",
    from_logits=True,
    batch_size=16,
    num_steps=60,
)


def ensemble(**changes) -> EnsembleConfig:
    fields = {"task": TASK, "model": MODEL, "training": TRAINING, "members": 4}
    return EnsembleConfig(**(fields | changes))


def test_one_member_scores_as_ordinary_networks_do_on_average():
    config = ensemble()
    arrays, _ = checked(config, SEEDS, config.run(SEEDS))
    own = member_seeds(SEEDS, 4)
    for place in (0, 1):
        data = make_task(TASK).rows(np.repeat(SEEDS[place], 4))
        metrics = ("accuracy", "test_accuracy", "test_loss")
        result = train_stack(MODEL, TRAINING.replace(metrics=metrics), own[place], data)
        for name in metrics:
            # Another stack may round otherwise, over 60 updates.
            assert arrays[f"curve.{name}_of_1"][place, 0] == pytest.approx(
                result.curves[name][:, -1].mean(), rel=1e-3
            )


def test_the_loss_of_a_mean_is_never_above_the_mean_loss():
    arrays = ensemble(groups=2).run(SEEDS)
    losses = [arrays[f"curve.test_loss_of_{k}"] for k in (1, 2, 4)]
    assert (losses[0] > losses[1]).all()
    assert (losses[1] > losses[2]).all()


def test_variances_fall_as_far_as_members_are_independent():
    # Probabilities that are drawn apart, for two sets of four members.
    config, rng = ensemble(groups=2), np.random.default_rng(0)
    shared = rng.standard_normal((500, 2, 1, 6, 3))
    p = shared + rng.standard_normal((500, 2, 4, 6, 3))
    y = np.zeros((500, 1, 1, 6, 3))
    found = config.score(p, p, y, y)
    of = {
        k: np.exp2(found[f"log2_variance_over_sets_of_{k}"]).mean() for k in (1, 2, 4)
    }
    # Two sets give one degree of freedom for each of 500 x 18 numbers: 1.5 %.
    assert [of[1], of[2], of[4]] == pytest.approx([2.0, 1.5, 1.25], rel=0.05)
    within = [np.exp2(found[f"log2_variance_over_seeds_of_{k}"]).mean() for k in (1, 2)]
    assert within == pytest.approx([1.0, 0.5], rel=0.05)
    assert correlation(of[1], of[4], 4) == pytest.approx(0.5, abs=0.05)


def test_averages_are_over_disjoint_members_in_their_order():
    p = np.arange(8.0).reshape(1, 1, 8, 1, 1)
    assert averages(p, 1).ravel().tolist() == list(range(8))
    assert averages(p, 4).ravel().tolist() == [1.5, 5.5]
    assert averages(p, 8).ravel().tolist() == [3.5]


def test_correlation_undoes_the_formula_of_the_variance():
    for rho in (0.0, 0.3, 1.0):
        mean = 2.0 * (rho + (1.0 - rho) / 8)
        assert correlation(2.0, mean, 8) == pytest.approx(rho)


def test_training_sets_share_no_rows_and_members_of_one_share_all():
    config = ensemble(groups=2)
    drawn = make_task(TASK).rows(SEEDS)
    sets = config.sets(drawn)
    assert sets.x.shape == (4, 32, 20)
    np.testing.assert_array_equal(np.concatenate(sets.x[2:]), drawn.x[1])
    rows = config.rows_of_members(sets, member_seeds(SEEDS, 8))
    assert rows.x.shape == (16, 32, 20)
    np.testing.assert_array_equal(rows.x[12:], np.repeat(sets.x[3:], 4, axis=0))


def test_bagging_draws_rows_of_the_own_set_with_their_labels():
    config = ensemble(groups=2, resample="bootstrap")
    sets = config.sets(make_task(TASK).rows(SEEDS))
    rows = config.rows_of_members(sets, member_seeds(SEEDS, 8))
    for member in range(16):
        mine, known = rows.x[member], sets.x[member // 4]
        place = (mine[:, None] == known).all(axis=-1)
        assert (place.sum(axis=1) == 1).all()
        chosen = place.argmax(axis=1)
        np.testing.assert_array_equal(rows.y[member], sets.y[member // 4][chosen])
        # A share of 1 / e of 32 rows is left out on average.
        assert 14 <= len(set(chosen)) <= 28
    assert not np.array_equal(rows.x[0], rows.x[1])


def test_a_seed_has_members_of_its_own_in_any_company():
    together = ensemble().run(SEEDS)
    alone = ensemble().run(SEEDS[1:])
    for name, array in alone.items():
        np.testing.assert_allclose(together[name][1:], array, rtol=1e-4)
    assert len(np.unique(member_seeds(SEEDS, 8))) == 16


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"members": 3}, "power of two"),
        ({"groups": 5}, "must divide"),
        ({"task": TaskConfig(name="regression8")}, "must have classes"),
        ({"model": MODEL.replace(activation="gelu")}, "`activation` must"),
        ({"training": TRAINING.replace(num_steps=None, epochs=3)}, "count updates"),
    ],
)
def test_what_cannot_be_averaged_is_refused(changes, words):
    with pytest.raises(ConfigError, match=words):
        ensemble(**changes)
