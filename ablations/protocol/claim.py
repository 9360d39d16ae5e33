"""Put a statement and its predictions into one object of data."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Literal

from pydantic import Field, SerializeAsAny

from ablations.protocol.arm import Arm
from ablations.protocol.known import KnownResult
from ablations.protocol.prediction import Condition, Prediction
from models.config import (
    ConfigError,
    FrozenConfig,
    NonNegativeInt,
    PositiveInt,
    one_of,
    requirement,
)

PRESETS: tuple[str, ...] = ("quick", "standard", "full")

Strength = Literal["can", "usually", "always"]
"""What a sentence says: that something may happen, is usual or has no exception."""

Stated = tuple[SerializeAsAny[Prediction], ...]

LEFT_OUT = (
    "The quick preset leaves it to the standard one: its runs take too long for a quick"
    " look."
)
"""Why a claim that is `standard_only` is not tested under the quick preset."""

IN_RULE = {
    "statement",
    "strength",
    "axis",
    "rows",
    "core",
    "beside",
    "controls",
    "untestable",
    "seeds",
    "max_looks",
}
"""Fields of a claim that enter the digest of its rule. What only explains does not."""

STATED_PARTS = ("core", "beside", "controls")

NOT_IN_RULE = {"key", "label", "words", "quick", "headline", "timed"}
"""Fields of predictions that only say how a prediction is called or when it is run."""


class SeedPlan(FrozenConfig):
    """How many seeds judge each arm under each preset.

    Attributes:
        quick: Number under the quick preset.
        standard: Number under the standard preset.
        full: Number under the full preset.
        first: Where they begin, counted from the first seed of a store. A rule that was
            revised after its outcomes had been seen is judged on fresh seeds.
    """

    silent_defaults: ClassVar[frozenset[str]] = frozenset({"first"})

    quick: PositiveInt = 4_000
    standard: PositiveInt = 10_000
    full: PositiveInt = 40_000
    first: NonNegativeInt = 0

    def count(self, preset: str) -> int:
        """Return the number of seeds under a preset."""
        return int(getattr(self, one_of("preset", preset, PRESETS)))


class Claim(FrozenConfig):
    """State what is claimed, what it predicts and how strongly.

    Args:
        statement: The statement in our words.
        strength: `can` where something may happen, `usually` where it helps or leads
            to something, `always` where one counterexample is enough against it.
        rows: Ids of the inventory rows that it answers.
        source: Where the statement stands.
        reference: Author, year and place of what is known about it.
        core: Predictions that say what the statement itself says, once under each
            condition inside its own scope. They alone decide the verdict's word.
        beside: Predictions that explain or bound it: mechanism, dose, a rival
            explanation, a setting outside its scope. They are judged and told, and
            never change the word.
        controls: Predictions that must hold for the evidence to count; when one does
            not, the claim is not tested.
        shown: Shares reported beside the verdict and never judged; their bounds count
            for nothing.
        axis: The factor whose levels may bound where the statement holds, such as
            depth; empty for none.
        untestable: Why nothing that is computed here can test the statement, and what
            is known about it instead; such a claim has no predictions.
        implied: Whether the suite added the statement itself: it is judged and shown,
            and left out of the score against the notes.
        standard_only: Whether the quick preset leaves out all of it, because the runs
            of a single prediction take too long for a quick look.
        seeds: Number of seeds per preset.
        max_looks: How often the runs may be looked at with `--until-decided`, each time
            with twice the seeds.
        answers: The plain sentence for each pattern of outcomes it presumes, as
            `ablations.judging.answers` reads them; the first that fits is told.
        how: One sentence on how we know.
        caveats: What the verdict does not say.
        figure: Name of the figure that shows it; None lets the kind decide.
    """

    statement: str
    strength: Strength = "usually"
    rows: tuple[str, ...]
    source: str
    reference: str = ""
    core: Stated = ()
    beside: Stated = ()
    controls: Stated = ()
    shown: Stated = ()
    axis: str = ""
    untestable: str = ""
    implied: bool = False
    standard_only: bool = False
    seeds: SeedPlan = SeedPlan()
    max_looks: PositiveInt = 4
    answers: dict[str, str] = Field(default_factory=dict)
    how: str = ""
    caveats: str = ""
    figure: str | None = None

    def model_post_init(self, context: Any) -> None:
        """Check that predictions are there, that keys differ and that names do."""
        if not self.rows:
            raise ConfigError("`rows` must not be empty.")
        if bool(self.judged) == bool(self.untestable):
            raise ConfigError(
                "`core` must not be empty, unless `untestable` says why there are no"
                f" predictions. Received: {len(self.judged)} predictions and"
                f" {self.untestable!r}."
            )
        if self.standard_only and self.untestable:
            must = "must be False where nothing can be tested"
            raise requirement("standard_only", must, self.standard_only)
        for field in ("key", "label"):
            seen = [getattr(p, field) for p in self.everything]
            twice = sorted({name for name in seen if seen.count(name) > 1})
            if twice:
                must = "must differ between predictions"
                raise requirement(field, must, twice)
        for prediction in self.shown:
            one_of("shown", prediction.kind, ("success_rate",))
        self._check_arms()
        if len([p for p in self.judged if p.headline]) > 1:
            raise ConfigError("`headline` must be True for one prediction at most.")
        if len(self.family) == 1:
            must = "must be True for no prediction of `core`, or for two or more"
            raise requirement("family", must, self.family[0].key)
        if any(p.headline and not p.quick for p in self.judged) and not (
            self.standard_only
        ):
            raise ConfigError("`quick` must be True for the headline.")

    def _check_arms(self) -> None:
        """Check that a name stands for the same runs throughout."""
        known: dict[str, Arm] = {}
        for prediction in self.everything:
            for arm in prediction.arms():
                if known.setdefault(arm.name, arm) != arm:
                    must = "must tell apart arms whose runs differ"
                    raise requirement("levels", must, arm.levels)

    @cached_property
    def arms(self) -> dict[str, Arm]:
        """The arms that predictions read, by name."""
        return {arm.name: arm for p in self.everything for arm in p.arms()}

    @property
    def judged(self) -> Stated:
        """All predictions that are judged: core, beside and controls."""
        return (*self.core, *self.beside, *self.controls)

    @property
    def everything(self) -> Stated:
        """All predictions, those only shown included."""
        return (*self.judged, *self.shown)

    @property
    def headline(self) -> Prediction:
        """The prediction whose numbers stand for the claim: the first, if none says."""
        return next((p for p in self.judged if p.headline), self.judged[0])

    @property
    def family(self) -> Stated:
        """Predictions of the core that form one family."""
        return tuple(p for p in self.core if p.family)

    def under(self, preset: str) -> Claim:
        """Return what a preset judges.

        Under `quick` that is what is `quick`, and nothing of a claim that is
        `standard_only`.
        """
        if one_of("preset", preset, PRESETS) != "quick" or self.untestable:
            return self
        if self.standard_only:
            nothing: dict[str, Any] = dict.fromkeys(
                ("core", "beside", "controls", "shown"), ()
            )
            return self.replace(**nothing, untestable=LEFT_OUT, standard_only=False)
        parts = {
            part: tuple(p for p in getattr(self, part) if p.quick)
            for part in ("core", "beside", "controls", "shown")
        }
        if not any(parts[part] for part in ("core", "beside", "controls")):
            return self.replace(**parts, untestable=LEFT_OUT)
        if len([p for p in parts["core"] if p.family]) == 1:
            parts["core"] = tuple(p.replace(family=False) for p in parts["core"])
        return self.replace(**parts)

    def condition_of(self, prediction: Prediction) -> Condition | None:
        """Return the factor and the value that make a prediction's condition.

        That is what it says itself, or the level of the claim's axis of its first arm.
        """
        if prediction.at is not None or not self.axis:
            return prediction.at
        for arm in prediction.arms():
            level = arm.levels.get(self.axis)
            if level is not None and not isinstance(level, bool):
                return self.axis, level
        return None

    def measurements(self) -> tuple[str, ...]:
        """Return the names of the measurements that the predictions read."""
        names = (p.measured() for p in self.judged)
        return tuple(dict.fromkeys(name for name in names if name))

    def num_seeds(self, arm: Arm, preset: str, wanted: int | None = None) -> int:
        """Return how many seeds judge an arm, `wanted` in place of the preset's."""
        count = wanted or self.seeds.count(preset)
        return min(count, arm.max_seeds or count)

    def rivals(self, arm: Arm) -> tuple[Arm, ...]:
        """Return the tuned arms that a tuned arm is compared with, itself among them.

        Whom those are compared with is among them too, so that all try equally many
        learning rates.
        """
        if arm.tune is None:
            return ()
        together = [
            {a.name for a in p.arms() if a.tune is not None} for p in self.everything
        ]
        found = {arm.name}
        while True:
            met = {name for group in together if group & found for name in group}
            if met <= found:
                return tuple(self.arms[name] for name in self.arms if name in found)
            found |= met


def role_of(claim: Claim, prediction: Prediction) -> str:
    """Return the part of a claim that a prediction stands in."""
    parts = {"core": claim.core, "beside": claim.beside, "control": claim.controls}
    for role, members in parts.items():
        if prediction in members:
            return role
    return "shown"


@dataclass(frozen=True)
class RegisteredClaim:
    """A claim with what its place and its docstring say, and what is known beside it.

    Attributes:
        id: Its id, the name of its file.
        chapter: The name of its folder.
        mechanism: Why it happens.
        claim: The claim.
        known: Published results on its matter; they are no part of its rule.
    """

    id: str
    chapter: str
    mechanism: str
    claim: Claim
    known: tuple[KnownResult, ...] = ()

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the rule: statement, strength, arms, predictions, seeds.

        How things are called and what only explains, such as labels, answers and
        caveats, may change freely.
        """
        rule = self.claim.model_dump(mode="json", include=IN_RULE)
        rule |= {part: _without_names(rule[part]) for part in STATED_PARTS}
        text = json.dumps(rule, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def _without_names(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: _without_names(entry)
            for name, entry in value.items()
            if name not in NOT_IN_RULE
        }
    return [_without_names(e) for e in value] if isinstance(value, list) else value
