"""Penalized networks are ordinary ones, and what is said of them is true of them."""

import numpy as np
import pytest

from ablations.experiments.penalty import PenaltyConfig
from ablations.protocol.experiment import checked
from ablations.tasks import TaskConfig, make_task
from ablations.training.config import OptimizerConfig, TrainingConfig
from ablations.training.train import stack_program, train_stack
from models.config import ConfigError

SEEDS = np.array([6, 3])
TASK = TaskConfig(name="gmm10", num_train=64, num_val=32, num_test=64, num_classes=3)


def penalty(**changes) -> PenaltyConfig:
    fields = {"task": TASK, "width": 8, "num_steps": 60, "batch_size": 16}
    return PenaltyConfig(**(fields | changes))


def test_strengths_have_one_program_which_a_worker_compiles_once():
    weak, strong = penalty(l2=0.01, num_steps=7), penalty(l2=0.1, num_steps=7)
    assert weak.program() == strong.program() != penalty(width=9).program()
    assert weak.structure() != strong.structure()
    for config in (weak, strong):
        config.run(SEEDS)
    model, rows = weak.get_model(), make_task(TASK).rows(SEEDS)
    assert stack_program(model, weak.get_training(), rows).num_traces == 1


@pytest.mark.parametrize("l2", [0.0, 0.05])
def test_a_run_is_an_ordinary_training_with_that_penalty(l2):
    config = penalty(l2=l2)
    arrays, _ = checked(config, SEEDS, config.run(SEEDS))
    plain = config.get_model().replace(l2=l2, regularize_output=bool(l2))
    result = train_stack(
        plain,
        config.get_training(),
        SEEDS,
        make_task(TASK).rows(SEEDS),
        pad_to=config.chunk_size,  # the size of stack that is compiled anyway
    )
    for name in ("accuracy", "test_accuracy", "test_crossentropy"):
        np.testing.assert_allclose(
            arrays[f"curve.{name}"][:, -1],
            result.curves[name][:, -1],
            # Another program may round otherwise, over 60 updates.
            rtol=1e-3,
            atol=1e-5,
        )
    kernels = [w for w in result.weights if w.ndim == 3]
    norms = [np.sqrt(sum((w[run] ** 2).sum() for w in kernels)) for run in (0, 1)]
    assert arrays["curve.log10_weight_norm"][:, 0] == pytest.approx(
        np.log10(norms), abs=1e-3
    )


def test_an_overwhelming_penalty_leaves_a_flat_function_at_chance():
    arrays = penalty(l2=1.0, num_steps=600, learning_rate=0.02).run(SEEDS)
    free = penalty(num_steps=600, learning_rate=0.02).run(SEEDS)
    assert (arrays["curve.log10_weight_norm"] < -1.0).all()
    assert (free["curve.log10_weight_norm"] > 0.5).all()
    assert (arrays["curve.log10_roughness"] < free["curve.log10_roughness"] - 1).all()
    assert (arrays["curve.accuracy"] < 0.6).all()
    assert (free["curve.accuracy"] > 0.95).all()


def test_decay_takes_its_share_of_every_weight():
    # With so small a rate, gradients move nothing and decay alone is seen.
    whole = {"optimizer": "sgd", "batch_size": 64}
    config = penalty(decay=1e4, learning_rate=1e-6, num_steps=100, **whole)
    start = penalty(learning_rate=1e-12, num_steps=1, **whole).run(SEEDS)
    ended = config.run(SEEDS)
    fall = ended["curve.log10_weight_norm"] - start["curve.log10_weight_norm"]
    assert fall == pytest.approx(np.full((2, 1), 100 * np.log10(0.99)), abs=1e-3)


def test_all_strengths_share_one_program(monkeypatch):
    programs = set()

    def spy(model, training, *rest, **named):
        programs.add((model.structure(), training.structure(), named["pad_to"]))
        return train_stack(model, training, *rest, **named)

    monkeypatch.setattr("ablations.experiments.engines.stacks.train_stack", spy)
    for l2 in (0.0, 0.1):
        penalty(l2=l2, num_steps=2).run(SEEDS)
    assert len(programs) == 1


def test_tasks_without_classes_are_refused():
    with pytest.raises(ConfigError, match="must have classes"):
        penalty(task=TaskConfig(name="regression8"))


def test_the_optimizer_has_its_own_number_of_updates_and_rate():
    config = penalty(optimizer="momentum", learning_rate=0.01, decay=0.5)
    assert config.get_training() == TrainingConfig(
        optimizer=OptimizerConfig(
            name="momentum", learning_rate=0.01, weight_decay=0.5
        ),
        loss="categorical_crossentropy",
        from_logits=True,
        batch_size=16,
        num_steps=60,
        metrics=("accuracy", "test_accuracy", "test_crossentropy"),
    )
    assert config.count_updates(None) == 60
