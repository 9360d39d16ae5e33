"""What became of a claim: the word, the answer, and all that they rest on."""

from __future__ import annotations

from dataclasses import MISSING, asdict, dataclass, fields, replace
from html import escape
from typing import Any

from ablations.evidence.versions import evidence_version
from ablations.judging.outcome import Outcome, finding_of, plain
from ablations.judging.rule_text import rule_of
from ablations.protocol.claim import LEFT_OUT, RegisteredClaim
from models.config import requirement

VERDICTS = ("supported", "conditional", "refuted", "inconclusive", "not tested")
INCOMPLETE = "incomplete"
"""What stands in place of a verdict where only a part of the rule was judged."""

WHERE = {
    "holds": "It holds",
    "fails": "It fails",
    "open": "It is open",
    "no room": "No effect could have shown",
}
"""What stands above the conditions of a statement, by what became of them."""

FORMAT = 2
"""Version of the JSON of verdicts."""


@dataclass(frozen=True)
class Coverage:
    """How much of its rule a verdict rests on.

    Attributes:
        judged: Conditions of the core, and controls, that were judged.
        of: Those in the whole rule.
        no_room: Conditions of the core that were set aside, because no effect could
            have shown there.
    """

    judged: int = 0
    of: int = 0
    no_room: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether the whole rule was judged."""
        return self.judged == self.of

    def describe(self) -> str:
        """Say it in words."""
        aside = f"; {self.no_room} left no room for an effect" if self.no_room else ""
        return f"{self.judged} of {self.of} conditions and controls{aside}"


@dataclass(frozen=True)
class Verdict:
    """What became of a claim: the word, the answer, and all that they rest on.

    Attributes:
        id: Id of the claim.
        chapter: Name of its chapter.
        rows: Inventory rows that it answers.
        statement: What the notes say, in our words.
        strength: `can`, `usually` or `always`.
        implied: Whether the suite added the statement itself.
        source: Where the statement stands.
        reference: What is known about it.
        mechanism: Why it happens.
        rule: The rule in words.
        caveats: What the verdict does not say.
        figure: Name of the figure that shows it, None for the usual one.
        digest: Digest of the rule.
        evidence_version: Versions of all that made the runs.
        verdict: One of `VERDICTS`, or `INCOMPLETE`.
        answer: The plain sentence.
        how: How we know.
        finding: What every condition of the core came to, with its numbers.
        reason: Why there is no clear word; empty where there is.
        boundary: Where the statement holds and where it fails, for *conditional*.
        coverage: How much of the rule was judged.
        outcomes: What became of every prediction, with its role and its key.
        headline: Key of the prediction whose numbers stand for the claim.
        command: The command that judges it again, on the same seeds.
        preset: Preset that judged, empty if nothing was judged.
        confidence: Of the intervals, before families.
        looks: What was found at each look at the runs.
        seeds_that_decide: About how many seeds would decide what is open.
        locked: Record of the lock of the rule.
        mixture: In what the machines differ that made the runs.
        arms: What every arm was and what became of its runs.
    """

    id: str
    chapter: str
    rows: tuple[str, ...]
    statement: str
    strength: str
    implied: bool
    source: str
    reference: str
    mechanism: str
    rule: str
    caveats: str
    figure: str | None
    digest: str
    evidence_version: str
    verdict: str
    answer: str
    how: str
    finding: str
    reason: str = ""
    boundary: str = ""
    coverage: Coverage = Coverage()
    outcomes: tuple[Outcome, ...] = ()
    headline: str = ""
    command: str = ""
    preset: str = ""
    confidence: float | None = None
    looks: tuple[dict[str, Any], ...] = ()
    seeds_that_decide: int | None = None
    locked: dict[str, Any] | None = None
    mixture: str = ""
    arms: tuple[dict[str, Any], ...] = ()

    @property
    def is_judged(self) -> bool:
        """Whether anything was judged at all."""
        return bool(self.preset)

    @property
    def core(self) -> tuple[Outcome, ...]:
        """Outcomes of what the statement itself says."""
        return self.of_role("core")

    @property
    def beside(self) -> tuple[Outcome, ...]:
        """Outcomes of what explains or bounds it."""
        return self.of_role("beside")

    @property
    def controls(self) -> tuple[Outcome, ...]:
        """Outcomes of what must hold for the evidence to count."""
        return self.of_role("control")

    @property
    def shown(self) -> tuple[Outcome, ...]:
        """Shares that were not judged."""
        return self.of_role("shown")

    def of_role(self, *roles: str) -> tuple[Outcome, ...]:
        """Return the outcomes of these roles."""
        return tuple(o for o in self.outcomes if o.role in roles)

    @property
    def where(self) -> dict[str, list[str]]:
        """Labels of the conditions of the core, by those of `WHERE` that there are."""
        found: dict[str, list[str]] = {word: [] for word in WHERE}
        for outcome in self.core:
            is_cramped = bool(outcome.details.get("no_room"))
            word = "no room" if is_cramped else "open"
            word = outcome.outcome if outcome.is_decided else word
            found[word].append(outcome.label)
        return {word: labels for word, labels in found.items() if labels}

    def _repr_html_(self) -> str:
        """Return what a notebook shows: verdict, answer, reasons, where it holds."""
        lists = "".join(
            f"<p>{WHERE[word]}:</p><ul>"
            + "".join(f"<li>{escape(label)}</li>" for label in labels)
            + "</ul>"
            for word, labels in self.where.items()
        )
        return (
            f"<h4>{escape(self.statement)}</h4>"
            f"<p><b>{escape(self.verdict.capitalize())}.</b> {escape(self.answer)}</p>"
            f"<p>{escape(self.how)}</p>{lists}"
        )

    @property
    def head(self) -> Outcome | None:
        """The outcome whose numbers stand for the claim."""
        return next((o for o in self.outcomes if o.key == self.headline), None)

    def record(self) -> dict[str, Any]:
        """Return plain data as JSON can hold it."""
        head = self.head
        numbers = {
            name: getattr(head, name, None) for name in ("estimate", "low", "high")
        }
        return plain(
            {
                "format": FORMAT,
                **{f.name: getattr(self, f.name) for f in fields(self)},
                "rows": list(self.rows),
                "coverage": asdict(self.coverage),
                **numbers,
                "unit": head.unit if head else "",
                "n": head.n if head else 0,
                "outcomes": [outcome.record() for outcome in self.outcomes],
                "looks": list(self.looks),
                "arms": list(self.arms),
            }
        )

    def brief_record(self) -> dict[str, Any]:
        """Return `record` without what reading it makes anew.

        That is whatever is as by default or as of most arms, the finding, which repeats
        the outcomes, the labels that these begin with, and the rules in words, which
        are the claim's.
        """
        record = self.record()
        outcomes = [_unusual(each, Outcome) for each in record["outcomes"]]
        told = _unusual(record, Verdict) | {"outcomes": outcomes, "format": FORMAT}
        told["arms"] = [
            {k: v for k, v in arm.items() if v or k not in _of_most(arm)}
            for arm in record["arms"]
        ]
        for each in outcomes:
            each["text"] = each["text"].removeprefix(each["label"])
        for each in (told, *outcomes):
            each.pop("rule", None)
        if told["finding"] == finding_of(self.core):
            del told["finding"]
        if told.get("command") == _usual_command(record):
            del told["command"]
        if self.locked:
            same = _lock_of_most(record)
            told["locked"] = {k: v for k, v in self.locked.items() if v != same.get(k)}
        return told

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Verdict:
        """Return the verdict of a record; a brief one gives it no rules in words.

        Raises:
            ConfigError: If the data are of another format.
        """
        if record.get("format") != FORMAT:
            must = f"must be {FORMAT}; `ablations run` judges the claim anew"
            raise requirement("format", must, record.get("format"))
        outcomes = tuple(Outcome(**_whole(each)) for each in record["outcomes"])
        finding = finding_of([each for each in outcomes if each.role == "core"])
        locked = record.get("locked")
        return cls(
            **{
                **{"rule": "", "finding": finding, "command": _usual_command(record)},
                **{f.name: record[f.name] for f in fields(cls) if f.name in record},
                "rows": tuple(record["rows"]),
                "coverage": Coverage(**record["coverage"]),
                "outcomes": outcomes,
                "looks": tuple(record.get("looks", ())),
                "locked": _lock_of_most(record) | locked if locked else None,
                "arms": tuple({**_of_most(a), **a} for a in record.get("arms", ())),
            }
        )

    def described_by(self, registered: RegisteredClaim) -> Verdict:
        """Return the verdict with what the claim says today where it only explains."""
        return replace(self, **description(registered))


def _of_most(arm: dict[str, Any]) -> dict[str, Any]:
    """Return what most records of such an arm say: no run is lost, no rate at an edge.

    Only the record of an arm that was tuned, which has a learning rate, has the latter.
    """
    tuned = {"num_widened": 0, "at_edge": False} if "learning_rate" in arm else {}
    return {"diverged": 0, "failed": 0, **tuned}


def _usual_command(record: dict[str, Any]) -> str:
    """Return the command that repeats most verdicts; one on nothing has none."""
    if not record.get("preset"):
        return ""
    return f"ablations run {record['id']} --preset {record['preset']}"


def _lock_of_most(record: dict[str, Any]) -> dict[str, Any]:
    """Return what the lock of most rules says: that they are judged as laid down."""
    return {"digest": record["digest"], "versions": record["evidence_version"]}


def _whole(outcome: dict[str, Any]) -> dict[str, Any]:
    """Return an outcome whose text begins with its label, also if that was left out."""
    text = outcome["text"]
    return outcome | {"text": outcome["label"] + text} if text[:1] == ":" else outcome


def _unusual(record: dict[str, Any], kind: type[Verdict | Outcome]) -> dict[str, Any]:
    """Return the fields of a record that are not as by default."""
    usual = plain(
        {
            f.name: f.default if f.default_factory is MISSING else f.default_factory()
            for f in fields(kind)
        }
    )
    return {k: v for k, v in record.items() if k in usual and v != usual[k]}


def description(registered: RegisteredClaim) -> dict[str, Any]:
    """Return what a verdict repeats of its claim."""
    claim = registered.claim
    return {
        "id": registered.id,
        "chapter": registered.chapter,
        "rows": claim.rows,
        "statement": claim.statement,
        "strength": claim.strength,
        "implied": claim.implied,
        "source": claim.source,
        "reference": claim.reference,
        "mechanism": registered.mechanism,
        "rule": rule_of(claim),
        "caveats": claim.caveats,
        "figure": claim.figure,
        "digest": registered.digest,
        "evidence_version": evidence_version(claim),
    }


def unjudged(registered: RegisteredClaim, reason: str) -> Verdict:
    """Return the verdict on a claim that is *not tested*, for a reason in words."""
    claim = registered.claim
    preset = " --preset standard" if claim.standard_only else ""
    command = "" if claim.untestable else f"ablations run {registered.id}{preset}"
    return Verdict(
        **description(registered),
        verdict="not tested",
        answer=claim.answers.get("", reason),
        how="",
        finding=f"{reason} `{command}` runs it." if command else reason,
        reason=reason,
        command=command,
    )


def not_run(registered: RegisteredClaim) -> Verdict:
    """Return the verdict on a claim that nothing was trained for yet."""
    if registered.claim.untestable:
        return unjudged(registered, registered.claim.untestable)
    left_out = registered.claim.standard_only
    return unjudged(registered, LEFT_OUT if left_out else "It was not run yet.")
