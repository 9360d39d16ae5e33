"""Say what to use: the simplest net that is not worse, a baseline, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ablations.stats.resampled import corrected_error
from ablations.study.findings.analysis import (
    ArmDifference,
    Terms,
    compare,
    judge_family,
    mean_and_interval,
)
from ablations.study.findings.result import Recommendation
from ablations.study.findings.sentences import model_name, text_of
from ablations.study.settings.score import Score, amount

CHOSEN_NET = "net chosen by validation"
"""Name of the scores of the net that is best on each split's validation rows."""


@dataclass(frozen=True)
class Standings:
    """What a recommendation rests on.

    Attributes:
        scores: Test scores of every net `[J]`, the reference first.
        baselines: Test scores of every baseline `[J]`, without the dummy, simple first.
        dummy: Test scores of the dummy `[J]`.
        chosen: Test scores of the net chosen anew in every split `[J]`.
        learned: Whether a net or baseline is surely better than the dummy.
        complexity: What nets are ordered by, simple first.
        against_baselines: Comparison of the chosen net with every baseline, judged as
            part of the whole family.
        rates: Median of the learning rates chosen for every net.
    """

    scores: Mapping[str, np.ndarray]
    baselines: Mapping[str, np.ndarray]
    dummy: np.ndarray
    chosen: np.ndarray
    learned: Mapping[str, bool]
    complexity: Mapping[str, tuple[float, ...]]
    against_baselines: Mapping[str, ArmDifference]
    rates: Mapping[str, float]


def not_surely_worse(
    scores: Mapping[str, np.ndarray], best: str, terms: Terms
) -> list[str]:
    """Return the arms that cannot be distinguished from the best one.

    Those that are not surely worse, adjusted for all of them, and whose mean lies
    within one corrected standard error of the best, or within the margin: with few
    splits hardly anything is surely worse.
    """
    others = [name for name in scores if name != best]
    comparisons = [compare(scores[name], scores[best], terms) for name in others]
    judged = judge_family(comparisons, terms, [True] * len(others))
    kept = [best]
    for name, one in zip(others, judged, strict=True):
        spread = float(np.std(one.differences, ddof=1))
        error = corrected_error(spread, len(one.differences), terms.test_to_train)
        near = abs(one.estimate.estimate) <= max(error, terms.margin)
        if one.verdict != "worse" and near:
            kept.append(name)
    return [name for name in scores if name in kept]


def best_of(scores: Mapping[str, np.ndarray], terms: Terms) -> str:
    """Return the arm with the best mean, the first of equals."""
    sign = 1 if terms.higher_is_better else -1
    return max(scores, key=lambda name: sign * float(scores[name].mean()))


@dataclass(frozen=True)
class _Choice:
    """What to use instead of guessing, and why; fields as in `Recommendation`."""

    kind: str
    name: str
    verdict: str
    sentence: str
    reasons: tuple[str, ...] = ()


def recommend(standings: Standings, score: Score, terms: Terms) -> Recommendation:
    """Return what to use.

    Of the nets the simplest that is not surely worse than the best. A baseline in its
    place where the nets are surely no better than it, or not better on average. Nothing
    where neither nets nor baselines are surely better than guessing.
    """
    best = best_of(standings.scores, terms)
    tied = not_surely_worse(standings.scores, best, terms)
    tied.sort(key=lambda name: standings.complexity[name])
    net = tied[0]
    choice = _choose(standings, net, score, terms)
    is_net = choice.kind == "net"
    reasons = choice.reasons
    if is_net:
        reasons += (
            _why_this_net(net, best, len(tied)),
            _optimism_text(standings, net, score, terms),
        )
    values = {**standings.baselines, "dummy": standings.dummy, **standings.scores}
    mean, low, high = mean_and_interval(
        values[choice.name], terms.test_to_train, is_share=score.is_share
    )
    return Recommendation(
        kind=choice.kind,
        name=choice.name,
        learning_rate=standings.rates[net] if is_net else None,
        score=mean,
        low=low,
        high=high,
        honest_score=float(standings.chosen.mean()),
        best=best,
        not_surely_worse=tuple(tied),
        better_than_baseline=choice.verdict,
        sentence=choice.sentence,
        reasons=reasons,
    )


