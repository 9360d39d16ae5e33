import numpy as np

from ablations.study.findings import contrasts
from ablations.study.settings.designs import make_arms


def test_contrasts_of_a_factorial_find_the_planted_effects():
    factors = {"a": (0, 1), "b": (0, 1), "c": (0, 1)}
    arms = make_arms("full_factorial", factors)
    scores = {
        arm.name: np.full(
            4,
            2.0 * arm.levels["a"]
            - arm.levels["b"]
            + 3.0 * arm.levels["a"] * arm.levels["b"],
        )
        for arm in arms.arms
    }
    main = contrasts.main_effects(arms, scores, factors)
    # The effect of a is 2 without b and 5 with it.
    assert [float(c.differences[0]) for c in main] == [3.5, 0.5, 0.0]
    pairs = contrasts.interactions(arms, scores, factors)
    assert {c.factors: float(c.differences[0]) for c in pairs} == {
        ("a", "b"): 3.0,
        ("a", "c"): 0.0,
        ("b", "c"): 0.0,
    }


def test_only_crossed_arms_have_all_corners():
    factors = {"a": (0, 1), "b": (0, 1), "c": (0, 1), "d": (0, 1)}
    for design, expected in (
        ("full_factorial", True),
        ("fractional_factorial", True),
        ("one_at_a_time", False),
    ):
        assert (
            contrasts.has_all_corners(make_arms(design, factors), factors) is expected
        )
