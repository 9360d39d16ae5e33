import pytest

from reports.drawing import dots


@pytest.mark.parametrize("ends", [(0.7, 1.05), (0.2, 3.0), (0.01, 200.0), (1e-9, 1e9)])
def test_ratios_have_few_round_ticks_inside_the_axis(ends):
    ticks = dots.ratio_ticks(ends)
    assert 2 <= len(ticks) <= 6
    assert all(ends[0] <= tick <= ends[1] for tick in ticks)