def _choose(standings: Standings, net: str, score: Score, terms: Terms) -> _Choice:
    """Choose between the simplest good net, the best baseline and nothing."""
    nets_learned = any(standings.learned[name] for name in standings.scores)
    able = {k: v for k, v in standings.baselines.items() if standings.learned[k]}
    if able:
        rival = _rival(able, terms)
        against = standings.against_baselines[rival]
        called = model_name(rival, score)
        networks = "The network that validation rows choose"
        reasons = (text_of(networks, called, against, score),)
        if not nets_learned:
            sentence = (
                f"Use {called} rather than a neural network: no network surely learned"
                " anything here."
            )
            return _Choice("baseline", rival, "worse", sentence, reasons)
        why_not = _why_no_net(against, called, score, terms)
        if why_not:
            return _Choice("baseline", rival, against.verdict, why_not, reasons)
        sentence = _why_a_net(net, called, against, score, terms)
        return _Choice("net", net, against.verdict, sentence, reasons)
    if nets_learned:
        reasons = (
            "No model that is not a neural network was surely better than guessing;"
            " networks were.",
        )
        sentence = f"Use the neural network {net!r}."
        said = reasons if standings.baselines else ()
        return _Choice("net", net, "not tested", sentence, said)
    return _Choice(
        "nothing",
        "dummy",
        "not tested",
        "Use none of these models: none was surely better than always giving the same"
        " answer.",
        (
            "As nothing surely learned anything, differences between nets were not"
            " tested. The columns may not tell the target, or there are too few rows.",
        ),
    )


def _why_no_net(against: ArmDifference, called: str, score: Score, terms: Terms) -> str:
    """Say why a baseline is used where networks learned; empty where a net is."""
    mean, _, high = _gain(against, terms)
    size = amount(mean, score)
    rather = f"Use {called} rather than a neural network"
    on_average = (
        f"{rather}: on average the networks were about {size} worse, though that may be"
        " chance."
    )
    if against.verdict == "worse":
        return f"{rather}: the networks are really worse, by about {size}."
    if high <= terms.margin:
        if high <= 0:
            return on_average
        return (
            f"{rather}: the networks are at most {amount(high, score)} better,"
            f" and less than {amount(terms.margin, score)} does not matter."
        )
    if against.verdict != "better" and mean <= 0:
        no_better = f"{rather}: on average the networks were no better."
        return on_average if mean < 0 else no_better
    return ""


def _why_a_net(
    net: str, called: str, against: ArmDifference, score: Score, terms: Terms
) -> str:
    """Say by how much networks are better than the best baseline."""
    size = amount(_gain(against, terms)[0], score)
    if against.verdict == "better":
        return (
            f"Use the neural network {net!r}: networks are really better than"
            f" {called}, by about {size}."
        )
    return (
        f"Use the neural network {net!r}: networks were about {size} better"
        f" than {called}, though that may be chance."
    )


def _why_this_net(net: str, best: str, num_tied: int) -> str:
    if net == best:
        return (
            f"{net!r} has the best mean score of the nets, and none as good is simpler."
        )
    return (
        f"{best!r} has the best mean score; of the {num_tied} nets that cannot be told"
        f" from it {net!r} is the simplest."
    )


def _optimism_text(standings: Standings, net: str, score: Score, terms: Terms) -> str:
    """Say by how much choosing on the judged rows may flatter the net."""
    difference = float(standings.scores[net].mean() - standings.chosen.mean())
    optimism = difference if terms.higher_is_better else -difference
    if optimism > 0:
        return (
            "It was chosen on the rows that it is judged on, so that its score is"
            " somewhat too good: networks chosen on validation rows alone scored"
            f" {_value(float(standings.chosen.mean()), score)},"
            f" {amount(optimism, score)} worse."
        )
    return (
        "Choosing on validation rows alone brought a score no worse, so that choosing"
        " on the judged rows did not flatter it."
    )


def _rival(baselines: Mapping[str, np.ndarray], terms: Terms) -> str:
    """Return the simplest baseline that cannot be distinguished from the best one."""
    return not_surely_worse(baselines, best_of(baselines, terms), terms)[0]


def _gain(against: ArmDifference, terms: Terms) -> tuple[float, float, float]:
    """Return how much better the net is than the baseline, with its interval."""
    found = against.estimate
    if terms.higher_is_better:
        return found.estimate, found.low, found.high
    return -found.estimate, -found.high, -found.low


def _value(value: float, score: Score) -> str:
    """Return a score as people read it."""
    percent = " %" if score.factor == 100 else ""
    return f"{value * score.factor:.4g}{percent}"
