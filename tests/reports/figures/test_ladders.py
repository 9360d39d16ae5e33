from dataclasses import replace

import numpy as np

from reports.figures.ladders import Ladder, Ladders, Panel, caption, describe, draw

PLACES = np.array([0.0, 1.0, 2.0])


def ladders(ideal: bool = True) -> Ladders:
    values = np.array([[1.0, 0.6, 0.4], [1.0, 0.5, 0.3], [1.0, np.nan, 0.5]])
    lines = (Ladder("low", PLACES, values), Ladder("high", PLACES[:2], values[:2, :2]))
    rule = (PLACES, np.exp2(-PLACES)) if ideal else None
    return Ladders(
        "ladders",
        "members",
        {0.0: "1", 1.0: "2", 2.0: "4"},
        (Panel("variance", lines, rule, "one k-th"), Panel("error", lines[:1])),
        "Two measurements.",
    )


def test_every_name_tick_and_title_is_written(texts):
    written = texts(draw(ladders()).svg)
    for word in ("low", "high", "one k-th", "variance", "error", "members", "1", "4"):
        assert word in written
    assert "one k-th" not in texts(draw(ladders(ideal=False)).svg)


def test_medians_leave_out_runs_without_a_number():
    low, high = ladders().panels[0].ladders
    assert low.median.tolist() == [1.0, 0.55, 0.4]
    assert high.median.tolist() == [1.0, 0.55]


def test_the_words_say_every_median():
    text = describe(ladders())
    assert "variance. low: 1 1, 2 0.55, 4 0.4; high: 1 1, 2 0.55." in text
    assert "error. low:" in text


def test_the_caption_says_how_many_seeds():
    assert caption(ladders()).startswith(
        "Two measurements. Strong lines are medians of 2 to 3 seeds"
    )


def test_a_drawing_is_the_same_every_time():
    assert draw(ladders()).svg == draw(ladders()).svg


def test_a_seed_far_off_leaves_the_panel_and_the_caption_says_so(texts):
    values = np.tile([[0.4], [0.6]], (20, 3))
    near = Ladders(
        "ladders",
        "k",
        ladders().ticks,
        (Panel("a", (Ladder("b", PLACES, values),)),),
        "C.",
    )
    assert "leave" not in caption(near)
    values[7, 2] = 1e6
    assert "leave their panel" in caption(near)
    assert "0.60" in texts(draw(near).svg)


def test_powers_of_ten_are_written_as_such(texts):
    logs = replace(ladders(ideal=False), is_log=True)
    values = np.array([[-3.0, -2.0, -1.0]])
    panel = Panel("loss", (Ladder("a", PLACES, values),))
    written = texts(draw(replace(logs, panels=(panel,))).svg)
    assert {"0.01", "0.1"} <= set(written)
