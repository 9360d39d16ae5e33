"""Verdicts, runs and a browser that the tests of the report share."""

import contextlib
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ablations.claims.registry import all_claims
from ablations.evidence.evidence import Evidence
from ablations.judging.judgement import give_verdict
from ablations.judging.outcome import Outcome
from ablations.judging.standing import Standing, standings
from ablations.judging.verdict import Coverage, Verdict
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim, RegisteredClaim
from ablations.protocol.kinds import SuccessRate, Trend
from ablations.protocol.network_runs import ArmConfig
from ablations.protocol.prediction import Prediction
from ablations.protocol.score import ScoreConfig
from ablations.rigs.xor import PRINTED, WIDTHS, solved, width_arm, xor_arm
from ablations.store.store import Store
from reports.changes import Change
from reports.figures.source import Source
from reports.render import write_report

MACHINE = {"processor": "Test", "cores": 2, "keras": "3.0", "python": "3.11.1"}
# Weights of 2-2-1 networks with leaky ReLU, slope 0.2, that put out what they say.
SUM_FOLD = [1, 1, 1, 1, 0, -1, 1, -2.25, 0]
DIFFERENCE_FOLD = [1, -1, -1, 1, 0, 0, 1.25, 1.25, 0]
ALL_HALF = [0, 0, 0, 0, 0, 0, 0, 0, 0.5]
FIRST_INPUT = [1, 0, 0, 0, 0, 0, 1, 0, 0]
ENDINGS = (SUM_FOLD, DIFFERENCE_FOLD, DIFFERENCE_FOLD, ALL_HALF, ALL_HALF, FIRST_INPUT)
PROGRAM = Arm(levels={"program": "printed"}, config=PRINTED)
NUM_SEEDS = 48
NUM_PAIRS = 60


def make_outcome(label: str = "a condition", **changes: Any) -> Outcome:
    fields = {
        "key": label,
        "label": label,
        "kind": "success_rate",
        "outcome": "holds",
        "text": f"{label}: 60.0 % [50.0 %, 70.0 %] of 100 runs",
        "rule": "holds if it does",
        "estimate": 0.6,
        "low": 0.5,
        "high": 0.7,
        "unit": "share of runs",
        "n": 100,
        "bound": 0.4,
        "direction": "at_least",
        "confidence": 0.95,
        "role": "core",
    }
    return Outcome(**(fields | changes))


RAN = {
    "name": "printed",
    "summary": "2-2-1, leaky_relu",
    "runs": NUM_SEEDS,
    "ok": NUM_SEEDS,
    "diverged": 0,
    "failed": 0,
    "machines": [MACHINE],
}


def make_verdict(**changes: Any) -> Verdict:
    outcomes = changes.get("outcomes", (make_outcome(),))
    judged = [o for o in outcomes if o.role in ("core", "control")]
    fields = {
        "id": "a_claim",
        "chapter": "xor",
        "rows": ("T-1",),
        "statement": "A statement.",
        "strength": "usually",
        "implied": False,
        "source": "The notes",
        "reference": "Somebody (1999)",
        "mechanism": "It happens because it does.",
        "rule": "a condition: holds if it does.\nSupported if it holds.",
        "caveats": "Only here.",
        "figure": None,
        "digest": "0" * 64,
        "evidence_version": "1",
        "verdict": "supported",
        "answer": "Yes, it does.",
        "how": "We trained 100 of them.",
        "finding": "a condition: 60.0 % of 100 runs.",
        "coverage": Coverage(len(judged), len(judged)),
        "outcomes": outcomes,
        "headline": outcomes[0].key if outcomes else "",
        "command": "ablations run a_claim --preset standard",
        "preset": "standard",
        "arms": (RAN,),
    }
    return Verdict(**(fields | changes))


def claim_of(arms: Iterable[Arm], score: ScoreConfig, **changes: Any) -> Claim:
    """Return a claim that most runs of every arm succeed."""
    core = tuple(
        SuccessRate(key=f"arm_{n}", label=arm.name, arm=arm, score=score, bound=0.5)
        for n, arm in enumerate(arms)
    )
    fields = {"statement": "A statement.", "rows": ("T-1",), "source": "The notes"}
    return Claim(**(fields | {"core": core} | changes))


def source_of(claim: Claim, evidence: Evidence, runs: int = 100) -> Source:
    """Return what a figure may read of a claim, each arm of which has runs."""
    arms = tuple({**RAN, "name": name, "runs": runs} for name in claim.arms)
    return Source(make_verdict(arms=arms), claim, evidence)


