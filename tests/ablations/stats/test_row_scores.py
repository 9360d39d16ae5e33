import numpy as np
import pytest
from sklearn import metrics

from ablations.stats.row_scores import SCORES, normalized, rarer_class, score_rows

NUM_ROWS = 300
OF_NUMBERS = ("rmse", "mae", "r2")
OF_CLASSES = tuple(name for name in SCORES if name not in OF_NUMBERS)
# Where a score is no mean over rows, what one row adds is right to first order.
EXACT = ("accuracy", "crossentropy", "mae")


def make_classes(num_classes: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return codes `[N]`, of which the last class is rare, and shares with ties."""
    rng = np.random.default_rng([seed, num_classes])
    chances = np.array([1.0] * (num_classes - 1) + [0.3])
    codes = rng.choice(num_classes, NUM_ROWS, p=chances / chances.sum())
    logits = rng.normal(size=(NUM_ROWS, num_classes))
    logits[np.arange(NUM_ROWS), codes] += 1.0
    shares = normalized(np.round(np.exp(logits), 1) + 0.05)
    return codes, shares


def make_numbers(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    y = np.random.default_rng(seed).normal(size=(NUM_ROWS, 1)) * 3 + 10
    return y, y + np.random.default_rng(seed + 1).normal(size=y.shape)


def by_scikit_learn(name: str, codes: np.ndarray, shares: np.ndarray) -> float:
    told, num_classes = shares.argmax(axis=1), shares.shape[1]
    if num_classes == 2:
        ranked = {
            "auc": metrics.roc_auc_score,
            "average_precision": metrics.average_precision_score,
        }
        f1 = metrics.f1_score(codes, told)
        ranks = ranked[name](codes, shares[:, 1]) if name in ranked else None
    else:
        f1 = metrics.f1_score(codes, told, average="macro")
        one_hot = np.eye(num_classes)[codes]
        ranks = {
            "auc": lambda: metrics.roc_auc_score(codes, shares, multi_class="ovr"),
            "average_precision": lambda: metrics.average_precision_score(
                one_hot, shares, average="macro"
            ),
        }.get(name, lambda: None)()
    if ranks is not None:
        return float(ranks)
    return {
        "accuracy": lambda: metrics.accuracy_score(codes, told),
        "balanced_accuracy": lambda: metrics.balanced_accuracy_score(codes, told),
        "crossentropy": lambda: metrics.log_loss(codes, shares),
        "f1": lambda: f1,
    }[name]()


@pytest.mark.parametrize("num_classes", [2, 4])
@pytest.mark.parametrize("name", OF_CLASSES)
def test_scores_of_classes_are_those_of_scikit_learn(name, num_classes):
    codes, shares = make_classes(num_classes)
    ours = score_rows(name, np.eye(num_classes)[codes], shares).value
    assert ours == pytest.approx(by_scikit_learn(name, codes, shares), abs=1e-12)


def test_scores_of_numbers_are_those_of_scikit_learn():
    y, p = make_numbers()
    expected = {
        "rmse": metrics.root_mean_squared_error(y, p),
        "mae": metrics.mean_absolute_error(y, p),
        "r2": metrics.r2_score(y, p),
    }
    for name, value in expected.items():
        assert score_rows(name, y, p).value == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize("positive", [0, 1])
@pytest.mark.parametrize("name", ["average_precision", "f1"])
def test_of_two_classes_the_one_that_is_looked_for_can_be_chosen(name, positive):
    codes, shares = make_classes(2)
    ours = score_rows(name, np.eye(2)[codes], shares, positive).value
    mine = codes == positive
    theirs = (
        metrics.average_precision_score(mine, shares[:, positive])
        if name == "average_precision"
        else metrics.f1_score(codes, shares.argmax(axis=1), pos_label=positive)
    )
    assert ours == pytest.approx(theirs, abs=1e-12)


def make_rows(name: str, num_classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Return targets and outputs `[N, K]` that a score can be of."""
    if name in OF_NUMBERS:
        return make_numbers()
    codes, p = make_classes(num_classes)
    return np.eye(num_classes)[codes], p


@pytest.mark.parametrize("num_classes", [2, 3])
@pytest.mark.parametrize("name", SCORES)
def test_a_row_adds_what_the_score_loses_without_it(name, num_classes):
    """The jackknife: (N - 1) (score - score without the row)."""
    y, p = make_rows(name, num_classes)
    found = score_rows(name, y, p)
    without = [
        score_rows(name, np.delete(y, row, 0), np.delete(p, row, 0)).value
        for row in range(NUM_ROWS)
    ]
    lost = (NUM_ROWS - 1) * (found.value - np.array(without))
    assert found.influence.mean() == pytest.approx(0.0, abs=1e-12)
    if name in EXACT:
        np.testing.assert_allclose(found.influence, lost, atol=1e-9)
    else:
        spread = found.influence.std()
        # The rest is of the order of 1 / N, of rare classes of 1 / their rows.
        np.testing.assert_allclose(found.influence, lost, atol=0.1 * spread, rtol=0.2)


@pytest.mark.parametrize("num_classes", [2, 3])
@pytest.mark.parametrize("name", SCORES)
def test_a_row_that_weighs_as_much_as_two_counts_as_two(name, num_classes):
    y, p = make_rows(name, num_classes)
    times = np.random.default_rng(7).integers(0, 4, NUM_ROWS)
    found = score_rows(name, y, p, weights=times)
    repeated = score_rows(name, *(np.repeat(a, times, axis=0) for a in (y, p)))
    assert found.value == pytest.approx(repeated.value, abs=1e-12)
    assert found.influence.mean() == pytest.approx(0.0, abs=1e-12)
    firsts = np.cumsum(times)[times > 0] - 1
    expected = (times / times.mean())[times > 0] * repeated.influence[firsts]
    np.testing.assert_allclose(found.influence[times > 0], expected, atol=1e-9)
    assert (found.influence[times == 0] == 0).all()


@pytest.mark.parametrize("name", ["auc", "average_precision", "balanced_accuracy"])
def test_the_interval_that_influences_give_holds_the_score_of_many_rows(name):
    """95 % intervals of 200 samples against the score of 200,000 rows."""
    rng = np.random.default_rng(3)

    def draw(num_rows: int) -> tuple[np.ndarray, np.ndarray]:
        codes = (rng.random(num_rows) < 0.2).astype(int)
        logit = rng.normal(size=num_rows) + 1.5 * codes - 1.0
        share = 1 / (1 + np.exp(-logit))
        return np.eye(2)[codes], np.stack([1 - share, share], axis=1)

    truth = score_rows(name, *draw(200_000)).value
    inside = 0
    for _ in range(200):
        found = score_rows(name, *draw(400))
        error = found.influence.std() / np.sqrt(400)
        inside += abs(found.value - truth) < 1.96 * error
    # Binomial around 0.95: below 0.90 has a chance of 1 in 1,000.
    assert inside >= 180


@pytest.mark.parametrize("name", OF_CLASSES)
def test_scores_of_rows_of_one_class_are_numbers(name):
    shares = np.array([[0.7, 0.3], [0.4, 0.6]])
    for code in (0, 1):
        found = score_rows(name, np.eye(2)[[code, code]], shares)
        assert np.isfinite(found.value)
        assert np.isfinite(found.influence).all()


def test_answers_without_an_error_score_perfectly_and_no_row_adds_anything():
    y, _ = make_numbers()
    codes, _ = make_classes(3)
    one_hot = np.eye(3)[codes]
    for name in SCORES:
        targets = y if name in OF_NUMBERS else one_hot
        found = score_rows(name, targets, targets)
        perfect = 0.0 if name in ("rmse", "mae", "crossentropy") else 1.0
        assert found.value == pytest.approx(perfect, abs=1e-6)
        assert np.abs(found.influence).max() < 1e-6


def test_the_rarer_of_two_classes_is_the_last_of_equals():
    assert rarer_class(np.array([0, 0, 1])) == 1
    assert rarer_class(np.array([0, 1, 1])) == 0
    assert rarer_class(np.array([0, 1])) == 1


def test_shares_sum_to_one_and_are_even_where_nothing_is_said():
    shares = normalized(np.array([[2.0, 2.0], [0.0, 0.0], [-1.0, 3.0]]))
    assert shares.tolist() == [[0.5, 0.5], [0.5, 0.5], [0.0, 1.0]]
