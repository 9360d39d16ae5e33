"""A finished study: what was compared, what came out, and what it is worth.

Tables are pandas frames with one row per thing and plain columns; whatever is not a
table is a small frozen dataclass.
Nothing here computes; `ablations.study.findings.analysis` fills it and `reports.study`
shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from ablations.study.settings.config import StudyConfig
    from ablations.study.settings.recipe import Recipe
    from ablations.study.settings.score import Score
    from ablations.study.table.dataset import Dataset
    from ablations.study.table.note import Note

VERDICTS = {
    "better": "really better",
    "worse": "really worse",
    "undecided": "within noise",
    "same": "too small to matter",
    "not tested": "not tested",
}
"""What a comparison can say, and how pages and figures say it.

`better` and `worse` are real differences: adjusted for their family, p < 0.05.
`same` means that the 90 % interval lies within the margin on both sides.
`not tested` means that neither side was surely better than the dummy baseline.
"""

EFFECT_COLUMNS = (
    "comparison",
    "kind",
    "factor",
    "level",
    "arm",
    "reference",
    "difference",
    "low",
    "high",
    "p_value",
    "p_adjusted",
    "verdict",
    "detectable",
    "runs_to_decide",
    "rows_to_decide",
    "text",
)
"""Columns of `StudyResult.effects`; see there."""


@dataclass(frozen=True)
class StudyDesign:
    """Which arms were compared and what was spent on each.

    Attributes:
        name: `one_at_a_time`, `leave_one_out`, `full_factorial` or
            `fractional_factorial`.
        factors: Levels by factor, the plain one first.
        num_folds: Splits per repeat.
        num_repeats: Repeats of the cross-validation.
        num_seeds: Trainings per split, of which the mean counts.
        num_trials: Learning rates tried for every arm in every split, on validation
            rows.
        resolution: Resolution of a fractional factorial, None for other designs.
        aliases: What a fractional factorial cannot distinguish, one text per
            group, as `activation:depth = dropout:width`.
        generators: How the added columns were made, as `D = ABC` in factor names.
    """

    name: str
    factors: Mapping[str, tuple[Any, ...]]
    num_folds: int
    num_repeats: int
    num_seeds: int
    num_trials: int
    resolution: int | None = None
    aliases: tuple[str, ...] = ()
    generators: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recommendation:
    """What to use.

    Attributes:
        kind: `net`, `baseline` ("do not use a net here") or `nothing` (no net and no
            baseline was surely better than guessing).
        name: Arm or baseline to use; for `nothing` the dummy.
        learning_rate: Median of the rates chosen for that arm; None without a net.
        score: Mean test score over the splits.
        low: Lower end of its 95 % interval.
        high: Upper end.
        honest_score: Mean test score where the arm is chosen anew in every split, by
            the validation rows of that split alone: what choosing like this brings on
            rows that took no part in it. NaN without a net.
        best: Net with the best mean test score.
        not_surely_worse: Nets that are not surely worse than `best`, simplest first.
        better_than_baseline: Verdict on the net that is recommended, or would be,
            against the best baseline, or the recommended one; one of `VERDICTS`.
        sentence: The recommendation in one sentence.
        reasons: Why, one sentence each; the last ones are about what is not sure.
    """

    kind: str
    name: str
    learning_rate: float | None
    score: float
    low: float
    high: float
    honest_score: float
    best: str
    not_surely_worse: tuple[str, ...]
    better_than_baseline: str
    sentence: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Budget:
    """What the study trained.

    Attributes:
        num_runs: Judged and tuning runs in all.
        num_trained: Those trained by this call; the others were in the store.
        num_diverged: Runs that broke down.
        num_structures: Programs compiled.
        epochs: Passes over the training rows of every run.
        seconds: Wall-clock seconds of this call.
    """

    num_runs: int
    num_trained: int
    num_diverged: int
    num_structures: int
    epochs: int
    seconds: float


@dataclass(frozen=True)
class StudyResult:
    """Everything that a report, a notebook or a test needs of a study.

    Attributes:
        name: Name of the study, that of its data unless given.
        config: The settings, `StudyConfig`.
        dataset: The data, `Dataset`, with notes on what was found in them.
        score: What arms are judged by.
        design: What was compared.
        recipes: Recipe by arm, in the order of the design; the first is the reference.
        arms: One row per net: `arm`, `factor`, `level` (None for the reference and in
            factorials), one column per setting of a recipe, `num_parameters` (of one
            member, where the net is an ensemble), `mean`,
            `low`, `high` (score and its 95 % interval over splits), `sd`,
            `val_mean` (score on validation rows), `learning_rate` (median of those
            chosen), `at_edge` (share of splits whose best rate was the smallest or
            largest), `epochs` (mean epoch that was used), `num_runs`, `num_diverged`,
            `updates` (per run), `surely_learned` (better than the dummy, adjusted).
        baselines: One row per baseline: `baseline`, `mean`, `low`, `high`, `sd`,
            `settings`, `scaling`, `target_transform` and `class_weight` (each chosen
            most often), `rounds` (median of those of boosting that count, else 0),
            `seconds` (measured, per split).
        runs: One row per judged run, nets and baselines alike: `arm`, `kind` (`net` or
            `baseline`), `repeat`, `split`, `seed`, `learning_rate`, `epoch`, `score`
            (a diverged run has that of the dummy in the same split), `val_score`,
            every score of `ablations.study.settings.config.SCORES` for the task,
            `diverged`.
        trials: One row per tuning run: `arm`, `repeat`, `split`, `learning_rate`,
            `val_score`, `chosen`, `diverged`.
        curves: Learning curves over the judged runs of an arm: `arm`, `epoch`, `rows`
            (`train`, `val`, `test`), `metric`, `mean`, `low`, `high` (10 % and 90 %
            quantiles of the runs).
        effects: One row per comparison with `EFFECT_COLUMNS`: `kind` is `arm` (net
            against the reference net), `main` (main effect in a factorial), `baseline`
            (the net that is recommended, or would be if only nets were there, against
            a baseline); `difference` is `arm` minus `reference` in the unit of the
            score, with its 95 % interval, which for a baseline holds for every net at
            once; `p_adjusted` by max-T over a family: that of arms or contrasts and
            `interactions`, or that of all nets and baselines; `detectable` the
            smallest true difference that this design finds with 80 % chance;
            `runs_to_decide` the further runs per arm that would decide, NaN where no
            number would; `rows_to_decide` how many rows of data, in all, would.
        interactions: Factorials only, else empty: `factor_a`, `factor_b`, `difference`
            (effect of a at the last level of b minus its effect at the first),
            `low`, `high`, `p_value`, `p_adjusted`, `verdict`, `detectable`,
            `runs_to_decide` and `rows_to_decide` as in `effects`, `aliases`, `text`.
        cells: Factorials only, else empty: mean score for every pair of factors and
            levels: `factor_a`, `level_a`, `factor_b`, `level_b`, `mean`, `low`, `high`.
        predictions: Test rows of the recommended net in the splits of one repeat (of
            the best net, where a baseline is recommended): `row` (of the data),
            `split`, `target`, and `p_0`, `p_1`, ... for classes, or `predicted` for
            numbers.
        recommendation: What to use.
        budget: What was trained.
        notes: What a reader must know: about data, tuning, selection, failures.
        versions: Machine, packages, backend.
        command: The command that repeats the study.
    """

    name: str
    config: StudyConfig
    dataset: Dataset
    score: Score
    design: StudyDesign
    recipes: Mapping[str, Recipe]
    arms: pd.DataFrame
    baselines: pd.DataFrame
    runs: pd.DataFrame
    trials: pd.DataFrame
    curves: pd.DataFrame
    effects: pd.DataFrame
    interactions: pd.DataFrame
    cells: pd.DataFrame
    predictions: pd.DataFrame
    recommendation: Recommendation
    budget: Budget
    notes: tuple[Note, ...] = ()
    versions: Mapping[str, Any] = field(default_factory=dict)
    command: str = ""

    @property
    def reference(self) -> str:
        """Arm that the others are compared with."""
        return next(iter(self.recipes))

    def _repr_html_(self) -> str:
        from ablations.study.findings.notebook import study_html

        found = self.recommendation
        return study_html(
            found.sentence,
            found.reasons,
            self.effects,
            self.interactions,
            self.score,
            VERDICTS,
        )