def make_standing(published: Verdict | None = None, **changes: Any) -> Standing:
    """Return the standing of a verdict that was given here, with changes."""
    here = make_verdict(**changes)
    claim = claim_of([PROGRAM], solved(), figure=here.figure)
    registered = RegisteredClaim(here.id, here.chapter, here.mechanism, claim)
    return Standing(registered, published, here)


@pytest.fixture(scope="session")
def outcome() -> Callable[..., Outcome]:
    """Return a function that makes an outcome, with changes."""
    return make_outcome


@pytest.fixture(scope="session")
def verdict() -> Callable[..., Verdict]:
    """Return a function that makes a verdict, with changes."""
    return make_verdict


@pytest.fixture(scope="session")
def standing() -> Callable[..., Standing]:
    """Return a function that makes a claim's standing, with changes of its verdict."""
    return make_standing


def outputs_of(weights: np.ndarray) -> np.ndarray:
    """Return the outputs of leaky networks at the corners, [S, 4], spelled out."""
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
    found = []
    for w in weights:
        sums = corners @ w[:4].reshape(2, 2) + w[4:6]
        found.append(np.where(sums > 0, sums, 0.2 * sums) @ w[6:8] + w[8])
    return np.array(found)


def put_runs(
    store: Store, config: ArmConfig, weights: np.ndarray | None = None
) -> None:
    """Store runs that end with these weights, or those of ENDINGS in turn."""
    if weights is None:
        weights = np.array([ENDINGS[i % len(ENDINGS)] for i in range(NUM_SEEDS)], float)
    target = np.array([0, 1, 1, 0])
    outputs = outputs_of(weights)
    steps = np.array([*config.training.log_steps])
    final = np.mean((outputs - target) ** 2, axis=1)
    fall = np.linspace(1.0, 0.0, len(steps))
    is_solved = np.all(np.round(outputs) == target, axis=1)
    num_runs = len(weights)
    store.insert(
        store.put_spec(config.specification()),
        np.arange(num_runs),
        ["ok"] * num_runs,
        [-1] * num_runs,
        {
            "steps": np.tile(steps, (num_runs, 1)),
            "curve.loss": (final[:, None] + fall * 0.5).astype(np.float32),
            "curve.max_error": np.abs(outputs - target)
            .max(axis=1, keepdims=True)
            .repeat(len(steps), axis=1)
            .astype(np.float32),
            "curve.solved": (is_solved[:, None] & (fall < 0.5)).astype(np.float32),
            "weights": weights.astype(np.float32),
        },
        MACHINE,
    )


