from dataclasses import replace

from reports.figures.source import name_without, names_apart, number_of


def test_only_the_runs_that_judged_are_read(source, verdict):
    (arm,) = source.arms
    (ran,) = source.verdict.arms
    fewer = replace(source, verdict=verdict(arms=({**ran, "runs": 10},)))
    assert len(fewer.runs(arm).table) == 10


def test_an_arm_without_runs_is_none(source, empty_source, speeds):
    (arm,) = source.arms
    assert empty_source.runs(arm) is None
    assert source.runs(speeds["quick"]) is None
    assert list(empty_source.all_runs()) == []


def test_an_arm_is_called_by_what_is_left_of_its_levels(speeds):
    arm = speeds["quick"].with_levels(depth=8, skip=False)
    assert name_without(arm, "depth") == "quick"
    assert name_without(arm, "depth", "speed") == "plain"
    assert [number_of(arm, f) for f in ("depth", "skip", "speed", "no")] == [
        8.0,
        None,
        None,
        None,
    ]


def test_arms_are_told_apart_by_what_they_do_not_share(speeds):
    arms = [arm.with_levels(depth=8) for arm in speeds.values()]
    assert names_apart(arms) == ["quick", "same", "slow", "late"]
    assert names_apart(arms[:1]) == ["quick, depth 8"]
    assert names_apart(arms[:1], "depth") == ["quick"]
