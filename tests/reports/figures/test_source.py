from reports.figures.source import Source


def test_only_the_runs_that_judged_are_read(source, record):
    (arm,) = record()["arms"]
    fewer = Source(record(arms=[{**arm, "runs": 10}]), source.claim, source.evidence)
    assert len(fewer.runs("printed").table) == 10


def test_an_arm_without_runs_is_none(source, empty_source):
    assert empty_source.runs("printed") is None
    assert source.runs("another") is None
    assert list(empty_source.all_runs()) == []


def test_a_claim_that_is_not_registered_has_no_runs(record, evidence):
    assert list(Source(record(), None, evidence).all_runs()) == []
