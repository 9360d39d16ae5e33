"""Standard errors of differences over cross-validation, whose unit is the row.

A mean over J trainings of a model errs for two reasons: the table's rows are a sample,
and another training (other seed, other rows) gives another model. With the differences
d_l of test l (row i in split j), their mean D_j over the rows of a split, and the mean
m of all D_j:

    V_rows = sum_i (sum_{l of row i} (d_l - D_j) / (J n_j))^2
    V_training = max(0, B - W) / J
    B = sum_r sum_{j in r} (D_j - D_r)^2 / (J - R)
    W = mean over splits of (variance of d in the split) / n_j

V_rows is the within-fold variance of Bayle et al., with the tests of one row in
several repeats taken together. B is how much splits of one repeat differ, W how much
of that their few rows explain. The target is the difference of the expected errors, on
new rows, of models that are trained on training parts such as those of this table.

References:
    Bayle, Bayle, Janson and Mackey (2020), Cross-validation confidence intervals for
    test error, section 4. https://arxiv.org/abs/2007.12671
    Austern and Zhou (2020), Asymptotics of cross-validation.
    https://arxiv.org/abs/2001.11111
    Cochran and Cox (1950), Experimental designs, section 4.14: the approximate test of
    two means whose variances differ.
    Bates, Hastie and Tibshirani (2023), Cross-validation: what does it estimate and how
    well does it do it? https://arxiv.org/abs/2104.00673
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ablations.stats.estimate import as_floats
from ablations.stats.resampled import LEVEL, errors_to_be_found

FEWEST_UNITS = 100
"""With fewer independent rows the splits, not the rows, are what a test counts."""


@dataclass(frozen=True, eq=False)
class RowTests:
    """Which row was tested in which split: L tests, J splits.

    Attributes:
        rows: Number of the tested row `[L]`, split after split.
        splits: Number of the split of every test `[L]`, ascending from 0.
        repeats: Repeat that every split belongs to `[J]`.
        units: What is independent, by row of the table: rows of one unit count as one
            draw. None where every row is.
        strata: Stratum of every row of the table, of which each split has its share;
            None without.
    """

    rows: np.ndarray
    splits: np.ndarray
    repeats: np.ndarray
    units: np.ndarray | None = None
    strata: np.ndarray | None = None

    @classmethod
    def of(
        cls,
        tested: Sequence[np.ndarray],
        repeats: Sequence[int],
        *,
        units: np.ndarray | None = None,
        strata: np.ndarray | None = None,
    ) -> RowTests:
        """Make it from the tested rows of every split."""
        sizes = [len(rows) for rows in tested]
        return cls(
            np.concatenate([np.asarray(rows) for rows in tested]),
            np.repeat(np.arange(len(sizes)), sizes),
            np.asarray(repeats),
            units,
            strata,
        )

    @cached_property
    def sizes(self) -> np.ndarray:
        """RowTests of every split `[J]`."""
        return np.bincount(self.splits, minlength=len(self.repeats))

    @cached_property
    def unit_of(self) -> np.ndarray:
        """Number of the unit of every test `[L]`, none left out."""
        units = self.rows if self.units is None else self.units[self.rows]
        return np.unique(units, return_inverse=True)[1]

    @cached_property
    def num_units(self) -> int:
        """Independent units that were tested."""
        return int(self.unit_of.max()) + 1

    @cached_property
    def block_of(self) -> np.ndarray:
        """Number of the split and unit of every test `[L]`, none left out."""
        together = self.splits.astype(np.int64) * self.num_units + self.unit_of
        return np.unique(together, return_inverse=True)[1]

    @cached_property
    def cell_of(self) -> np.ndarray:
        """Number of the split and stratum of every test `[L]`."""
        if self.strata is None:
            return self.splits
        codes = np.unique(self.strata, return_inverse=True)[1]
        together = self.splits.astype(np.int64) * (codes.max() + 1) + codes[self.rows]
        return np.unique(together, return_inverse=True)[1]

    @property
    def freedom(self) -> int:
        """Degrees of freedom of the variance between splits."""
        return len(self.repeats) - len(np.unique(self.repeats))

    def means(self, values: np.ndarray) -> np.ndarray:
        """Return the mean of values `[M, L]` over the rows of every split `[M, J]`."""
        return _sums(values, self.splits, len(self.repeats)) / self.sizes


@dataclass(frozen=True, eq=False)
class Errors:
    """M mean differences and what they are worth.

    Attributes:
        means: Mean over the splits `[M]`.
        rows: Variance of the mean that the sample of rows brings `[M]`.
        training: Variance of the mean that training brings `[M]`.
        freedoms: Degrees of freedom of their sum `[M]`.
        covariance: Of the means `[M, M]`.
    """

    means: np.ndarray
    rows: np.ndarray
    training: np.ndarray
    freedoms: np.ndarray
    covariance: np.ndarray

    @property
    def errors(self) -> np.ndarray:
        """Standard errors `[M]`."""
        return np.sqrt(self.rows + self.training)

    @cached_property
    def correlation(self) -> np.ndarray:
        """The nearest correlations of the means `[M, M]` that have a root."""
        values, vectors = np.linalg.eigh(_scaled(self.covariance))
        return _scaled((vectors * np.maximum(values, 0.0)) @ vectors.T)


def row_errors(values: np.ndarray, tests: RowTests) -> Errors:
    """Estimate what the means of differences are worth, by the module's formulas.

    Degrees of freedom follow Cochran and Cox: 1 / f = sum_k share_k / f_k, which weighs
    the critical values of both parts. Satterthwaite's, whose shares are squared, are
    too many where f_k is small: what underestimates V_training also says that it counts
    little. Those of V_rows count few rows with large differences as few:
    2 G / (kurtosis - 1) of G units. Splits that differ less than their rows explain say
    no more of training than if they differed as much.

    Args:
        values: Difference on every test `[M, L]`.
        tests: Which row was tested where.
    """
    values = as_floats("values", values, ndim=2)
    num_splits = len(tests.repeats)
    by_split = tests.means(values)
    # One by one, since a family of a large table fills the memory.
    units = np.array(
        [_units(*one, tests) for one in zip(values, by_split, strict=True)]
    )
    within = np.array([_within(one, tests) for one in values])
    rows = units @ units.T * _small_sample(tests)
    between = _between(by_split, tests)
    of_rows = np.diag(rows).copy()
    training = np.maximum(between - within, 0.0) / num_splits
    # Trainings are independent: two differences share at most those of one model.
    shared = np.clip(_scaled(rows), -0.5, 0.5) * np.sqrt(np.outer(training, training))
    np.fill_diagonal(shared, training)
    return Errors(
        means=by_split.mean(axis=1),
        rows=of_rows,
        training=training,
        freedoms=_freedoms(
            units, of_rows, training, np.maximum(between, within), tests
        ),
        covariance=rows + shared,
    )


def split_errors(by_split: np.ndarray, test_to_train: float) -> Errors:
    """Estimate what means of differences are worth where only splits count.

    V = (1/J + n_test/n_train) s^2 with J - 1 degrees of freedom, as
    `ablations.stats.resampled.corrected_resampled_t` has it; more splits make the
    first term smaller, and only more rows the second.

    Args:
        by_split: Difference on every split `[M, J]`.
        test_to_train: Test rows per training row.
    """
    by_split = as_floats("by_split", by_split, ndim=2)
    num_splits = by_split.shape[1]
    centered = by_split - by_split.mean(axis=1, keepdims=True)
    covariance = centered @ centered.T / (num_splits - 1)
    variances = np.where(np.ptp(by_split, axis=1) == 0, 0.0, np.diag(covariance))
    return Errors(
        means=by_split.mean(axis=1),
        rows=test_to_train * variances,
        training=variances / num_splits,
        freedoms=np.full(len(by_split), num_splits - 1.0),
        covariance=covariance,
    )


def detectable_by_rows(
    spread: float, num_folds: int, num_rows: int, num_tests: int
) -> float:
    """Compute about the true difference that many rows show with 80 % chance.

    The error is that of the rows alone, s / sqrt(k) for k folds; what training adds
    only the study itself shows.

    Args:
        spread: Standard deviation s of a difference over splits.
        num_folds: Splits of one repeat k.
        num_rows: Independent rows.
        num_tests: Comparisons in the family.
    """
    errors = errors_to_be_found(num_rows - 1, LEVEL / (2 * max(num_tests, 1)))
    return errors * spread / math.sqrt(num_folds)


def _small_sample(tests: RowTests) -> float:
    """Return what makes up for means that were taken from the same units."""
    per_split = tests.num_units * len(np.unique(tests.repeats)) / len(tests.repeats)
    return per_split / max(per_split - 1.0, 1.0)


def _between(by_split: np.ndarray, tests: RowTests) -> np.ndarray:
    """Return the variance of splits of one repeat `[M]`, over all repeats."""
    numbers = np.unique(tests.repeats, return_inverse=True)[1]
    counts = np.bincount(numbers)
    means = _sums(by_split, numbers, len(counts)) / counts
    apart = by_split - means[:, numbers]
    return np.asarray((apart**2).sum(axis=1) / max(tests.freedom, 1))


def _units(values: np.ndarray, by_split: np.ndarray, tests: RowTests) -> np.ndarray:
    """Return what every unit adds to the mean `[G]`, of values `[L]`."""
    centered = values - by_split[tests.splits]
    centered /= len(by_split) * tests.sizes[tests.splits]
    return np.bincount(tests.unit_of, centered, tests.num_units)


def _within(values: np.ndarray, tests: RowTests) -> float:
    """Return the variance of split means that the rows explain, of values `[L]`."""
    cells = tests.cell_of
    counts = np.bincount(cells)
    centered = values - (np.bincount(cells, values) / counts)[cells]
    blocks = np.bincount(tests.block_of, centered / tests.sizes[tests.splits])
    num_splits = len(tests.repeats)
    size, strata = len(blocks) / num_splits, len(counts) / num_splits
    return float(blocks @ blocks) * size / max(size - strata, 1.0) / num_splits


def _freedoms(
    units: np.ndarray,
    rows: np.ndarray,
    training: np.ndarray,
    noise: np.ndarray,
    tests: RowTests,
) -> np.ndarray:
    """Return the degrees of freedom of every variance `[M]`, at least 1."""
    squares = units**2
    total = squares.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        kurtosis = tests.num_units * (squares**2).sum(axis=1) / total**2
        of_rows = np.minimum(2 * tests.num_units / (kurtosis - 1), tests.num_units - 1)
        of_splits = noise / len(tests.repeats) / max(tests.freedom, 1)
        found = (rows + training) / (rows / of_rows + of_splits)
    return np.maximum(np.nan_to_num(found, nan=1.0), 1.0)


def _scaled(covariance: np.ndarray) -> np.ndarray:
    """Return a covariance with ones on its diagonal."""
    scale = np.sqrt(np.maximum(np.diag(covariance), 1e-300))
    found = np.clip(covariance / np.outer(scale, scale), -1.0, 1.0)
    np.fill_diagonal(found, 1.0)
    return found


def _sums(
    values: np.ndarray, groups: np.ndarray, number: int | None = None
) -> np.ndarray:
    """Return sums of values `[M, L]` over groups `[M, G]`."""
    size = int(groups.max()) + 1 if number is None else number
    return np.array([np.bincount(groups, one, size) for one in values])
