import numpy as np
import pytest

from ablations.judging.contrast import of_means, of_ratio
from ablations.judging.outcome import side
from ablations.selfcheck.batched import mean_words, ratio_words

NUM_SAMPLES = 25


def samples(n: int, kind: str) -> np.ndarray:
    rng = np.random.default_rng(n)
    values = rng.normal(0.35, 1.0, (NUM_SAMPLES, n))
    if kind == "ties":
        values = np.round(values)
        values[0] = 0.0
    return values


@pytest.mark.parametrize("n", [5, 6, 10, 16, 17, 30])
@pytest.mark.parametrize("kind", ["smooth", "ties"])
@pytest.mark.parametrize("upwards", [True, False])
def test_many_means_get_the_words_that_each_gets_alone(n, kind, upwards):
    values = samples(n, kind)
    for bound in (0.0, 0.31):
        for confidence in (0.9, 0.95):
            words = mean_words(values, bound, upwards=upwards, confidence=confidence)
            assert words.tolist() == [
                of_means(each).word(bound, confidence, upwards=upwards)
                for each in values
            ]


@pytest.mark.parametrize("n", [10, 20])
@pytest.mark.parametrize("upwards", [True, False])
def test_an_end_at_zero_may_hold(n, upwards):
    values = samples(n, "ties")
    words = mean_words(values, 0.0, upwards=upwards, zero_holds=True)
    assert words.tolist() == [
        side(*of_means(each).interval(0.95), 0.0, upwards=upwards) for each in values
    ]


@pytest.mark.parametrize("n", [10, 16, 20])
@pytest.mark.parametrize("upwards", [True, False])
def test_many_ratios_get_the_words_that_each_gets_alone(n, upwards):
    rng = np.random.default_rng(n)
    tops, bottoms = rng.lognormal(0, 0.5, (2, NUM_SAMPLES, n))
    tops[::3], bottoms[::3] = np.ceil(3 * tops[::3]), np.ceil(3 * bottoms[::3])
    for bound in (1.0, 1.37):
        words = ratio_words(tops, bottoms, bound, upwards=upwards)
        assert words.tolist() == [
            of_ratio(one, other).word(bound, 0.95, upwards=upwards)
            for one, other in zip(tops, bottoms, strict=True)
        ]
