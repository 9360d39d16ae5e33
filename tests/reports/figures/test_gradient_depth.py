import dataclasses
import re

import numpy as np
import pytest

from ablations.rigs.depth.recipes import reaches, recipe_config
from reports.drawing.palette import DARK
from reports.figures import gradient_depth
from reports.figures.gradient_depth import factor, scale_of
from reports.figures.profiles import Profile

HOSTILE = 'a & <b id="x"> $\\frac{1}$'


def norms(depth, per_layer, output=7.0):
    """Return norms that change by a factor per layer towards the first, `[1, 1, L]`."""
    hidden = per_layer ** np.arange(depth - 1.0, -1.0, -1.0)
    return 3.0 * np.append(hidden, output)[None, None]


def deep(depth=20, **changes):
    return recipe_config((), depth=depth, **changes)


def test_gradients_are_relative_to_the_last_hidden_layer(deep_runs):
    deep_runs.add("fades", deep(), kernel_gradient_norm=norms(20, 0.5))
    (profile,) = gradient_depth.read(deep_runs.source()).profiles
    assert profile.depth == 20
    # Norms are stored in single precision.
    assert profile.median[-1] == pytest.approx(1.0, rel=1e-6)
    assert profile.median[0] == pytest.approx(0.5**19, rel=1e-6)


def test_norms_are_drawn_as_they_are_where_the_claim_reads_them(
    deep_runs, claim_from, texts
):
    gradients = norms(20, 1.0) * 1e-9
    deep_runs.add("ReLU", deep(), [0.1], kernel_gradient_norm=gradients)
    source = deep_runs.source()
    claim = claim_from(source.arms, reaches())
    assert gradient_depth.reads_norms(claim)
    assert not gradient_depth.reads_norms(source.claim)
    found = gradient_depth.read(dataclasses.replace(source, claim=claim))
    # Norms are stored in single precision.
    assert found.profiles[0].median == pytest.approx(np.full(20, 3e-9), rel=1e-6)
    picture = gradient_depth.draw(found)
    assert "0 of 1 within a factor of 1,000 of 1" in picture.alternative
    assert "size of the gradient; shaded: as it should be" in texts(picture.svg)
    assert "over that" not in picture.caption


def test_only_the_record_before_the_first_update_counts(deep_runs):
    values = np.repeat(norms(20, 0.5), 5, axis=1)
    values[:, 1:] = norms(20, 2.0)
    deep_runs.add("fades", deep(), kernel_gradient_norm=values)
    (profile,) = gradient_depth.read(deep_runs.source()).profiles
    assert profile.median[0] < 1e-5


def test_the_words_say_the_first_gradient_and_how_many_seeds_are_balanced(deep_runs):
    deep_runs.add("fades", deep(), kernel_gradient_norm=norms(20, 0.1))
    deep_runs.add("keeps", deep(width=32), kernel_gradient_norm=norms(20, 1.05))
    picture = gradient_depth.draw(gradient_depth.read(deep_runs.source()))
    assert "fades: 10⁻¹⁹" in picture.alternative
    assert "0 of 5 within a factor of 10" in picture.alternative
    assert "keeps: 2.5 (seeds 2.5 to 2.5; 5 of 5 within" in picture.alternative


def test_gradients_that_underflow_are_drawn_at_zero_and_named(deep_runs, texts):
    values = norms(20, 0.5)
    values[..., :10] = 0.0
    deep_runs.add("fades", deep(), kernel_gradient_norm=values)
    picture = gradient_depth.draw(gradient_depth.read(deep_runs.source()))
    assert {"0", "underflow to 0"} <= set(texts(picture.svg))
    assert "fades: underflow to 0" in picture.alternative


def test_gradients_that_overflow_are_drawn_at_infinity_and_named(deep_runs, texts):
    values = norms(20, 2.0)
    values[..., :10] = np.inf
    deep_runs.add("grows", deep(), kernel_gradient_norm=values)
    picture = gradient_depth.draw(gradient_depth.read(deep_runs.source()))
    assert {"∞", "overflow"} <= set(texts(picture.svg))


def test_runs_without_a_last_gradient_are_left_out_and_counted(deep_runs):
    values = np.repeat(np.repeat(norms(20, 0.5), 5, axis=0), 5, axis=1)
    values[0] = np.nan
    values[1] = 0.0
    deep_runs.add("fades", deep(), kernel_gradient_norm=values)
    found = gradient_depth.read(deep_runs.source())
    assert found.num_left_out == 2
    assert len(found.profiles[0].values) == 3
    assert "Left out: 2 runs" in gradient_depth.draw(found).caption


def test_an_arm_that_diverges_later_keeps_its_start(deep_runs):
    deep_runs.add(
        "fades",
        deep(),
        [0.1, 0.1],
        status=["diverged", "diverged"],
        kernel_gradient_norm=norms(20, 0.5),
    )
    (profile,) = gradient_depth.read(deep_runs.source()).profiles
    assert len(profile.values) == 2