@pytest.fixture(scope="session")
def printed_runs() -> Callable[[Store], None]:
    """Return a function that stores runs of the printed program, some stuck."""
    return lambda store: put_runs(store, PRINTED)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return an open store with runs of the printed program, some stuck."""
    with Store.open(tmp_path / "runs.sqlite") as opened:
        put_runs(opened, PRINTED)
        yield opened


@pytest.fixture
def evidence(store: Store) -> Evidence:
    """Return the evidence of that store."""
    return Evidence(store)


@pytest.fixture
def empty_evidence(tmp_path: Path) -> Iterator[Evidence]:
    """Return the evidence of a store without runs."""
    with Store.open(tmp_path / "empty.sqlite") as opened:
        yield Evidence(opened)


@pytest.fixture
def claim_from() -> Callable[..., Claim]:
    """Return a function from arms and a score to a claim."""
    return claim_of


@pytest.fixture
def source_for() -> Callable[..., Source]:
    """Return a function to what a figure may read of arms, a score and evidence."""

    def make(arms: Iterable[Arm], score: ScoreConfig, evidence: Evidence) -> Source:
        return source_of(claim_of(arms, score), evidence)

    return make


@pytest.fixture
def source(evidence: Evidence) -> Source:
    """Return what a figure of a claim on the printed program may read."""
    return source_of(claim_of([PROGRAM], solved()), evidence, NUM_SEEDS)


@pytest.fixture
def empty_source(empty_evidence: Evidence) -> Source:
    """Return what a figure may read where nothing was run."""
    return source_of(claim_of([PROGRAM], solved()), empty_evidence, NUM_SEEDS)


@pytest.fixture
def width_source(evidence: Evidence, store: Store) -> Source:
    """Return a claim that success rises with width, with runs of two widths."""
    arms = tuple(
        Arm(
            levels={"activation": "leaky relu", "width": width},
            config=width_arm(width, "leaky_relu"),
        )
        for width in WIDTHS[:2]
    )
    put_runs(store, arms[0].config, np.tile(ALL_HALF, (NUM_SEEDS, 1)))
    rises = Trend(
        key="rises", label="rises", along=arms, scores=(solved(500),), margin=0.05
    )
    return source_of(claim_of((), solved(), core=(rises,)), evidence, NUM_SEEDS)


LOG_STEPS = (0, 5, 10, 20, 40, 80, 160, 320, 500)


def put_made_up(
    store: Store, config: ArmConfig, level: float, *, num_failed: int = 0
) -> None:
    """Store runs whose losses fall to about a level; those that fail come first."""
    rng = np.random.default_rng(int(1e6 * level))
    shared = np.random.default_rng(1).normal(size=NUM_PAIRS)
    noise = 0.7 * shared + 0.7 * rng.normal(size=NUM_PAIRS)
    final = level * np.exp(0.4 * noise)
    fall = np.exp(-np.array(LOG_STEPS) / (60 * np.exp(0.5 * noise[:, None])))
    loss = final[:, None] + fall
    store.insert(
        store.put_spec(config.specification()),
        np.arange(NUM_PAIRS),
        ["diverged"] * num_failed + ["ok"] * (NUM_PAIRS - num_failed),
        [20] * num_failed + [-1] * (NUM_PAIRS - num_failed),
        {
            "steps": np.tile(LOG_STEPS, (NUM_PAIRS, 1)),
            "curve.loss": loss.astype(np.float32),
            "curve.solved": (loss < 0.11).astype(np.float32),
        },
        MACHINE,
    )


MADE_UP = {
    name: Arm(levels={"speed": name}, config=xor_arm(learning_rate=rate))
    for name, rate in (("quick", 0.1), ("same", 0.2), ("slow", 0.3), ("late", 0.4))
}
"""Arms with made-up runs; the first runs of `slow` diverge."""


@pytest.fixture
def made_up(tmp_path: Path) -> Iterator[Callable[..., Source]]:
    """Return a function that judges predictions on the runs of `MADE_UP`."""
    levels = {"quick": 0.04, "same": 0.0401, "slow": 0.08, "late": 0.2}
    with Store.open(tmp_path / "made_up.sqlite") as opened:
        for name, arm in MADE_UP.items():
            failed = 3 if name == "slow" else 0
            put_made_up(opened, arm.config, levels[name], num_failed=failed)

        def make(*predictions: Prediction, **changes: Any) -> Source:
            claim = claim_of((), solved(), core=predictions, **changes)
            registered = RegisteredClaim("a_claim", "xor", "Why.", claim)
            evidence = Evidence(opened)
            given = give_verdict(registered, evidence, "standard", NUM_PAIRS)
            return Source(given, claim, evidence)

        yield make


@pytest.fixture
def speeds() -> dict[str, Arm]:
    """Return the arms of `MADE_UP` by name."""
    return MADE_UP


@pytest.fixture(scope="module")
def browser(chromium):
    """Return a browser, which the tests of a file share."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, index):
    """Return a function that opens the page and hands over what happened there."""
    with contextlib.ExitStack() as stack:

        def open_it(width=1280, color_scheme="light"):
            # A page that is opened so has its own cookies, storage and cache.
            page = browser.new_page(
                viewport={"width": width, "height": 800}, color_scheme=color_scheme
            )
            stack.callback(page.close)
            events = []
            page.on("console", lambda message: events.append(message.text))
            page.on("pageerror", lambda error: events.append(str(error)))
            page.on("dialog", lambda dialog: events.append(dialog.message))
            page.on("request", lambda request: events.append(request.url))
            page.goto(index.as_uri())
            return page, events

        yield open_it


ALL_STATEMENTS = 292
COMING = ("activations", "optimizers", "batch_norm", "backpropagation", "basics")


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Verdict]]:
    """Return the page of all 292 statements, those to come as stand-ins.

    It is of what is published, without runs, and says that one verdict has changed.
    """
    folder = tmp_path_factory.mktemp("whole")
    published = standings(list(all_claims().values()), [])
    found = list(published)
    for like in itertools.cycle(published):
        if len(found) == ALL_STATEMENTS:
            break
        number = len(found)
        chapter, name = COMING[number % len(COMING)], f"stand_in_{number}"
        registered = RegisteredClaim(name, chapter, "Why.", like.registered.claim)
        verdict = replace(like.verdict, id=name, chapter=chapter, figure=None)
        found.append(replace(like, registered=registered, published=verdict))
    with Store.open(folder / "empty.sqlite") as store:
        index = write_report(
            found,
            Evidence(store),
            folder / "out",
            generated="2025-01-02 03:04 UTC",
            machine=MACHINE,
            commit="0123abc",
            changes=(Change(found[0].verdict.id, "supported", "refuted"),),
        )
    return index, [standing.verdict for standing in found]
