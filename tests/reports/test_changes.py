from reports.changes import Change, changes_between, changes_text, latest_changes


def test_verdicts_that_differ_and_new_ones_are_changes(verdict):
    before = {"a": verdict(id="a"), "b": verdict(id="b"), "gone": verdict(id="gone")}
    now = [verdict(id="a"), verdict(id="b", verdict="refuted"), verdict(id="c")]
    assert changes_between(before, now) == (
        Change("b", "supported", "refuted"),
        Change("c", "", "supported"),
    )


def test_a_publication_that_changes_nothing_keeps_what_changed_last(tmp_path):
    path = tmp_path / "changes.json"
    found = (Change("b", "supported", "refuted"),)
    assert latest_changes(path, found) == found
    assert latest_changes(path, ()) == ()
    path.write_text(changes_text(found), encoding="utf-8")
    assert latest_changes(path, ()) == found
    newer = (Change("a", "", "supported"),)
    assert latest_changes(path, newer) == newer
