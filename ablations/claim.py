"""Put a statement, its arms and its predictions into one object of data."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from ablations.arm import Arm
from ablations.prediction import ExactCheck, Prediction, SuccessRate, Trend
from models.config import ConfigError, FrozenConfig, PositiveInt, one_of

Preset = Literal["quick", "standard", "full"]
PRESETS: tuple[str, ...] = ("quick", "standard", "full")


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
        controls: Predictions that must hold for the evidence to count; when one does
            not, the claim is not tested.
        shown: Shares reported beside the verdict and never judged; their bounds count
            for nothing.
        headline: Label of the prediction whose numbers stand for the claim; None takes
            the first.
        seeds: Number of seeds per preset.
        findings: Sentence that tells the finding, for each verdict it was written
            for; its numbers are filled in, as `ablations.judging.finding` says. Other
            verdicts are told by their predictions' own words.
        caveats: What the verdict does not say.
        figure: Name of the figure that shows it; None lets the kind decide.
    """

    statement: str
    rows: tuple[str, ...]
    source: str
    reference: str = ""
    arms: dict[str, Arm] = Field(default_factory=dict)
    predictions: tuple[Prediction, ...]
    controls: tuple[Prediction, ...] = ()
    shown: tuple[SuccessRate, ...] = ()
    headline: str | None = None
    seeds: SeedPlan = SeedPlan()
    findings: dict[str, str] = Field(default_factory=dict)
    caveats: str = ""
    figure: str | None = None

    def model_post_init(self, context: Any) -> None:
        """Check that predictions name arms that are there and have distinct labels."""
        if not self.predictions or not self.rows:
            raise ConfigError("`predictions` and `rows` must not be empty.")
        judged = (*self.predictions, *self.controls)
        everything = (*judged, *self.shown)
        labels = [p.label for p in everything]
        if len(set(labels)) < len(labels):
            raise ConfigError(f"`label` must differ between predictions: {labels}.")
        if self.headline is not None:
            one_of("headline", self.headline, [p.label for p in judged])
        used = {arm for p in everything for arm in arms_of(p)}
        for arm in used:
            one_of("arm", arm, self.arms)
        unused = set(self.arms) - used
        if unused:
            raise ConfigError(f"`arms` {sorted(unused)} are named by no prediction.")

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


def arms_of(prediction: Prediction) -> tuple[str, ...]:
    """Return the names of the arms that a prediction reads."""
    if isinstance(prediction, Trend):
        return prediction.arms
    names = ("arm", "other", "treatment", "control")
    found = (getattr(prediction, name, None) for name in names)
    return tuple(name for name in found if name is not None)
