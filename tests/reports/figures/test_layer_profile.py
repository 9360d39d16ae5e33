import numpy as np
import pytest

from ablations.rigs.depth.recipes import recipe_config
from reports.figures import layer_profile

HOSTILE = 'a & <b id="x"> $\\frac{1}$'


def growing(factor, later=1.0):
    """Return a factor per layer, times another at every later record `[1, 5, L]`."""
    layers = factor ** np.arange(1.0, 21.0)
    return (later ** np.arange(5.0))[None, :, None] * layers


def test_a_probe_is_read_at_the_last_record(deep_runs):
    deep_runs.add("a", recipe_config(), activation_second_moment=growing(2.0, 3.0))
    found = layer_profile.read(deep_runs.source())
    assert found.when == "after 1,000 updates"
    # Probes are stored in single precision.
    expected = 81 * 2.0 ** np.arange(1, 21)
    assert found.profiles[0].median == pytest.approx(expected, rel=1e-6)
    assert "with a it goes from 160 to 10⁸" in layer_profile.title(found)


def test_of_kernels_only_the_hidden_ones_are_drawn(deep_runs):
    values = np.append(np.ones(20), 1e9)[None, None]
    deep_runs.add("a", recipe_config(), kernel_update_ratio=values)
    found = layer_profile.read(deep_runs.source())
    assert found.profiles[0].depth == 20
    assert found.values.max() == 1.0


def test_numbers_over_orders_of_magnitude_have_a_log_axis(deep_runs):
    deep_runs.add("a", recipe_config(), activation_second_moment=growing(2.0))
    assert layer_profile.read(deep_runs.source()).is_logarithmic


def test_shares_have_an_axis_from_none_to_all(deep_runs, texts):
    deep_runs.add("a", recipe_config(), dead_share=growing(0.5))
    found = layer_profile.read(deep_runs.source())
    assert not found.is_logarithmic
    assert layer_profile.ends_of(found) == (0.0, 1.0)
    assert "100 %" in texts(layer_profile.draw(found).svg)


def test_the_words_say_the_first_and_the_last_layer(deep_runs):
    deep_runs.add("grows", recipe_config(), activation_second_moment=growing(2.0))
    deep_runs.miss("never run", recipe_config(("ReLU",)))
    picture = layer_profile.draw(layer_profile.read(deep_runs.source()))
    assert "grows from 2 in layer 1 to 10⁶ in layer 20" in picture.alternative
    assert "Not drawn: never run." in picture.alternative


def test_zeros_infinities_and_gaps_can_be_drawn(deep_runs):
    values = np.repeat(growing(2.0), 5, axis=0)
    values[..., :3] = 0.0
    values[..., -3:] = np.inf
    values[0] = np.nan
    deep_runs.add("a", recipe_config(), activation_second_moment=values)
    picture = layer_profile.draw(layer_profile.read(deep_runs.source()))
    assert "Zeros are drawn at the lower end." in picture.caption
    assert "drawn at the upper end" in picture.caption
    assert "from 0 in layer 1 to overflow in layer 20" in picture.alternative
    assert "4 seeds" in picture.caption


@pytest.mark.parametrize("value", [0.0, 1.0, -2.0])
def test_one_seed_with_one_number_everywhere_can_be_drawn(deep_runs, value):
    deep_runs.add(
        "a", recipe_config(), [0.1], activation_mean=np.full((1, 1, 20), value)
    )
    low, high = layer_profile.ends_of(layer_profile.read(deep_runs.source()))
    assert low <= value <= high
    assert low < high
    assert layer_profile.draw(layer_profile.read(deep_runs.source())).svg


def test_hostile_names_are_text(deep_runs, texts):
    deep_runs.add(HOSTILE, recipe_config(), activation_second_moment=growing(2.0))
    svg = layer_profile.draw(layer_profile.read(deep_runs.source())).svg
    assert "<b" not in svg
    assert any("<b" in text for text in texts(svg))


def test_without_probes_there_is_nothing_to_draw(deep_runs, source, empty_source):
    deep_runs.add("a", recipe_config())
    assert layer_profile.read(deep_runs.source()) is None
    assert layer_profile.read(source) is None
    assert layer_profile.read(empty_source) is None


def test_accuracies_of_layers_are_a_profile_that_begins_at_the_inputs(deep_runs, texts):
    deep_runs.add("digits", recipe_config(), [0.1] * 3)
    curves = {"steps": np.tile([0, 1000], (3, 1)), "curve.accuracy": np.ones((3, 2))}
    for layer in range(4):
        curves[f"curve.test_accuracy_of_layer_{layer}"] = np.full((3, 2), layer / 10)
    config = recipe_config((), width=7)
    deep_runs.miss("clusters", config)
    deep_runs.store.insert(
        deep_runs.store.put_spec(config.specification()),
        np.arange(3),
        ["ok"] * 3,
        [-1] * 3,
        {name: np.float32(v) if "." in name else v for name, v in curves.items()},
        {"processor": "none"},
    )
    found = layer_profile.read(deep_runs.source())
    (profile,) = found.profiles
    assert profile.layers.tolist() == [0, 1, 2, 3]
    assert profile.median == pytest.approx([0.0, 0.1, 0.2, 0.3])
    picture = layer_profile.draw(found)
    assert "inputs" in texts(picture.svg)
    assert "clusters from 0 in layer 0 to 0.3 in layer 3" in picture.alternative
