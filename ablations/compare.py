"""Judge claims from the runs of two stores and say whether the stores agree.

A verdict that comes out again on another machine, another backend or other seeds was
no accident of the first. Nothing is trained and neither store is changed: what is not
there in one of them is *only in* the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ablations.evidence.evidence import Evidence
from ablations.evidence.scores import score
from ablations.judging.case import CONFIDENCE, Case
from ablations.judging.judgement import give_verdict
from ablations.judging.lock import Lock, current_locks
from ablations.judging.outcome import Outcome
from ablations.judging.verdict import FORMAT, INCOMPLETE, Verdict
from ablations.protocol.arm import Arm
from ablations.protocol.claim import PRESETS, Claim, RegisteredClaim
from ablations.protocol.score import ScoreConfig
from ablations.running.plan import make_plan
from ablations.store.store import Store
from ablations.store.table import RunTable
from models.config import ConfigError

NOT_IN_BOTH = ("only in A", "only in B", "neither")
"""Words for what cannot be compared."""

WORDS = ("same", "differs", "contradicts", "timed", *NOT_IN_BOTH)
"""What can be said of a claim.

*timed* are those that differ in times of a machine alone, which another machine, or
hour, need not repeat; *neither* store tests the last ones.
"""

DISAGREE = ("contradicts", "differs", "timed")
"""Words for what is not the same, the worst first."""

OPPOSITES = ({"supported", "refuted"}, {"holds", "fails"})
"""Words that cannot both be right."""

EXACT_ROUNDING = 1e-5
"""Largest difference, relative above 1, of equal measured numbers.

They are sums of single-precision numbers, which two backends add in another order.
"""

LOSS_ROUNDING = 0.01
"""Largest relative difference in final loss of runs that ended alike.

Rounding grows along the path of a run, so that two backends part slowly.
"""

SMALLEST_LOSS = 1e-6
"""Difference in final loss below which runs ended alike: rounding of targets near 1."""


@dataclass(frozen=True)
class Side:
    """What one store says about one claim.

    Attributes:
        verdict: The verdict, judged anew by the rule as it stands.
        case: The runs it was judged from.
        rule_changed: Whether the store holds the lock of another rule.
    """

    verdict: Verdict
    case: Case
    rule_changed: bool

    def record(self) -> dict[str, Any]:
        """Return the part of the verdict that is compared, as plain data."""
        record = self.verdict.record()
        parts = ("verdict", "estimate", "low", "high", "unit", "n", "reason")
        return {
            **{part: record[part] for part in parts},
            "preset": self.case.preset,
            "seeds": self.case.num_seeds,
            "confidence": self.case.confidence,
            "rule_changed": self.rule_changed,
        }


@dataclass
class Shared:
    """Count how runs of equal specification and seed ended in two stores.

    Runs that several claims read count once.

    Attributes:
        ends: Counts by name for every specification.
        outcomes: Runs, and those with equal outcomes, for every specification and
            success score.
    """

    ends: dict[str, dict[str, int]] = field(default_factory=dict)
    outcomes: dict[tuple[str, ScoreConfig], tuple[int, int]] = field(
        default_factory=dict
    )

    def add(
        self, digest: str, a: RunTable, b: RunTable, scores: Iterable[ScoreConfig]
    ) -> None:
        """Add the runs of one specification in both stores."""
        seeds = np.intersect1d(a.seeds, b.seeds)
        if not len(seeds):
            return
        a, b = (table.select(np.isin(table.seeds, seeds)) for table in (a, b))
        found = {"runs": len(seeds), "same_status": int((a.status == b.status).sum())}
        if all("curve.loss" in table.arrays for table in (a, b)):
            first, second = (
                table.arrays["curve.loss"][:, -1].astype(np.float64) for table in (a, b)
            )
            found |= {
                "losses": len(seeds),
                "same_loss": int(ended_alike(first, second).sum()),
                "same_digits": int(_equal(first, second).sum()),
            }
        if found["runs"] > self.ends.get(digest, {}).get("runs", 0):
            self.ends[digest] = found
        for config in scores:
            same = int((score(a, config) == score(b, config)).sum())
            key = (digest, config)
            if len(seeds) > self.outcomes.get(key, (0, 0))[0]:
                self.outcomes[key] = (len(seeds), same)

    def record(self) -> dict[str, int]:
        """Return the counts of all specifications."""
        names = ("runs", "same_status", "losses", "same_loss", "same_digits")
        counts = {
            name: sum(found.get(name, 0) for found in self.ends.values())
            for name in names
        }
        outcomes, same = (
            sum(counted[place] for counted in self.outcomes.values())
            for place in (0, 1)
        )
        return {**counts, "outcomes": outcomes, "same_outcome": same}


def ended_alike(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Say of every pair of final losses `[S]` whether they are equal but for rounding.

    Two losses that are no number are alike, as are two infinite ones.
    """
    with np.errstate(invalid="ignore"):
        largest = np.maximum(np.abs(a), np.abs(b))
        near = np.abs(a - b) <= SMALLEST_LOSS + LOSS_ROUNDING * largest
    finite = np.isfinite(a) & np.isfinite(b)
    return np.where(finite, near, _equal(a, b))


