from dataclasses import replace

import numpy as np
import pytest

from ablations.evidence.scores import first_updates
from ablations.protocol.kinds import TimeToTarget
from ablations.protocol.score import ScoreConfig
from ablations.stats.survival import restricted_times
from reports.figures import figure_name, kaplan_meier

LOW_LOSS = ScoreConfig(quantity="loss", at_most=0.1, words="get below 0.1")


@pytest.fixture
def faster(speeds):
    """Return the prediction that the quick arm takes less time than the slow one."""
    return TimeToTarget(
        key="faster",
        label="faster",
        treatment=speeds["quick"],
        control=speeds["slow"],
        score=LOW_LOSS,
        budget=500,
        margin=0.1,
    )


def test_the_times_are_those_of_the_runs(made_up, faster, speeds):
    source = made_up(faster)
    panel = kaplan_meier.read(source)
    for arm in panel.arms:
        table = source.runs(speeds[arm.arm]).table
        truth = first_updates(table, LOW_LOSS, 500)
        assert sorted(arm.times) == sorted(truth)


def test_the_area_under_the_stairs_is_the_mean_that_was_judged(made_up, faster):
    source = made_up(faster)
    panel = kaplan_meier.read(source)
    details = source.verdict.core[0].details
    for arm, mean in zip(panel.arms, ("treatment_mean", "control_mean"), strict=True):
        times, share, _, _ = kaplan_meier.stairs(arm.curve, panel.budget)
        area = float(np.sum(np.diff(times) * share[:-1]))
        assert area == pytest.approx(details[mean])
        assert area == pytest.approx(restricted_times(arm.times, 500).mean())


def test_stairs_lie_inside_their_limits():
    counted = {"updates": [10, 20, 500], "runs": [3, 4, 1], "missed": 2}
    arm = kaplan_meier.times_of("arm", counted)
    times, share, low, high = kaplan_meier.stairs(arm.curve, 500)
    assert times.tolist() == [0, 10, 20, 500, 500]
    assert share == pytest.approx([1, 0.7, 0.3, 0.2, 0.2])
    assert (low <= share).all()
    assert (share <= high).all()
    assert arm.num_missed == 2


def test_an_arm_that_never_gets_there_is_one_level_line():
    arm = kaplan_meier.times_of("arm", {"updates": [], "runs": [], "missed": 5})
    times, share, _, _ = kaplan_meier.stairs(arm.curve, 500)
    assert times.tolist() == [0, 500]
    assert share.tolist() == [1, 1]
    assert np.isinf(arm.times).all()


def test_early_times_get_a_log_axis(made_up, faster):
    panel = kaplan_meier.read(made_up(faster))
    assert not kaplan_meier.has_log_axis(panel)
    counted = {"updates": [0, 10], "runs": [3, 4], "missed": 0}
    arm = kaplan_meier.times_of("arm", counted)
    early = kaplan_meier.Survival("", "", 5000, (arm, arm))
    assert kaplan_meier.has_log_axis(early)
    assert "do not get there" not in kaplan_meier.draw(early).caption


def test_the_words_say_who_gets_there(made_up, faster):
    picture = kaplan_meier.draw(kaplan_meier.read(made_up(faster)))
    assert "Share of runs that get below 0.1" in picture.caption
    assert "do not get there" in picture.caption
    assert "slow: 60 runs, half of them after 320 updates" in picture.alternative
    assert "% never within 500" in picture.alternative


def test_the_title_says_the_share_of_the_time_that_was_judged(made_up, faster):
    source = made_up(faster)
    details = source.verdict.core[0].details
    share = 100 * details["treatment_mean"] / details["control_mean"]
    told = kaplan_meier.title(kaplan_meier.read(source))
    assert told == f"Quick took {share:.0f} % of the updates that slow took"


def test_curves_need_no_runs(made_up, faster, empty_evidence):
    source = replace(made_up(faster), evidence=empty_evidence)
    panel = kaplan_meier.read(source)
    assert [arm.arm for arm in panel.arms] == ["quick", "slow"]
    assert figure_name(source) == "kaplan_meier"


def test_other_kinds_have_no_curves(source):
    assert kaplan_meier.read(source) is None
