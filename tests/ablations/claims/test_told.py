"""What claims tell: every sentence is true of the outcomes that it presumes.

Each check is a function that names what is wrong, so that it can be seen to name a
fault that was planted.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from ablations.claims.registry import all_claims
from ablations.evidence.evidence import Evidence, NoRuns
from ablations.judging.answers import (
    MOST_NUMBERS,
    MOST_WORDS,
    WHOLE_CORE,
    count_numbers,
    count_words,
    fields_of,
    fill,
    fits,
)
from ablations.judging.combine import combine
from ablations.judging.judgement import give_verdict
from ablations.judging.outcome import Outcome
from ablations.judging.preconditions import ROOM
from ablations.judging.standing import published_verdicts
from ablations.judging.verdict import INCOMPLETE, VERDICTS, Verdict
from ablations.protocol.claim import PRESETS, Claim, RegisteredClaim, role_of
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.rigs.xor import solved, xor_arm
from ablations.selfcheck.synthetic import drawn_arm
from ablations.stats.multiple import holm
from models.config import ConfigError
from tests.every import every, every_claim

NEGATIVE = re.compile(r"\b(overflow|diverg|fail|never\b|none\b)", re.IGNORECASE)
"""Words that turn what a run does into its opposite."""

LEVEL = 0.05 + 1e-12

PUBLISHED = {
    id_: (all_claims()[id_], verdict)
    for id_, verdict in published_verdicts().items()
    if id_ in all_claims()
}
every_verdict = every(PUBLISHED)

NOTHING = Evidence(NoRuns())
"""What claims are judged by before the first run; shared arms are read once."""


# Sentences and patterns.


def outcomes_of(claim: Claim, word: str = "holds") -> list[Outcome]:
    """Return outcomes that have every number a sentence can quote."""
    means = {"treatment_mean": 0.9, "control_mean": 0.4, "means": [0.1, 0.2]}
    return [
        replace(
            Outcome.of(p, outcome=word, text="", details=means),
            estimate=0.5,
            n=20,
            role=role_of(claim, p),
        )
        for p in claim.everything
    ]


def wrong_sentences(claim: Claim) -> Iterator[str]:
    """Name sentences that cannot be filled or quote what they do not presume."""
    outcomes = outcomes_of(claim)
    core = {p.key for p in claim.core}
    free = {p.key for p in (*claim.controls, *claim.shown)} | {"boundary"}
    for pattern, sentence in claim.answers.items():
        presumed = {token.lstrip("!?") for token in pattern.split()}
        if WHOLE_CORE in presumed:
            presumed |= core
        try:
            fits(pattern, outcomes)
            fill(sentence, outcomes)
        except (ConfigError, AttributeError) as error:
            yield f"{pattern!r}: {error}"
        for key in fields_of(sentence):
            if key not in presumed | free:
                yield f"{pattern!r} quotes {key}, which it does not presume"
    try:
        fill(claim.how, outcomes)
    except (ConfigError, AttributeError) as error:
        yield f"how: {error}"


@every_claim
def test_every_sentence_fills_and_quotes_only_what_its_pattern_presumes(claim):
    assert list(wrong_sentences(claim.claim)) == []


@every_claim
def test_every_claim_has_answers_and_says_how_it_knows(claim):
    data = claim.claim
    if data.untestable:
        assert list(data.answers) == [""]
        assert data.answers[""].startswith("Not tested: ")
    else:
        assert data.how
        assert data.answers
        assert "" not in data.answers


# Labels.


def contradicted_labels(claim: Claim) -> Iterator[str]:
    """Name shares whose label says the opposite of what their number counts."""
    for prediction in claim.everything:
        if isinstance(prediction, SuccessRate):
            said, counted = (
                len(NEGATIVE.findall(text)) % 2
                for text in (prediction.label, prediction.score.words)
            )
            if said != counted:
                yield f"{prediction.label!r} counts runs that {prediction.score.words}"


@every_claim
def test_a_label_never_says_the_opposite_of_what_its_number_counts(claim):
    assert list(contradicted_labels(claim.claim)) == []


# Published verdicts.


def among_all(core: Sequence[Outcome]) -> list[Outcome]:
    """Return the core by Holm's procedure, from the p-values that are published.

    What has none, such as an exact check, keeps its word.
    """
    p_values = [float(o.details.get("p_bound") or 0.0) for o in core]
    return [
        o if p <= LEVEL else replace(o, outcome="undecided")
        for o, p in zip(core, holm(p_values), strict=True)
    ]


def word_of(claim: Claim, outcomes: Sequence[Outcome]) -> str:
    """Return the word that outcomes add up to."""
    if any(o.role == "control" and o.outcome != "holds" for o in outcomes):
        return "not tested"
    core = [o for o in outcomes if o.role == "core"]
    return combine(claim.strength, claim.axis, core, lambda: among_all(core)).verdict


def wrong_answer(claim: Claim, verdict: Verdict) -> Iterator[str]:
    """Name what is wrong with the answer that is told."""
    words, numbers = count_words(verdict.answer), count_numbers(verdict.answer)
    if words > MOST_WORDS or numbers > MOST_NUMBERS:
        yield f"{words} words and {numbers} numbers: {verdict.answer}"
    if not verdict.is_judged:
        return
    if word_of(claim, verdict.outcomes) != verdict.verdict:
        yield f"the outcomes add up to {word_of(claim, verdict.outcomes)}"
    if verdict.verdict == "not tested":
        return
    told = [s for p, s in claim.answers.items() if p and fits(p, verdict.outcomes)]
    if not told:
        yield "no pattern fits"
    elif fill(told[0], verdict.outcomes) != verdict.answer:
        yield f"the first pattern that fits tells: {fill(told[0], verdict.outcomes)}"


def counted_without_room(claim: Claim, verdict: Verdict) -> Iterator[str]:
    """Name conditions of the core that count though no effect could have shown."""
    by_key = {p.key: p for p in claim.core}
    for outcome in verdict.core:
        prediction = by_key[outcome.key]
        mean = outcome.details.get("control_mean")
        if not isinstance(prediction, Comparison) or prediction.direction not in ROOM:
            continue
        config = prediction.control_score or prediction.score
        if config.range is None or prediction.treatment == prediction.control:
            continue
        if mean is not None:
            room = abs(config.range[ROOM[prediction.direction]] - mean)
            if room < 2 * prediction.margin - 1e-9:
                yield f"{outcome.label}: room of {room:g} for {prediction.margin:g}"


def moved_by_what_stands_beside(
    claim: Claim,
    outcomes: Sequence[Outcome],
    word: Callable[[Claim, Sequence[Outcome]], str] = word_of,
) -> Iterator[str]:
    """Name predictions outside the core, and no control, that change the word."""
    usual = word(claim, outcomes)
    for place, outcome in enumerate(outcomes):
        if outcome.role not in ("beside", "shown"):
            continue
        for other in ("holds", "fails", "undecided", "untested"):
            flipped = list(outcomes)
            flipped[place] = replace(outcome, outcome=other)
            if word(claim, flipped) != usual:
                yield f"{outcome.key} as {other}"


def test_every_claim_has_a_published_verdict_on_its_whole_rule():
    assert set(PUBLISHED) == set(all_claims())
    for claim, verdict in PUBLISHED.values():
        assert verdict.digest == claim.digest
        assert verdict.verdict in VERDICTS
        assert verdict.coverage.is_whole


@every_verdict
def test_the_published_answer_is_short_and_its_pattern_is_there(claim, verdict):
    assert list(wrong_answer(claim.claim, verdict)) == []


@every_verdict
def test_no_published_condition_without_room_is_counted(claim, verdict):
    assert list(counted_without_room(claim.claim, verdict)) == []


@every_verdict
def test_what_stands_beside_never_changes_a_published_word(claim, verdict):
    outcomes = verdict.outcomes
    assert list(moved_by_what_stands_beside(claim.claim, outcomes)) == []


# Faults that are planted are named.

ARMS = {name: drawn_arm(name, xor_arm()) for name in ("treatment", "control")}


def share(key: str, label: str = "") -> SuccessRate:
    fields = {"key": key, "label": label or key, "arm": ARMS["treatment"]}
    return SuccessRate(**fields, score=solved(), bound=0.5)


@pytest.fixture
def planted(make_claim):
    def make(*core, **changes) -> RegisteredClaim:
        return make_claim(*(core or (share("sgd"), share("adam"))), **changes)

    return make


def verdict_on(claim: RegisteredClaim, word="supported", **changes) -> Verdict:
    """Return a verdict of this word whose conditions all hold."""
    from ablations.judging.verdict import not_run

    fields = {"verdict": word, "preset": "full", "answer": "Yes: it is so."}
    fields["outcomes"] = tuple(outcomes_of(claim.claim))
    return replace(not_run(claim), **(fields | changes))


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({"sgd": "{adam} learn."}, "quotes adam, which it does not presume"),
        ({"!sgd": "{beside} learn."}, "quotes beside, which it does not presume"),
        ({"core": "{sgd}, {adam}, {known}, {boundary}."}, ""),
        ({"sdg": "Yes."}, "must name keys of predictions"),
        ({"sgd": "{sdg} learn."}, "must take numbers from keys"),
        ({"sgd": "{sgd.contrl} learn."}, "contrl"),
    ],
)
def test_a_sentence_that_presumes_too_little_is_named(planted, answers, fault):
    claim = planted(
        answers=answers, beside=(share("beside"),), controls=(share("known"),)
    )
    found = " ".join(wrong_sentences(claim.claim))
    assert fault in found
    assert bool(found) == bool(fault)


@pytest.mark.parametrize(
    ("label", "words", "wrong"),
    [
        ("overflow", "stay finite", True),
        ("runs that stay finite", "stay finite", False),
        ("runs that diverge", "diverge", False),
        ("runs that never fail", "stay finite", False),
        ("none learns", "solve all four rows", True),
        ("never solved", "solve all four rows", True),
        ("runs that learn", "solve all four rows", False),
    ],
)
def test_a_label_that_contradicts_its_number_is_named(planted, label, words, wrong):
    rate = share("p", label)
    claim = planted(rate.replace(score=rate.score.replace(words=words)))
    assert bool(list(contradicted_labels(claim.claim))) is wrong


def test_an_answer_whose_pattern_is_not_there_is_named(planted):
    claim = planted(answers={"!sgd": "No.", "sgd !adam": "Only for one."})
    assert list(wrong_answer(claim.claim, verdict_on(claim))) == ["no pattern fits"]
    claim = planted(answers={"sgd": "Yes: it is so."})
    assert list(wrong_answer(claim.claim, verdict_on(claim))) == []
    other = verdict_on(claim, answer="Yes: it is thus.")
    assert list(wrong_answer(claim.claim, other)) == [
        "the first pattern that fits tells: Yes: it is so."
    ]


def test_an_answer_of_26_words_or_three_numbers_is_named(planted):
    for answer in ("word " * 26, "1, 2 and 3 of 4."):
        claim = planted(answers={"core": answer})
        found = list(wrong_answer(claim.claim, verdict_on(claim, answer=answer)))
        assert len(found) == 1
        assert "words and" in found[0]
    answer = "word " * 25
    claim = planted(answers={"core": answer})
    assert list(wrong_answer(claim.claim, verdict_on(claim, answer=answer))) == []


def test_a_word_that_the_outcomes_do_not_add_up_to_is_named(planted):
    claim = planted(answers={"core": "Yes: it is so."})
    found = list(wrong_answer(claim.claim, verdict_on(claim, "refuted")))
    assert found == ["the outcomes add up to supported"]


def test_a_condition_without_room_is_named(planted):
    fields = {"key": "c", "label": "c", "score": solved(), "margin": 0.1}
    claim = planted(Comparison(**fields, **ARMS))
    (outcome,) = outcomes_of(claim.claim)
    for mean, wrong in ((0.85, True), (0.8, False), (0.4, False)):
        told = replace(outcome, details={"control_mean": mean})
        verdict = verdict_on(claim, outcomes=(told,))
        assert bool(list(counted_without_room(claim.claim, verdict))) is wrong


def test_a_word_that_what_stands_beside_changes_is_named(planted):
    claim = planted(beside=(share("beside"),), strength="always").claim

    def by_all(data, outcomes):
        same = [replace(o, role="core") for o in outcomes]
        return combine(data.strength, data.axis, same, lambda: same).verdict

    outcomes = outcomes_of(claim)
    assert "beside as fails" in list(
        moved_by_what_stands_beside(claim, outcomes, by_all)
    )
    assert list(moved_by_what_stands_beside(claim, outcomes)) == []


@every_claim
def test_every_preset_can_tell_what_it_judges(claim):
    for preset in PRESETS:
        found = give_verdict(claim, NOTHING, preset)
        assert found.answer
        assert found.coverage.is_whole == (found.verdict != INCOMPLETE)
