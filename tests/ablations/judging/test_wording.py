import numpy as np
import pytest

from ablations.judging.wording import more_seeds, number, percent, points, signed


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.5, "50.0 %"),
        (0.123456, "12.3 %"),
        (0.999, "99.90 %"),
        (0.99999, "99.999 %"),
        (0.9999999, "99.99999 %"),
        (0.0005, "0.050 %"),
        (1e-7, "1.0e-05 %"),
    ],
)
def test_a_share_is_written_in_percent(share, text):
    assert percent(share) == text


def test_nothing_but_all_and_none_is_written_as_100_and_0_percent():
    inside = [5e-324, 1e-300, 1e-9, 4e-4, 0.9996, 1 - 1e-9, np.nextafter(1.0, 0.0)]
    rng = np.random.default_rng(0)
    inside += list(10.0 ** rng.uniform(-16, 0, 300))
    inside += [share for e in rng.uniform(-15, 0, 300) if (share := 1 - 10.0**e) < 1]
    for share in inside:
        assert 0.0 <= share < 1.0
        if share > 0:
            assert float(percent(share).removesuffix(" %")) not in (0.0, 100.0), share
            assert points(-share) not in ("-0.0", "-100.0")


@pytest.mark.parametrize(
    ("difference", "text"),
    [(0.021, "+2.1"), (-0.021, "-2.1"), (0.0, "+0"), (-0.0, "+0"), (-1.0, "-100")],
)
def test_a_difference_has_its_sign_and_zero_is_no_loss(difference, text):
    assert points(difference) == text


def test_a_number_never_reads_like_the_bound_it_is_not():
    assert percent(0.9496, bound=0.95) == "94.96 %"
    assert percent(0.95, bound=0.95) == "95.0 %"
    assert points(-0.02004, bound=-0.02) == "-2.004"
    assert signed(0.1 + 1e-9, bound=0.1) == "+0.100000001"
    # Bounds are round numbers, as claims state them.
    for bound in np.arange(1, 1000) / 1000:
        for near in (np.nextafter(bound, 0), bound + 1e-7, bound * 1.001):
            assert signed(near, bound) != signed(bound)
            if abs(near - bound) > 1e-9:
                assert float(percent(near, bound)[:-2]) != float(percent(bound)[:-2])
                assert points(-near, -bound) != points(-bound)


def test_what_has_no_end_is_called_unbounded():
    assert points(np.inf) == signed(-np.inf) == "unbounded"


def test_numbers_are_never_written_as_minus_zero():
    assert signed(-0.0) == "+0"
    assert number(-0.0) == "0"


def test_more_seeds_are_promised_only_up_to_a_limit():
    assert "about 1,200 would" in more_seeds("it", 100, 1200, 5000)
    assert "more than 5,000" in more_seeds("it", 100, None, 5000)
