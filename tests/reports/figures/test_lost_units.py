import numpy as np
import pytest

from ablations.experiments.readouts.units import UnitAblationConfig
from ablations.rigs.regularization.noisy_labels import NOISY, noisy_config
from reports.figures import lost_units

LOST = (1, 4, 16)


def config(share: float, target: float) -> UnitAblationConfig:
    one = noisy_config(dropout=share)
    return UnitAblationConfig(
        task=NOISY,
        model=one.model,
        training=one.training,
        target_loss=target,
        lost=LOST,
    )


@pytest.fixture
def full(own_runs):
    """Return runs whose added loss is that of the number of units, or a tenth."""
    for target in (0.3, 0.1):
        for name, share, shift in (("plain", 0.0, 0.0), ("half dropped", 0.5, -1.0)):
            curves = {f"log10_added_loss_{k}": np.log10(k) + shift for k in LOST}
            levels = {"dropout": name, "loss": target}
            own_runs.add(levels, config(share, target), curves)
    return own_runs


def test_lines_are_logarithms_by_the_number_of_units(full):
    found = lost_units.read(full.source())
    assert [panel.title[-3:] for panel in found.panels] == ["0.3", "0.1"]
    plain, half = found.panels[0].ladders
    assert (plain.name, half.name) == ("plain", "half dropped")
    np.testing.assert_allclose(plain.places, np.log2(LOST))
    np.testing.assert_allclose(plain.median, np.log10(LOST), rtol=1e-6)
    np.testing.assert_allclose(plain.median - half.median, 1.0, rtol=1e-6)
    assert [found.ticks[place] for place in plain.places] == ["1", "4", "16"]


def test_the_picture_names_lines_and_numbers(full, texts):
    picture = lost_units.draw(lost_units.read(full.source()))
    assert {"1", "4", "16"} <= set(texts(picture.svg))
    assert "half dropped: 1 -1, 4 -0.3979" in picture.alternative


def test_other_runs_make_no_such_figure(deep_runs, source, empty_source):
    deep_runs.add("network", noisy_config(), [0.1])
    assert lost_units.read(deep_runs.source()) is None
    assert lost_units.read(source) is None
    assert lost_units.read(empty_source) is None
