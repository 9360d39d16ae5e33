import pytest

from tests.every import every


def test_each_case_that_fails_is_named_and_no_other():
    @every({"one": (1,), "two": (2,), "three": (3,)})
    def check(number):
        assert number != 2

    with pytest.raises(ExceptionGroup) as caught:
        check()
    (failure,) = caught.value.exceptions
    assert failure.__notes__ == ["This is two."]
