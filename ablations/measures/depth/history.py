"""Hold dates that the notes give, and those of the publications they name."""

from __future__ import annotations

from ablations.measures.quantities import Quantities, by_name

NOTED_YEARS = {
    "xavier": 2010,
    "rmsprop": 2012,
    "adam": 2014,
    "he": 2015,
    "batch_norm": 2015,
    "residual": 2015,
}
"""Years that the notes print beside the advances they name."""

PUBLISHED_YEARS = {
    "relu": 2010,  # Nair and Hinton; Jarrett et al. rectified in 2009
    "xavier": 2010,  # Glorot and Bengio, AISTATS
    "rmsprop": 2012,  # Tieleman and Hinton, lecture 6.5
    "adam": 2014,  # Kingma and Ba, arXiv 1412.6980; ICLR 2015
    "he": 2015,  # He et al., arXiv 1502.01852; ICCV 2015
    "batch_norm": 2015,  # Ioffe and Szegedy, arXiv 1502.03167; ICML 2015
    "residual": 2015,  # He et al., arXiv 1512.03385; CVPR 2016
}
"""Years in which they first appeared; the notes give none for ReLU."""


def years_of_advances() -> Quantities:
    """Return the noted year of every advance, and how far it is from the published."""
    gaps = [abs(year - PUBLISHED_YEARS[name]) for name, year in NOTED_YEARS.items()]
    return {
        **{f"year_of_{name}": year for name, year in NOTED_YEARS.items()},
        "year_of_relu": PUBLISHED_YEARS["relu"],
        "largest_gap_to_the_publication": max(gaps),
    }


MEASURES = by_name(years_of_advances)
