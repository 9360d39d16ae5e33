"""Put a statement, its arms and its predictions into one object of data."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Literal

from pydantic import Field

from ablations.protocol.arm import Arm
from ablations.protocol.prediction import ExactCheck, Prediction, SuccessRate, reads
from models.config import (
    ConfigError,
    FrozenConfig,
    PositiveInt,
    one_of,
    requirement,
)

Preset = Literal["quick", "standard", "full"]
PRESETS: tuple[str, ...] = ("quick", "standard", "full")

FAMILY_KINDS = (
    "success_rate",
    "agreement",
    "comparison",
    "equivalence",
    "time_to_target",
    "interaction",
)
"""Kinds of predictions that can form a family: those with one bound to be told from."""

LEFT_OUT = (
    "The quick preset leaves it to the standard one: its runs take too long for a quick"
    " look."
)
"""Why a claim that is `standard_only` is not tested under the quick preset."""


class SeedPlan(FrozenConfig):
    """Say how many seeds judge each arm under each preset."""

    quick: PositiveInt = 4_000
    standard: PositiveInt = 10_000
    full: PositiveInt = 40_000

    def count(self, preset: str) -> int:
        """Return the number of seeds under a preset."""
        return int(getattr(self, one_of("preset", preset, PRESETS)))


class Claim(FrozenConfig):
    """State what is claimed, what it predicts and which runs decide it.

    Args:
        statement: The statement in our words.
        rows: Ids of the inventory rows that it answers.
        source: Where the statement stands.
        reference: Author, year and place of what is known about it.
        arms: The arms by name.
        predictions: What the statement implies, one per condition.
        untestable: Why nothing that is computed here can test the statement, and what
            is known about it instead; such a claim has no predictions.
        beyond_quick: Labels of what the quick preset leaves out of `predictions`,
            `controls` and `shown`.
        standard_only: Whether the quick preset leaves out all of it, because the runs
            of a single prediction take too long for a quick look.
        family: Labels of predictions that form one family, such as several treatments
            against one baseline: their words together err as rarely as one alone.
        controls: Predictions that must hold for the evidence to count; when one does
            not, the claim is not tested.
        shown: Shares reported beside the verdict and never judged; their bounds count
            for nothing.
        headline: Label of the prediction whose numbers stand for the claim; None takes
            the first.
        seeds: Number of seeds per preset.
        max_looks: How often the runs may be looked at with `--until-decided`, each time
            with twice the seeds.
        findings: Sentence that tells the finding, for each verdict it was written
            for; its numbers are filled in, as `ablations.judging.finding` says. Other
            verdicts are told by their predictions' own words.
        caveats: What the verdict does not say.
        figure: Name of the figure that shows it; None lets the kind decide.
    """

    silent_defaults: ClassVar[frozenset[str]] = frozenset(
        {"beyond_quick", "standard_only", "untestable"}
    )

    statement: str
    rows: tuple[str, ...]
    source: str
    reference: str = ""
    arms: dict[str, Arm] = Field(default_factory=dict)
    predictions: tuple[Prediction, ...] = ()
    untestable: str = ""
    beyond_quick: tuple[str, ...] = ()
    standard_only: bool = False
    family: tuple[str, ...] = ()
    controls: tuple[Prediction, ...] = ()
    shown: tuple[SuccessRate, ...] = ()
    headline: str | None = None
    seeds: SeedPlan = SeedPlan()
    max_looks: PositiveInt = 4
    findings: dict[str, str] = Field(default_factory=dict)
    caveats: str = ""
    figure: str | None = None

    def model_post_init(self, context: Any) -> None:
        """Check that predictions name arms that are there and have distinct labels."""
        if not self.rows:
            raise ConfigError("`rows` must not be empty.")
        if bool(self.predictions) == bool(self.untestable):
            raise ConfigError(
                "`predictions` must be there, unless `untestable` says why there are"
                f" none. Received: {len(self.predictions)} predictions and"
                f" {self.untestable!r}."
            )
        if self.standard_only and self.untestable:
            must = "must be False where nothing can be tested"
            raise requirement("standard_only", must, self.standard_only)
        judged = (*self.predictions, *self.controls)
        everything = (*judged, *self.shown)
        labels = [p.label for p in everything]
        if len(set(labels)) < len(labels):
            raise ConfigError(f"`label` must differ between predictions: {labels}.")
        if self.headline is not None:
            one_of("headline", self.headline, [p.label for p in judged])
        self._check_family()
        self._check_beyond_quick()
        used = {arm for p in everything for arm in arms_of(p)}
        for arm in used:
            one_of("arm", arm, self.arms)
        unused = set(self.arms) - used
        if unused:
            raise ConfigError(f"`arms` {sorted(unused)} are named by no prediction.")

    def _check_family(self) -> None:
        """Check that a family is of at least two predictions that have a p-value."""
        labels = [p.label for p in self.predictions if p.kind in FAMILY_KINDS]
        for label in self.family:
            one_of("family", label, labels)
        if self.family and len(set(self.family)) < max(2, len(self.family)):
            raise ConfigError(
                "`family` must be at least two different labels."
                f" Received: {self.family}."
            )

    def _check_beyond_quick(self) -> None:
        """Check that the quick preset still judges something, the headline included."""
        labels = [p.label for p in self.predictions]
        for label in self.beyond_quick:
            others = (p.label for p in (*self.controls, *self.shown))
            one_of("beyond_quick", label, [*labels, *others])
        left = [label for label in labels if label not in self.beyond_quick]
        if self.beyond_quick and not left:
            raise ConfigError("`beyond_quick` must leave a prediction to judge.")
        if self.headline in self.beyond_quick:
            must = "must not hold the headline"
            raise requirement("beyond_quick", must, self.headline)

    def under(self, preset: str) -> Claim:
        """Return what a preset judges.

        Under `quick` that is the claim without `beyond_quick`, and nothing of one that
        is `standard_only`.
        """
        if one_of("preset", preset, PRESETS) != "quick":
            return self
        if self.standard_only:
            return self.replace(
                arms={},
                predictions=(),
                untestable=LEFT_OUT,
                standard_only=False,
                beyond_quick=(),
                family=(),
                controls=(),
                shown=(),
                headline=None,
                findings={},
            )
        if not self.beyond_quick:
            return self
        left_out = set(self.beyond_quick)
        predictions = tuple(p for p in self.predictions if p.label not in left_out)
        family = tuple(label for label in self.family if label not in left_out)
        controls = tuple(p for p in self.controls if p.label not in left_out)
        shown = tuple(p for p in self.shown if p.label not in left_out)
        everything = (*predictions, *controls, *shown)
        used = {arm for p in everything for arm in arms_of(p)}
        return self.replace(
            predictions=predictions,
            controls=controls,
            shown=shown,
            beyond_quick=(),
            # Sentences name predictions by their places among all of them.
            findings={},
            family=family if len(family) > 1 else (),
            arms={name: arm for name, arm in self.arms.items() if name in used},
        )

    def num_tests(self, prediction: Prediction) -> int:
        """Return the size of the family that a prediction belongs to, 1 for none."""
        return len(self.family) if prediction.label in self.family else 1

    def measurements(self) -> tuple[str, ...]:
        """Return the names of the measurements that the predictions read."""
        checks = (*self.predictions, *self.controls)
        return tuple(
            dict.fromkeys(p.measurement for p in checks if isinstance(p, ExactCheck))
        )

    def num_seeds(self, arm: str, preset: str, wanted: int | None = None) -> int:
        """Return how many seeds judge an arm, `wanted` in place of the preset's."""
        count = wanted or self.seeds.count(preset)
        return min(count, self.arms[arm].max_seeds or count)

    def rivals(self, name: str) -> tuple[Arm, ...]:
        """Return the tuned arms that a tuned arm is compared with, itself among them.

        Whom those are compared with is among them too, so that all try equally many
        learning rates.
        """
        if self.arms[name].tune is None:
            return ()
        everything = (*self.predictions, *self.controls, *self.shown)
        together = [set(arms_of(p)) for p in everything]
        found = {name}
        while True:
            met = {
                arm
                for group in together
                if group & found
                for arm in group
                if self.arms[arm].tune is not None
            }
            if met <= found:
                return tuple(self.arms[arm] for arm in self.arms if arm in found)
            found |= met


