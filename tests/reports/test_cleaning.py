from reports.cleaning import clean


def test_what_cannot_be_shown_is_replaced():
    hostile = "a\0b\x1b]52;c\x07 \ud800 \u202eright\u2028left\r\nnext"
    assert clean(hostile) == "a�b�]52;c� � �right left\nnext"
    assert clean({"a": ["\0"], "n": 1, "none": None}) == {
        "a": ["�"],
        "n": 1,
        "none": None,
    }


def test_cleaned_text_can_be_written(verdict, outcome):
    shown = clean(verdict(statement="\ud800", outcomes=(outcome("\udfff"),)))
    shown.statement.encode()
    shown.outcomes[0].label.encode()
