"""Few rows are repeated, and techniques are chosen on validation rows."""

import numpy as np
import pytest

from ablations.experiments.sample_size import TECHNIQUES, SampleSizeConfig
from ablations.protocol.experiment import checked
from ablations.tasks import TaskConfig, make_task
from ablations.training.train import train_stack
from models.config import ConfigError

SEEDS = np.array([6, 3])
TASK = TaskConfig(
    name="gmm10",
    num_train=64,
    num_val=40,
    num_test=64,
    num_classes=3,
    label_noise=0.2,
)


def sample_size(**changes) -> SampleSizeConfig:
    fields = {
        "task": TASK,
        "num_rows": 16,
        "width": 8,
        "batch_size": 8,
        "l2": (0.01, 0.1),
        "dropout": (0.5,),
        "jitter": (0.5,),
        "log_steps": (10, 40),
    }
    return SampleSizeConfig(**(fields | changes))


def test_every_setting_sees_the_first_rows_only_and_each_equally_often():
    config = sample_size()
    data = config._rows(SEEDS, make_task(TASK).rows(SEEDS))
    drawn = make_task(TASK).rows(SEEDS)
    assert data.x.shape == (10, 64, 20)
    repeated = np.tile(drawn.x[:, :16], (1, 4, 1))
    for setting, (name, strength) in enumerate(config.settings()):
        for place in (0, 1):
            noise = data.x[5 * place + setting] - repeated[place]
            assert (noise[:16] == 0).all()
            expected = strength if name == "jitter" else 0.0
            # 960 normal numbers.
            assert noise[16:].std() == pytest.approx(expected, rel=0.1)
            labels = np.tile(drawn.y[place, :16], (4, 1))
            np.testing.assert_array_equal(data.y[5 * place + setting], labels)


def test_the_plain_network_is_an_ordinary_one_on_the_repeated_rows():
    config = sample_size()
    arrays, _ = checked(config, SEEDS, config.run(SEEDS))
    rows = config._rows(SEEDS, make_task(TASK).rows(SEEDS)).of_runs(np.array([0, 5]))
    plain = config.get_model().replace(l2=0.0, dropout=0.0)
    result = train_stack(plain, config.get_training(), SEEDS, rows)
    np.testing.assert_allclose(
        arrays["curve.test_accuracy_of_none"][:, 0],
        result.curves["test_accuracy"][:, -1],
        # One of 64 rows may flip where another program rounds otherwise.
        atol=1 / 64,
    )
    few = sample_size(is_plain=True).run(SEEDS)
    np.testing.assert_allclose(
        few["curve.test_accuracy_of_none"],
        arrays["curve.test_accuracy_of_none"],
        atol=1 / 64,
    )


def test_the_largest_validation_accuracy_chooses_and_the_test_accuracy_is_told():
    config = sample_size()
    val = np.array([[0.5, 0.6], [0.0, 0.7], [0.0, 0.9], [0.0, 0.8], [0.0, 0.8]])
    test = np.arange(10.0).reshape(5, 2)
    found = config.choose(val[None], test[None])
    scores = {
        name: found[f"test_accuracy_of_{name}"].item()
        for name in ("none", *TECHNIQUES, "best")
    }
    # Settings: plain, two of L2, dropout, jitter; records 0 and 1.
    assert scores == {
        "none": 1.0,
        "stopping": 1.0,
        "l2": 5.0,
        "dropout": 7.0,
        "jitter": 9.0,
        "best": 5.0,
    }
    assert found["best_setting"].item() == 2
    assert found["best_technique"].item() == 1 + TECHNIQUES.index("l2")
    assert found["stopped_at"].item() == 40


def test_early_stopping_takes_the_first_of_equally_good_records():
    val = np.full((1, 5, 2), 0.5)
    test = np.arange(10.0).reshape(1, 5, 2)
    found = sample_size().choose(val, test)
    assert found["test_accuracy_of_stopping"].item() == 0.0
    assert found["stopped_at"].item() == 10
    for name in ("best", "none"):
        assert found[f"test_accuracy_of_{name}"].item() == 1.0


def test_settings_are_counted_with_the_records_where_one_may_stop():
    assert sample_size().count_settings() == 5 + 1
    assert sample_size(is_plain=True).count_settings() == 1
    assert sample_size(is_plain=True).recorded_metrics() == (
        "accuracy_of_none",
        "test_accuracy_of_none",
    )


def test_a_run_is_the_same_alone_and_in_a_crowd():
    together, alone = sample_size().run(SEEDS), sample_size().run(SEEDS[1:])
    for name, array in alone.items():
        np.testing.assert_array_equal(together[name][1:], array)


def test_rows_that_do_not_repeat_evenly_are_refused():
    with pytest.raises(ConfigError, match="must divide"):
        sample_size(num_rows=24)