def arms_of(prediction: Prediction) -> tuple[str, ...]:
    """Return the names of the arms that a prediction reads, one for each score."""
    among = getattr(prediction, "among", None)
    return tuple(arm for arm, score in reads(prediction) if score is not among)


def rule_of(claim: Claim) -> str:
    """Write out the claim's rule: what each prediction needs and how they combine."""
    if claim.untestable:
        return f"No rule: {claim.untestable}"
    lines = [f"{p.label}: {p.rule()}." for p in claim.predictions]
    lines += [
        f"Control, {p.label}: {p.rule()}; unless it holds, the claim is not tested."
        for p in claim.controls
    ]
    if claim.family:
        lines.append(
            f"Family of {len(claim.family)}: {', '.join(claim.family)}. Each is judged"
            " by Holm's procedure, so that with 95 % confidence no word of them is"
            " wrong."
        )
    if claim.standard_only:
        lines.append("The quick preset leaves out all of it.")
    elif claim.beyond_quick:
        left_out = ", ".join(claim.beyond_quick)
        lines.append(f"The quick preset leaves out: {left_out}.")
    lines.append(
        "Supported if every prediction holds, refuted if every one fails, conditional"
        " if some hold and some fail; else not tested if one cannot be judged, and"
        " inconclusive if one is not decided."
        if len(claim.predictions) > 1
        else "Supported if it holds, refuted if it fails, inconclusive if it is not"
        " decided, not tested if it cannot be judged."
    )
    return "\n".join(lines)


NOT_IN_RULE = {
    "source",
    "reference",
    "findings",
    "caveats",
    "figure",
    "standard_only",
}
"""Fields of a claim that do not enter the digest of its rule: what only explains, and
whether the quick preset judges it at all."""


@dataclass(frozen=True)
class RegisteredClaim:
    """Hold a claim with what its place and its docstring say."""

    id: str
    chapter: str
    mechanism: str
    claim: Claim

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the rule: statement, arms, predictions, margins and seeds.

        What only explains, such as caveats and the figure, may change freely.
        """
        rule = self.claim.model_dump_json(exclude=NOT_IN_RULE)
        return hashlib.sha256(rule.encode()).hexdigest()
