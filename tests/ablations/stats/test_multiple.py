import math

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from ablations.stats.multiple import holm, simultaneous_confidence


def generator():
    return np.random.default_rng(0)


@pytest.mark.parametrize(
    "p_values", [[0.01], [0.04, 0.01, 0.03, 0.03], [1.0, 0.9, 0.0], [0.2, 0.2, 0.2]]
)
def test_holm_equals_statsmodels(p_values):
    theirs = multipletests(p_values, method="holm")[1]
    # The same products.
    assert holm(p_values) == pytest.approx(theirs, abs=1e-15)


def test_holm_by_hand():
    # 3 * 0.01, 2 * 0.03 and the running maximum of 1 * 0.04.
    assert holm([0.03, 0.01, 0.04]) == pytest.approx([0.06, 0.03, 0.06])


def test_holm_of_nothing_is_nothing_and_refuses_what_is_no_probability():
    assert holm([]).size == 0
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm([0.5, 1.2])
    with pytest.raises(ValueError, match="NaN"):
        holm([0.5, math.nan])


def test_a_family_shares_the_level():
    assert simultaneous_confidence(1) == 0.95
    assert simultaneous_confidence(5) == pytest.approx(0.99)
    with pytest.raises(ValueError, match="positive"):
        simultaneous_confidence(0)


def test_equal_p_values_get_one_value_however_many():
    p_values = np.tile([0.001, 0.4, 0.0001], 40)
    adjusted = holm(p_values)
    assert {len(set(adjusted[i::3].tolist())) for i in range(3)} == {1}
