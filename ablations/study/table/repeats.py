"""Find rows whose inputs are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def number_rows(frame: pd.DataFrame) -> np.ndarray:
    """Return a number for every row [N]; rows that are equal have the same.

    Missing values are equal to each other. Numbers begin at 0 and none is left out.
    """
    import pandas as pd

    ids = np.zeros(len(frame), np.int64)
    num_different = 1
    for _, column in frame.items():
        codes, _ = pd.factorize(column, use_na_sentinel=True)
        # Missing values have code -1.
        codes = codes.astype(np.int64) + 1
        ids, different = pd.factorize(ids * (codes.max(initial=0) + 1) + codes)
        num_different = len(different)
        if num_different == len(frame):
            break
    return ids.astype(np.int64)
