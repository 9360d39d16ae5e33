"""Nothing beats the rule that knows the clusters."""

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from ablations.experiments.bayes_rule import BayesRuleConfig
from ablations.protocol.experiment import checked
from ablations.tasks import TaskConfig, make_task
from models.config import ConfigError

SEEDS = np.array([4, 9])
TASK = TaskConfig(name="gmm10", num_classes=3, spread=1.5, num_test=2000)


def right(task: TaskConfig) -> np.ndarray:
    config = BayesRuleConfig(task=task)
    return checked(config, SEEDS, config.run(SEEDS))[0]["curve.test_accuracy"][:, 0]


def test_classes_that_are_far_apart_are_told_apart():
    assert (right(TASK.replace(spread=0.05)) == 1.0).all()


def test_no_neighbors_come_close_where_classes_overlap():
    task = TASK.replace(num_train=4000)
    for seed, share in zip(SEEDS, right(task), strict=True):
        data = make_task(task).rows_of_run(int(seed))
        neighbors = KNeighborsClassifier(25).fit(data.x, data.y.argmax(axis=1))
        found = neighbors.score(data.x_test, data.y_test.argmax(axis=1))
        assert 0.5 < found < share < 1.0


def test_certainty_is_calibrated():
    config = BayesRuleConfig(task=TASK.replace(num_test=20_000))
    data = make_task(config.task).rows_of_run(4)
    scores = config.scores(data.x_test, 4)
    chances = np.exp(scores - np.logaddexp.reduce(scores, axis=1)[:, None])
    hits = chances.argmax(axis=1) == data.y_test.argmax(axis=1)
    # Four standard errors of a share of 20,000 rows.
    assert chances.max(axis=1).mean() == pytest.approx(hits.mean(), abs=0.014)


def test_labels_by_chance_are_guessed_by_chance():
    # Four standard errors of a third of 2,000 rows.
    assert right(TASK.replace(labels="random")) == pytest.approx(1 / 3, abs=0.042)


@pytest.mark.parametrize(
    ("task", "field"),
    [
        (TaskConfig(name="spirals"), "task"),
        (TASK.replace(num_test=0), "task"),
        (TASK.replace(spread=0.0), "spread"),
    ],
)
def test_tasks_without_such_clusters_are_refused(task, field):
    with pytest.raises(ConfigError, match=f"`{field}` must"):
        BayesRuleConfig(task=task)
