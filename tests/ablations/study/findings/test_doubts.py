"""What a recommendation says against itself."""

import pytest

from ablations.study.findings.frames import with_doubts
from ablations.study.findings.result import Recommendation
from ablations.study.table.note import Note

NOTES = (
    Note("names_repeat", "warning", "Names repeat."),
    Note("wide_target", "info", "The target is wide."),
    Note("try_class_weights", "info", "Weights might help."),
    Note("few_rows", "warning", "There are few rows."),
)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("net", ("Why.", "Names repeat.")),
        ("nothing", ("Why.", "Names repeat.", "The target is wide.")),
    ],
)
def test_nothing_is_given_up_before_what_the_data_call_for_was_tried(kind, told):
    names = dict.fromkeys(Recommendation.__dataclass_fields__)
    plain = Recommendation(**{**names, "kind": kind, "reasons": ("Why.",)})
    assert with_doubts(plain, NOTES).reasons == told
