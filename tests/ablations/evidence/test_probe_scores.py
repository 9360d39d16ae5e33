"""Scores from probes, against their formulas and at the edges of float32."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ablations.evidence.probe_scores import PROBE_SCORES, SMALLEST, ratio, slope
from ablations.evidence.scores import DERIVED, score
from ablations.protocol.score import ScoreConfig
from ablations.store.table import RunTable
from models.config import ConfigError

STEPS = (0, 10, 100)
PROBES = (
    "kernel_gradient_norm",
    "kernel_update_ratio",
    "activation_second_moment",
    "activation_mean",
    "activation_variance",
    "saturated_share",
    "slope_second_moment",
    "dead_share",
    "zero_slope_share",
    "flat_share",
    "weight_norm",
)


def table(**probes) -> RunTable:
    """Return runs with these probes `[S, T, L]`."""
    arrays = {f"probe.{k}": np.asarray(v, np.float32) for k, v in probes.items()}
    num_runs = len(next(iter(arrays.values())))
    return RunTable(
        seeds=np.arange(num_runs),
        status=np.full(num_runs, "ok"),
        diverged_at=np.full(num_runs, -1),
        arrays={"steps": np.tile(STEPS, (num_runs, 1)), **arrays},
    )


def at_every_step(values) -> np.ndarray:
    """Return runs `[S, L]` as a probe that is ten times as large at every step."""
    growth = 10.0 ** np.arange(len(STEPS))
    return np.asarray(values)[:, None, :] * growth[:, None]


def first_run(name: str, at=None, **probes) -> float:
    return float(DERIVED[name](table(**probes), at)[0])


RNG = np.random.default_rng(3)
# Two runs, three updates, four hidden layers and the output.
NORMS = 10.0 ** RNG.uniform(-8, 2, (2, 3, 5))


@pytest.mark.parametrize(
    ("name", "probe"),
    [
        ("gradient_ratio", "kernel_gradient_norm"),
        ("update_ratio", "kernel_update_ratio"),
    ],
)
def test_a_ratio_is_of_the_first_hidden_kernel_to_the_last(name, probe):
    for at, column in ((None, 2), (10, 1), (0, 0)):
        found = DERIVED[name](table(**{probe: NORMS}), at)
        expected = np.log10(NORMS[:, column, 0] / NORMS[:, column, 3])
        np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "probe"),
    [
        ("gradient_slope", "kernel_gradient_norm"),
        ("update_slope", "kernel_update_ratio"),
    ],
)
def test_a_slope_over_kernels_is_the_least_squares_one_without_the_output(name, probe):
    found = DERIVED[name](table(**{probe: NORMS}), 10)
    layers = np.arange(1, 5)
    expected = [np.polyfit(layers, np.log10(run[1, :4]), 1)[0] for run in NORMS]
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_a_slope_over_activations_counts_every_layer():
    found = DERIVED["moment_slope"](table(activation_second_moment=NORMS), None)
    expected = [np.polyfit(np.arange(5), np.log10(run[2]), 1)[0] for run in NORMS]
    np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "probe"),
    [
        ("moment_ratio", "activation_second_moment"),
        ("variance_ratio", "activation_variance"),
    ],
)
def test_a_ratio_of_activations_is_of_the_last_layer_to_the_first(name, probe):
    found = DERIVED[name](table(**{probe: NORMS}), None)
    expected = np.log10(NORMS[:, 2, -1] / NORMS[:, 2, 0])
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_the_worst_ratio_is_the_largest_of_either_sign_up_to_the_update():
    norms = np.ones((1, 3, 3))
    norms[0, :, 0] = (1e-2, 1e5, 1e-6)
    for at, worst in ((0, 2.0), (10, 5.0), (100, 6.0), (None, 6.0)):
        found = first_run("worst_gradient_ratio", at, kernel_gradient_norm=norms)
        assert found == pytest.approx(worst, abs=1e-6)


@given(st.floats(-1.5, 1.5), st.integers(2, 30))
def test_what_changes_by_a_factor_per_layer_has_its_logarithm_as_slope(rate, depth):
    values = 10.0 ** (rate * np.arange(depth))
    assert slope(values) == pytest.approx(rate, abs=1e-9)
    assert ratio(values) == pytest.approx(-rate * (depth - 1), abs=1e-9)


@given(st.floats(1e-3, 1e3))
def test_one_scale_for_all_layers_changes_neither_ratio_nor_slope(scale):
    values = NORMS[0, 0]
    assert slope(scale * values) == pytest.approx(slope(values), abs=1e-9)
    assert ratio(scale * values) == pytest.approx(ratio(values), abs=1e-9)


def test_means_are_over_layers():
    shares = at_every_step([[0.1, 0.2, 0.6], [0.0, 0.0, 0.0]])
    for name, probe in (
        ("mean_saturated_share", "saturated_share"),
        ("mean_slope_second_moment", "slope_second_moment"),
        ("mean_dead_share", "dead_share"),
        ("mean_zero_slope_share", "zero_slope_share"),
        ("mean_flat_share", "flat_share"),
    ):
        found = DERIVED[name](table(**{probe: shares}), 0)
        np.testing.assert_allclose(found, [0.3, 0.0], atol=1e-7)


def test_the_weight_norm_is_that_of_all_weights_together():
    norms = at_every_step([[3.0, 4.0], [0.0, 10.0]])
    found = DERIVED["final_weight_norm"](table(weight_norm=norms), 0)
    np.testing.assert_allclose(found, np.log10([5.0, 10.0]), atol=1e-7)


def test_a_gradient_that_underflowed_counts_as_the_smallest_number():
    norms = np.ones((1, 3, 3))
    norms[0, :, 0] = 0.0
    found = first_run("gradient_ratio", kernel_gradient_norm=norms)
    assert found == pytest.approx(np.log10(SMALLEST))
    assert first_run("worst_gradient_ratio", kernel_gradient_norm=norms) == -found
    assert first_run("gradient_slope", kernel_gradient_norm=norms) == -found
    # Below it nothing is told apart, also where all layers underflowed.
    assert first_run("gradient_ratio", kernel_gradient_norm=0 * norms) == 0.0
    # The smallest number above 0 keeps its own size.
    assert np.log10(np.nextafter(np.float32(0), np.float32(1))) > np.log10(SMALLEST)


def test_what_is_not_finite_is_no_score():
    norms = np.ones((2, 3, 3))
    norms[0, 2, 0], norms[1, 2, 0] = np.nan, np.inf
    found = DERIVED["gradient_ratio"](table(kernel_gradient_norm=norms), None)
    assert not np.isfinite(found).any()


def test_a_single_hidden_layer_has_a_ratio_of_1_and_no_slope():
    norms = np.ones((1, 3, 2))
    assert first_run("gradient_ratio", kernel_gradient_norm=norms) == 0.0
    with pytest.raises(ConfigError, match="`probe` must have at least two layers"):
        first_run("gradient_slope", kernel_gradient_norm=norms)


@pytest.mark.parametrize("name", PROBE_SCORES)
def test_every_score_gives_one_number_per_run_at_any_recorded_update(name):
    probes = table(**dict.fromkeys(PROBES, NORMS))
    for at in (None, *STEPS):
        assert PROBE_SCORES[name](probes, at).shape == (2,)
    with pytest.raises(ConfigError, match=r"`at` must be a recorded number"):
        PROBE_SCORES[name](probes, 11)
    nothing = table(other=NORMS)
    with pytest.raises(ConfigError, match="`probe` must be one of"):
        PROBE_SCORES[name](nothing, None)


def test_a_score_of_a_claim_reads_its_number_of_updates():
    runs = table(kernel_gradient_norm=at_every_step(np.ones((2, 3))) * NORMS[:, :, :3])
    values = [
        score(runs, ScoreConfig(quantity="gradient_ratio", at=at, words="w"))
        for at in (0, 100)
    ]
    assert (values[0] != values[1]).all()


def test_first_and_largest_are_those_of_hidden_kernels():
    # The last number is that of the output layer; each record is 10 times the last.
    norms = at_every_step(np.array([[1e-4, 10.0, 1e6]]))
    assert np.isclose(first_run("first_gradient", kernel_gradient_norm=norms), -2.0)
    assert np.isclose(first_run("largest_update", kernel_update_ratio=norms), 3.0)


def test_a_shift_is_the_size_of_the_mean_in_deviations():
    mean, variance = at_every_step([[1.0, -6.0]]), np.full((1, 3, 2), 4.0)
    told = {"activation_mean": mean, "activation_variance": variance}
    # Means of 1 / 2 and 6 / 2 deviations, ten times as large after ten updates.
    assert first_run("activation_shift", 0, **told) == pytest.approx(1.75)
    assert first_run("activation_shift", 10, **told) == pytest.approx(17.5)


def test_one_dead_layer_is_the_largest_share_and_not_the_mean():
    shares = np.tile([0.25, 1.0, 0.5], (1, 3, 1))
    assert first_run("largest_dead_share", 0, dead_share=shares) == 1
    assert first_run("mean_dead_share", 0, dead_share=shares) < 0.6
