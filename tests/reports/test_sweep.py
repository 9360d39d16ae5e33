import dataclasses
import re
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from ablations.running.sweep import SweepResult
from models.config import ConfigError
from reports.sweep import (
    draw,
    frame_csv,
    message,
    order_of,
    read_panels,
    write_sweep,
)
from reports.sweep_page import (
    main_metric,
    make_page,
    settings_of,
    short_name,
    shown,
)

RATE, NAME = "training.optimizer.learning_rate", "model.activation"


def make_result(rates=(0.001, 0.1), names=("relu", "<b>tanh</b>")) -> SweepResult:
    """Return two runs for every combination; the loss is the rate plus the seed."""
    rows = [
        {
            "point": len(names) * i + j,
            RATE: rate,
            NAME: name,
            "seed": seed,
            "status": "ok",
            "diverged_at": -1,
            "steps": 10,
            "loss": rate + seed,
        }
        for i, rate in enumerate(rates)
        for j, name in enumerate(names)
        for seed in (0, 1)
    ]
    runs = pd.DataFrame(rows)
    curves = runs[["point", RATE, NAME, "seed"]].assign(
        step=10, metric="loss", value=runs["loss"]
    )
    return SweepResult((NAME, RATE), runs, curves)


def test_numbers_stand_along_the_axis_and_words_make_the_lines():
    found = make_result()
    assert order_of(found) == (RATE, NAME)
    (panel,) = read_panels(found)
    assert (panel.metric, panel.along, panel.across) == ("loss", RATE, NAME)
    assert panel.is_logarithmic
    assert panel.levels == (0.001, 0.1)
    assert list(panel.lines) == ["relu", "<b>tanh</b>"]
    np.testing.assert_allclose(panel.lines["relu"][1], [0.1, 1.1])


def test_words_alone_stand_at_places():
    result = make_result(rates=(0.1,))
    (panel,) = read_panels(SweepResult((NAME,), result.runs.drop(columns=RATE), None))
    assert panel.levels == ("relu", "<b>tanh</b>")
    assert panel.x.tolist() == [0.0, 1.0]
    assert not panel.is_logarithmic
    assert draw(panel).svg.startswith("<svg")


def test_levels_of_a_logarithmic_axis_are_named_as_they_were_given():
    (panel,) = read_panels(make_result(rates=(0.001, 0.01, 0.1)))
    assert panel.is_logarithmic
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", draw(panel).svg)
    assert {"0.001", "0.01", "0.1"} <= set(texts)
    assert not [text for text in texts if "$" in text]


def test_a_run_that_is_lost_leaves_the_mean_of_the_others():
    found = make_result()
    found.runs.loc[0, "loss"] = np.nan
    picture = draw(read_panels(found)[0])
    assert "0.001: 1.001" in picture.alternative


def test_a_figure_is_a_picture_that_shows_no_markup_of_the_users():
    picture = draw(read_panels(make_result())[0])
    ET.fromstring(picture.file_text())  # noqa: S314 - our own picture
    assert "<b>" not in picture.svg


def test_the_title_of_a_figure_says_where_the_mean_is_best():
    (panel,) = read_panels(make_result())
    assert message(panel) == "Loss is smallest at 0.001 with relu"
    accuracy = dataclasses.replace(panel, metric="val_accuracy")
    assert message(accuracy) == "Validation accuracy is largest at 0.1 with relu"
    other = dataclasses.replace(panel, metric="gradient_norm")
    assert message(other) == f"Gradient norm by {RATE}"


def test_no_cell_of_a_table_is_a_formula():
    frame = pd.DataFrame({"=a": ["=1+1", "b"], "n": [-1.5, 2.0]})
    assert frame_csv(frame) == "'=a,n\n'=1+1,-1.5\nb,2.0\n"


def test_tables_and_figures_are_written(tmp_path):
    files = write_sweep(make_result(), tmp_path / "out")
    assert [path.relative_to(tmp_path / "out").as_posix() for path in files] == [
        "index.html",
        "runs.csv",
        "curves.csv",
        "figures/loss.svg",
    ]
    assert pd.read_csv(files[1])["loss"].tolist() == make_result().runs["loss"].tolist()


def test_the_page_begins_with_the_best_setting_and_says_that_nothing_was_tested():
    found = make_result()
    page = make_page(found, [draw(panel) for panel in read_panels(found)])
    assert "Activation relu, learning rate 0.001 has the lowest loss: 0.501 on" in page
    assert "Its 2 runs lie between 0.001 and 1.001; the next best," in page
    assert "Nothing was tested" in page
    assert "<b>" not in page
    assert "&lt;b&gt;tanh&lt;/b&gt;" in page
    assert page.count("<svg") == 1


def test_settings_are_ordered_by_what_counts_on_new_rows():
    assert main_metric(["loss", "accuracy", "val_loss", "val_accuracy"]) == (
        "val_accuracy"
    )
    assert main_metric(["accuracy", "test_loss"]) == "test_loss"
    assert main_metric(["gradient_norm"]) == ""


def test_a_setting_whose_runs_are_all_lost_comes_last_and_has_no_number():
    found = make_result()
    found.runs.loc[found.runs["point"] == 0, ["loss", "status"]] = [np.nan, "diverged"]
    *_, last = settings_of(found)
    assert (last.name, last.lost) == ("activation relu, learning rate 0.001", 2)
    assert last.scatter("loss") == shown("loss", last.mean("loss")) == "\N{EN DASH}"


def test_a_setting_is_called_by_the_end_of_its_path_that_no_other_shares():
    paths = ("model.kernel_initializer", "a.rate", "b.rate")
    assert [short_name(path, paths) for path in paths] == [
        "kernel initializer",
        "a.rate",
        "b.rate",
    ]


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="`out`"):
        write_sweep(make_result(), tmp_path / "file" / "out")
