"""A real study, as small as one can be, from a file to its report."""

import ast

import pandas as pd
import pytest

from reports.study.report import write_study_report

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("warm_python")]


def test_a_real_study_of_a_file_with_holes_has_a_whole_report(rows_file, tmp_path):
    from ablations.study.run import run_study

    source = rows_file()
    result = run_study(
        data=source,
        target="kind",
        design="full_factorial",
        factors={"dropout": (0.0, 0.3), "l2": (0.0, 0.1)},
        recipe={"width": 8},
        folds=2,
        repeats=2,
        trials=2,
        epochs=4,
        command="ablations study",
    )
    index = write_study_report(result, tmp_path / "out")
    text = index.read_text(encoding="utf-8")
    folder = index.parent
    names = {path.stem for path in (folder / "figures").iterdir()}
    wanted = {"effects", "interactions", "curves", "calibration", "baselines", "costs"}
    assert names == wanted
    assert text.count("<svg") == len(wanted)
    assert "nan" not in text.split("</style>")[1]
    runs = pd.read_csv(folder / "runs.csv")
    assert len(runs[runs["kind"] == "net"]) == 4 * 4
    kind = result.recommendation.kind
    assert (folder / "recommended.py").exists() == (kind != "nothing")
    assert (folder / "recommended.keras").exists() == (kind == "net")
    if kind != "nothing":
        ast.parse((folder / "recommended.py").read_text(encoding="utf-8"))
