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
    assert "neither vanished nor exploded: 0.001 to 1,000" in texts(picture.svg)
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
    assert "too small for single precision" in picture.caption
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


def test_depths_have_a_panel_each_and_a_recipe_one_color(deep_runs, texts):
    for depth in (20, 50):
        for name, rate in (("fades", 0.9), ("keeps", 1.0)):
            config = deep(depth, width=32 if name == "keeps" else 64)
            deep_runs.add(
                {"recipe": name, "depth": depth},
                config,
                kernel_gradient_norm=norms(depth, rate),
            )
    deep_runs.add(
        {"recipe": "alone", "depth": 5}, deep(5), kernel_gradient_norm=norms(5, 1.0)
    )
    found = gradient_depth.read(deep_runs.source())
    assert found.depths == [5, 20, 50]
    panels = found.panels()
    assert [list(panel.profiles) for panel in panels] == [
        ["alone"],
        ["fades", "keeps"],
        ["fades", "keeps"],
    ]
    colors = [look["color"] for look in gradient_depth.looks_of(panels).values()]
    assert len(set(colors)) == 3
    written = texts(gradient_depth.draw(found).svg)
    assert {"5 hidden layers", "20 hidden layers", "50 hidden layers"} <= set(written)
    assert written.count("fades") == 2


def test_many_arms_of_a_depth_are_shared_out_by_their_first_level(deep_runs):
    for activation in ("ReLU", "tanh"):
        for start in range(5):
            config = deep(width=len(deep_runs.arms) + 2)
            levels = {"activation": activation, "start": start, "depth": 20}
            gradients = norms(20, 0.9 + 0.01 * len(deep_runs.arms))
            deep_runs.add(levels, config, [0.1], kernel_gradient_norm=gradients)
    panels = gradient_depth.read(deep_runs.source()).panels()
    assert [panel.title for panel in panels] == [
        "20 hidden layers, ReLU",
        "20 hidden layers, tanh",
    ]
    assert list(panels[0].profiles) == list(panels[1].profiles)
    assert len(gradient_depth.looks_of(panels)) == 5


def test_arms_that_start_alike_share_a_line(deep_runs):
    arms = (("sigmoid", "SGD", 0.5), ("sigmoid", "Adam", 0.5), ("ReLU", "SGD", 1.0))
    for width, (activation, optimizer, rate) in enumerate(arms, 3):
        levels = {"activation": activation, "optimizer": optimizer}
        gradients = norms(20, rate)
        deep_runs.add(levels, deep(width=width), [0.1], kernel_gradient_norm=gradients)
    found = gradient_depth.read(deep_runs.source())
    (panel,) = found.panels()
    assert list(panel.profiles) == ["sigmoid", "ReLU, SGD"]
    picture = gradient_depth.draw(found)
    assert "share a line" in picture.caption
    assert "sigmoid, Adam: 10" in picture.alternative


def test_what_comes_after_the_first_update_is_not_told(deep_runs):
    for width, levels in enumerate(({"updates": 500}, {"training": "untrained"}), 3):
        told = {"activation": "ReLU", **levels}
        gradients = norms(20, 1.0)
        deep_runs.add(told, deep(width=width), [0.1], kernel_gradient_norm=gradients)
    deep_runs.add("fades", deep(), [0.1], kernel_gradient_norm=norms(20, 0.5))
    (panel,) = gradient_depth.read(deep_runs.source()).panels()
    assert list(panel.profiles) == ["ReLU", "fades"]


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
