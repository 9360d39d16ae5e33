import math

import numpy as np
import pytest

from ablations.stats.estimate import (
    as_floats,
    as_outcomes,
    as_pair,
    keep_to_test,
)


def test_nan_is_named_and_counted():
    with pytest.raises(ValueError, match=r"`losses` must not contain NaN.*1 NaN of 3"):
        as_floats("losses", [0.1, math.nan, 0.2])


def test_infinity_is_refused_unless_it_is_allowed():
    with pytest.raises(ValueError, match=r"1 infinite of 2"):
        as_floats("losses", [math.inf, 0.2])
    assert np.isinf(as_floats("losses", [math.inf, 0.2], allow_infinite=True)).any()


def test_outcomes_are_only_zero_and_one():
    assert as_outcomes("solved", [1, 0, True]).tolist() == [True, False, True]
    with pytest.raises(ValueError, match="only 0 and 1"):
        as_outcomes("solved", [0.5, 1])


def test_an_interval_is_extended_only_where_the_test_keeps_zero():
    assert keep_to_test(0.1, 0.4, 0.06, 0.95) == (0.0, 0.4)
    assert keep_to_test(-0.4, -0.1, 0.06, 0.95) == (-0.4, 0.0)
    assert keep_to_test(0.1, 0.4, 0.04, 0.95) == (0.1, 0.4)
    assert keep_to_test(0.1, 0.4, 0.1, 0.9) == (0.1, 0.4)


def test_pairs_refuse_infinity_unless_it_is_allowed():
    with pytest.raises(ValueError, match="`treatment` must be finite"):
        as_pair([math.inf], [1.0])
    with pytest.raises(ValueError, match="`control` must be finite"):
        as_pair([1.0], [math.inf])
    first, second = as_pair([math.inf], [1.0], allow_infinite=True)
    assert (first.tolist(), second.tolist()) == ([math.inf], [1.0])


def test_outcomes_keep_the_dimensions_that_were_asked_for():
    assert as_outcomes("solved", [[1, 0]], ndim=2).shape == (1, 2)
    with pytest.raises(ValueError, match=r"`solved` must have 2 dimension\(s\)"):
        as_outcomes("solved", [1, 0], ndim=2)