def _equal(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return (a == b) | (np.isnan(a) & np.isnan(b))


def compare_stores(
    claims: Sequence[RegisteredClaim],
    path_a: Path,
    path_b: Path,
    preset: str | None = None,
) -> dict[str, Any]:
    """Judge claims from two stores and return as plain data whether these agree.

    Both are judged by the rule as it stands, so that only the runs can differ; where
    another one was locked, `rule_changed` says so.
    Each store is judged with the seeds and the confidence of the verdict that it
    keeps; one that keeps none, under the largest preset whose runs are all there.

    Args:
        claims: The claims.
        path_a: A store.
        path_b: Another.
        preset: Judges both stores in place of what they were judged with.

    Raises:
        ConfigError: If one of the stores cannot be read; names the argument.
    """
    total = Shared()
    records = []
    with _open("STORE_A", path_a) as store_a, _open("STORE_B", path_b) as store_b:
        shelves = [_Shelf(store, preset) for store in (store_a, store_b)]
        for registered in claims:
            a, b = (shelf.judge(registered) for shelf in shelves)
            records.append(_compare(registered, a, b, total))
        stores = dict(zip("ab", (shelf.record() for shelf in shelves), strict=True))
    conditions = [c["agreement"] for r in records for c in r["conditions"]]
    words = [record["agreement"] for record in records]
    return {
        "stores": stores,
        "unlike": _unlike(*(store["machines"] for store in stores.values())),
        "claims": records,
        "counts": {word: words.count(word) for word in WORDS},
        "conditions": {word: conditions.count(word) for word in WORDS},
        "shared_runs": total.record(),
        "contradicts": "contradicts" in (*words, *conditions),
    }


def _open(argument: str, path: Path) -> Store:
    """Open a store to read, or say which argument names none."""
    try:
        return Store.open(path, mode="read")
    except ConfigError as error:
        raise ConfigError(f"`{argument}`: {error}") from error


class _Shelf:
    """Judge claims from one store, and remember what was read."""

    def __init__(self, store: Store, preset: str | None) -> None:
        self._store = store
        self._preset = preset
        self._kept = {
            record["id"]: Verdict.from_record(record)
            for record in store.verdicts()
            if record.get("format") == FORMAT
        }
        self._locks: dict[str, Lock] = current_locks(store)
        self._seeds: list[int] = []

    def judge(self, registered: RegisteredClaim) -> Side | None:
        """Return what the store says about a claim, None where its runs are missing."""
        if registered.claim.untestable:
            return None
        for preset, num_seeds, confidence in self._ways(registered):
            claim = registered.claim.under(preset)
            if claim.untestable or self._lacks_an_arm(claim):
                continue
            plan = make_plan([registered], preset, self._store, num_seeds)
            if plan.num_steps or plan.waiting:
                continue
            # One claim at a time: the runs of all need not fit into memory.
            evidence = Evidence(self._store)
            verdict = give_verdict(
                registered, evidence, preset, num_seeds, confidence=confidence
            )
            mine = evidence.for_claim(claim)
            case = Case(claim, mine, preset, num_seeds, confidence)
            for arm in claim.arms.values():
                table = _runs(case, arm)
                if table is not None and len(table):
                    self._seeds += [int(table.seeds[0]), int(table.seeds[-1])]
            lock = self._locks.get(registered.id)
            changed = lock is not None and not lock.is_of(registered)
            return Side(verdict, case, changed)
        return None

    def _lacks_an_arm(self, claim: Claim) -> bool:
        """Return whether an arm has no run at all, which is soon known."""
        configs = [arm.config for arm in claim.arms.values() if arm.tune is None]
        configs += [
            arm.with_learning_rate(arm.tune.learning_rates[0])
            for arm in claim.arms.values()
            if arm.tune is not None and arm.tune.learning_rates
        ]
        return not all(len(self._store.seeds_present(c.digest)) for c in configs)

    def _ways(self, registered: RegisteredClaim) -> list[tuple[str, int | None, float]]:
        """Return preset, seeds and confidence to judge with, the best first."""
        kept = self._kept.get(registered.id)
        if (
            kept is None
            or kept.digest != registered.digest
            or not kept.preset
            or registered.claim.under(kept.preset).untestable
        ):
            presets = PRESETS[::-1] if self._preset is None else [self._preset]
            return [(preset, None, CONFIDENCE) for preset in presets]
        # Who has looked several times keeps the level of the last look.
        confidence = kept.confidence or CONFIDENCE
        if self._preset is not None:
            return [(self._preset, None, confidence)]
        num_seeds = max((arm["runs"] for arm in kept.arms), default=0)
        return [(kept.preset, num_seeds or None, confidence)]

    def record(self) -> dict[str, Any]:
        """Say what the store is, and which seeds judged."""
        contents = self._store.info()
        return {
            "path": contents["path"],
            "runs": sum(contents["runs"].values()),
            "first_seed": min(self._seeds, default=None),
            "last_seed": max(self._seeds, default=None),
            "machines": contents["machines"],
        }


def _runs(case: Case, arm: Arm) -> RunTable | None:
    """Return the runs that judge an arm, None while tuning has not chosen."""
    choice = case.choice(arm)
    if choice is None:
        return None
    return case.evidence.runs(choice.config, case.seeds_of(arm))


def _compare(
    registered: RegisteredClaim, a: Side | None, b: Side | None, total: Shared
) -> dict[str, Any]:
    """Return what two stores say about one claim."""
    conditions: list[dict[str, Any]] = []
    shared = Shared()
    unlike_rates: list[str] = []
    if a is not None and b is not None:
        conditions = _compare_conditions(a.verdict, b.verdict)
        unlike_rates = _share(a.case, b.case, (shared, total))
    return {
        "id": registered.id,
        "rows": list(registered.claim.rows),
        "agreement": _word(a, b, conditions),
        "a": a and a.record(),
        "b": b and b.record(),
        "conditions": conditions,
        "shared_runs": shared.record(),
        "unlike_rates": unlike_rates,
    }


def _word(a: Side | None, b: Side | None, conditions: Sequence[dict[str, Any]]) -> str:
    """Say in a word whether two stores agree on a claim.

    A part of a rule has no word of its own: where one store has judged only that, the
    claim agrees as badly as the worst of the conditions that are in both. A whole one
    is *timed* where nothing else than times of a machine can have changed its word.
    """
    if a is None or b is None:
        return "only in A" if a else "only in B" if b else "neither"
    verdicts = a.verdict.verdict, b.verdict.verdict
    found = {condition["agreement"] for condition in conditions}
    if INCOMPLETE in verdicts:
        worst = (*DISAGREE, "same")
        return next((word for word in worst if word in found), "neither")
    word = _compare_words(*verdicts)
    if word in DISAGREE and found.intersection(DISAGREE) == {"timed"}:
        return "timed"
    # Two conditional verdicts may stand on opposite conditions.
    return "differs" if "contradicts" in found and word == "same" else word


def _compare_words(a: str, b: str) -> str:
    if a == b:
        return "neither" if a in ("not tested", "untested") else "same"
    return "contradicts" if {a, b} in OPPOSITES else "differs"


def _compare_conditions(a: Verdict, b: Verdict) -> list[dict[str, Any]]:
    """Return what two stores say about each prediction; one may leave some out."""
    judged = ("core", "beside", "control")
    first, second = ({o.key: o for o in v.of_role(*judged)} for v in (a, b))
    found = []
    for key, told in {**first, **second}.items():
        one, other = first.get(key), second.get(key)
        found.append(
            {
                "key": key,
                "label": told.label,
                "kind": told.kind,
                "role": told.role,
                "agreement": _condition_word(one, other),
                "same_number": _same_number(one, other),
                "a": one and _numbers_of(one),
                "b": other and _numbers_of(other),
            }
        )
    return found


def _numbers_of(outcome: Outcome) -> dict[str, Any]:
    record = outcome.record()
    names = ("outcome", "estimate", "low", "high", "unit", "n")
    return {name: record[name] for name in names}


def _condition_word(a: Outcome | None, b: Outcome | None) -> str:
    """Say in a word whether two stores agree on a prediction."""
    if a is None or b is None:
        return "only in A" if a else "only in B"
    word = _compare_words(a.outcome, b.outcome)
    return "timed" if word in DISAGREE and a.is_timed else word


def _same_number(a: Outcome | None, b: Outcome | None) -> bool | None:
    """Return whether two measured numbers are equal, as far as their rule cares.

    None for what is not measured in both, and for times, which never are equal.
    """
    if a is None or b is None or a.kind != "exact" or a.is_timed:
        return None
    one, other = a.estimate, b.estimate
    if one is None or other is None:
        return one is other
    rounding = EXACT_ROUNDING * max(1.0, abs(one), abs(other))
    return bool(abs(one - other) <= a.details["tolerance"] + rounding)


def _share(a: Case, b: Case, counters: Sequence[Shared]) -> list[str]:
    """Count equal runs of a claim; return the arms that were tuned to other rates."""
    wanted: dict[Arm, set[ScoreConfig]] = {
        arm: set() for name, arm in a.claim.arms.items() if name in b.claim.arms
    }
    for prediction in a.claim.everything:
        for arm, config in prediction.reads():
            if arm in wanted and config.is_success:
                wanted[arm].add(config)
    unlike = []
    for arm, scores in wanted.items():
        chosen, other = a.choice(arm), b.choice(arm)
        table, others = _runs(a, arm), _runs(b, arm)
        if chosen is None or other is None or table is None or others is None:
            continue
        if chosen.config != other.config:
            unlike.append(arm.name)
            continue
        digest = chosen.config.digest
        for counter in counters:
            counter.add(digest, table, others, scores)
    return unlike


def _unlike(
    a: Sequence[dict[str, Any]], b: Sequence[dict[str, Any]]
) -> dict[str, list[list[str]]]:
    """Return by name in what the machines of two stores differ."""
    machines = [[entry["machine"] for entry in entries] for entries in (a, b)]
    names = dict.fromkeys(name for group in machines for one in group for name in one)
    found = {}
    for name in names:
        values = [
            sorted({str(one.get(name, "none")) for one in group}) for group in machines
        ]
        if values[0] != values[1] and all(values):
            found[name] = values
    return found
