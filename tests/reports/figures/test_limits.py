import pytest

from reports.figures.limits import Factor, tick_words


def test_numbers_that_would_cover_each_other_are_left_out():
    words = tick_words([0.003, 0.03, 0.04, 0.3, 3.0])
    assert words == ["0.003", "0.03", "", "0.3", "3"]


@pytest.mark.parametrize("places", [[5.0, 50.0, 100.0, 200.0], [1.0, 1000.0]])
def test_numbers_with_room_all_stand(places):
    assert tick_words(places) == [f"{place:,g}" for place in places]


def test_places_are_said_as_the_factor_has_it():
    assert (
        Factor("depth", "limits", "layers", "{} layers").say(1000.0) == "1,000 layers"
    )
