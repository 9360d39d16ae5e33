"""The noted years are all published ones."""

from ablations.measures.depth.history import (
    NOTED_YEARS,
    PUBLISHED_YEARS,
    years_of_advances,
)


def test_every_noted_advance_has_a_publication_of_its_year():
    assert NOTED_YEARS.items() <= PUBLISHED_YEARS.items()
    found = years_of_advances()
    assert found["largest_gap_to_the_publication"] == 0.0
    for name, year in PUBLISHED_YEARS.items():
        assert found[f"year_of_{name}"] == year
