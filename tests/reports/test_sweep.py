import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from ablations.running.sweep import SweepResult
from models.config import ConfigError
from reports.sweep import draw, frame_csv, order_of, read_panels, write_sweep

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


def test_a_run_that_is_lost_leaves_the_mean_of_the_others():
    found = make_result()
    found.runs.loc[0, "loss"] = np.nan
    picture = draw(read_panels(found)[0])
    assert "0.001: 1.001" in picture.caption


def test_a_figure_is_a_picture_that_shows_no_markup_of_the_users():
    picture = draw(read_panels(make_result())[0])
    ET.fromstring(picture.file_text())  # noqa: S314 - our own picture
    assert "<b>" not in picture.svg


def test_no_cell_of_a_table_is_a_formula():
    frame = pd.DataFrame({"=a": ["=1+1", "b"], "n": [-1.5, 2.0]})
    assert frame_csv(frame) == "'=a,n\n'=1+1,-1.5\nb,2.0\n"


def test_tables_and_figures_are_written(tmp_path):
    files = write_sweep(make_result(), tmp_path / "out")
    assert [path.relative_to(tmp_path / "out").as_posix() for path in files] == [
        "runs.csv",
        "curves.csv",
        "figures/loss.svg",
    ]
    assert pd.read_csv(files[0])["loss"].tolist() == make_result().runs["loss"].tolist()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="`out`"):
        write_sweep(make_result(), tmp_path / "file" / "out")