def test_networks_of_the_most_frequent_depth_are_drawn(deep_runs):
    for depth, names in ((20, ("fades", "keeps")), (50, ("fades",)), (5, ("alone",))):
        for name in names:
            config = deep(depth, width=32 if name == "keeps" else 64)
            gradients = norms(depth, 1.0 if name == "keeps" else 0.5)
            levels = {"recipe": name, "depth": depth}
            deep_runs.add(levels, config, kernel_gradient_norm=gradients)
    found = gradient_depth.read(deep_runs.source())
    assert found.depth == 20
    assert [profile.name for profile in found.profiles] == ["fades", "keeps"]


def test_of_many_starts_the_first_and_those_from_least_to_most_are_drawn(deep_runs):
    for start in range(12):
        gradients = norms(20, (0.4, 0.9, 0.8)[start % 3] ** (start + 1))
        config, levels = deep(width=start + 2), {"start": start}
        deep_runs.add(levels, config, [0.1], kernel_gradient_norm=gradients)
    found = gradient_depth.read(deep_runs.source())
    assert (len(found.profiles), found.num_starts) == (gradient_depth.MOST_LINES, 12)
    _, *others = (profile.median[0] for profile in found.profiles)
    assert found.profiles[0].name == "start 0"
    assert others == sorted(others)
    assert "Shown are 6 of 12 starts." in gradient_depth.draw(found).caption


@pytest.mark.parametrize(
    ("rates", "title"),
    [
        ((0.5, 1.0), "With b the gradient arrives; with a it falls to 10⁻⁶"),
        ((2.0, 0.5), "The gradient arrives from no start: with a it grows to 10⁶"),
        ((1.0, 1.1), "The gradient arrives at the first layer from every start"),
    ],
)
def test_the_title_names_the_starts_at_both_ends(deep_runs, rates, title):
    for name, rate in zip("ab", rates, strict=True):
        config = deep(width=4 if name == "a" else 5)
        deep_runs.add(name, config, [0.1], kernel_gradient_norm=norms(20, rate))
    assert gradient_depth.title(gradient_depth.read(deep_runs.source())) == title


def test_arms_that_start_alike_share_a_line(deep_runs):
    arms = (("sigmoid", "SGD", 0.5), ("sigmoid", "Adam", 0.5), ("ReLU", "SGD", 1.0))
    for width, (activation, optimizer, rate) in enumerate(arms, 3):
        levels = {"activation": activation, "optimizer": optimizer}
        gradients = norms(20, rate)
        deep_runs.add(levels, deep(width=width), [0.1], kernel_gradient_norm=gradients)
    found = gradient_depth.read(deep_runs.source())
    assert [profile.name for profile in found.profiles] == ["sigmoid", "ReLU, SGD"]
    assert found.num_starts == 2


def test_what_comes_after_the_first_update_is_not_told(deep_runs):
    for width, levels in enumerate(({"updates": 500}, {"training": "untrained"}), 3):
        told = {"activation": "ReLU", **levels}
        gradients = norms(20, 1.0)
        deep_runs.add(told, deep(width=width), [0.1], kernel_gradient_norm=gradients)
    deep_runs.add("fades", deep(), [0.1], kernel_gradient_norm=norms(20, 0.5))
    found = gradient_depth.read(deep_runs.source())
    assert [profile.name for profile in found.profiles] == ["ReLU", "fades"]


def test_arms_without_runs_are_named(deep_runs):
    deep_runs.add("fades", deep(), [0.1], kernel_gradient_norm=norms(20, 0.5))
    deep_runs.miss("keeps", deep(width=32))
    picture = gradient_depth.draw(gradient_depth.read(deep_runs.source()))
    assert "Not run: keeps." in picture.caption
    assert "Not run: keeps." in picture.alternative


def test_hostile_names_are_text_and_colors_have_a_dark_form(deep_runs, texts):
    deep_runs.add(HOSTILE, deep(), [0.1], kernel_gradient_norm=norms(20, 0.5))
    svg = gradient_depth.draw(gradient_depth.read(deep_runs.source())).svg
    assert "<b" not in svg
    assert any("<b" in text for text in texts(svg))
    assert set(re.findall(r"#[0-9a-f]{6}\b", svg)) <= set(DARK)


def test_many_seeds_stay_small(deep_runs):
    rng = np.random.default_rng(0)
    values = norms(50, 0.9) * rng.lognormal(size=(100, 1, 51))
    deep_runs.add("many", deep(50), [0.1] * 100, kernel_gradient_norm=values)
    picture = gradient_depth.draw(gradient_depth.read(deep_runs.source()))
    assert len(picture.svg) < 30_000


def test_an_axis_holds_the_balanced_band_and_every_gradient():
    values = np.array([[1e-12, 1.0], [np.nan, 1.0]])
    scale = scale_of((Profile("a", 2, values),))
    assert scale.low < -12
    assert scale.high > 1
    assert (scale.floor, scale.ceiling) == (None, None)


def test_a_gradient_of_zero_is_called_an_underflow():
    assert factor(0.0) == "underflow to 0"
    assert factor(3e-24) == "10⁻²⁴"


def test_without_the_probe_there_is_nothing_to_draw(deep_runs, source, empty_source):
    deep_runs.add("fades", deep())
    assert gradient_depth.read(deep_runs.source()) is None
    assert gradient_depth.read(source) is None
    assert gradient_depth.read(empty_source) is None
