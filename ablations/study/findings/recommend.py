"""Say what to use: the simplest model that nothing beats, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ablations.study.findings.analysis import (
    ROUNDING,
    ArmDifference,
    Terms,
    difference,
    judge_family,
    mean_and_interval,
)
from ablations.study.findings.result import Recommendation
from ablations.study.findings.sentences import model_name, text_of
from ablations.study.settings.score import Score, about, amount

Against = Mapping[tuple[str, str], ArmDifference]
"""Judged comparison of every net with every baseline, by their names."""


@dataclass(frozen=True)
class Standings:
    """What a recommendation rests on.

    Attributes:
        nets: Value of every test `[L]` by net, the reference first.
        baselines: The same by baseline, without the dummy, simple first.
        dummy: The same of the dummy.
        chosen: Test scores of the net chosen anew in every split `[J]`.
        learned: Whether a net or baseline is surely better than the dummy.
        complexity: What nets are ordered by, simple first.
        against: Comparison of every net with every baseline, judged together.
        rates: Median of the learning rates chosen for every net.
    """

    nets: Mapping[str, np.ndarray]
    baselines: Mapping[str, np.ndarray]
    dummy: np.ndarray
    chosen: np.ndarray
    learned: Mapping[str, bool]
    complexity: Mapping[str, tuple[float, ...]]
    against: Against
    rates: Mapping[str, float]


@dataclass(frozen=True)
class Choice:
    """Which models stand for what.

    Attributes:
        kind: `net`, `baseline` or `nothing`.
        name: What to use; the dummy for nothing.
        net: The net to use, or that would be used if only nets were there.
        best: Net with the best mean.
        tied: Nets that cannot be told from `best`, simple first.
        rival: Baseline that the net is compared with, None where none learned.
    """

    kind: str
    name: str
    net: str
    best: str
    tied: tuple[str, ...]
    rival: str | None


def not_surely_worse(
    values: Mapping[str, np.ndarray], best: str, terms: Terms
) -> list[str]:
    """Return the models that cannot be distinguished from the best one.

    Those that are not surely worse, adjusted for all of them, and whose mean lies
    within one standard error of the best, or within the margin: with few rows hardly
    anything is surely worse.
    """
    others = [name for name in values if name != best]
    family = [difference(values[name], values[best]) for name in others]
    judged = judge_family(family, terms, [True] * len(others))
    kept = {best}
    for name, one in zip(others, judged, strict=True):
        near = abs(one.estimate.estimate) <= max(one.error, terms.margin)
        if one.verdict != "worse" and near:
            kept.add(name)
    return [name for name in values if name in kept]


def best_of(values: Mapping[str, np.ndarray], terms: Terms) -> str:
    """Return the model with the best mean, the first of equals."""
    names = list(values)
    best = names[0]
    for name in names[1:]:
        if _is_ahead(values[name], values[best], terms):
            best = name
    return best


def _is_ahead(one: np.ndarray, other: np.ndarray, terms: Terms) -> bool:
    """Return whether a mean is better than another one, beyond rounding."""
    ours, theirs = terms.mean(one), terms.mean(other)
    return terms.gain(ours - theirs) > ROUNDING * max(abs(ours), abs(theirs))


def simplest(
    values: Mapping[str, np.ndarray], candidates: Sequence[str], terms: Terms
) -> str:
    """Return the first candidate that no simpler model has a better mean than.

    Args:
        values: Value of every test `[L]`, simple models first.
        candidates: Names of some of them, in the same order, the best one among them.
        terms: Which way is better.
    """
    names = list(values)
    return next(
        name
        for name in candidates
        if not any(
            _is_ahead(values[simple], values[name], terms)
            for simple in names[: names.index(name)]
        )
    )


def choose(standings: Standings, terms: Terms) -> Choice:
    """Choose what to use.

    Of all models that learned anything, ordered from simple to complex (baselines
    first), the simplest that cannot be told from the best one and that no simpler one
    has a better mean than. A baseline that a net is surely better than is out.
    """
    nets = {
        name: standings.nets[name]
        for name in sorted(standings.nets, key=lambda name: standings.complexity[name])
    }
    best = best_of(nets, terms)
    tied = tuple(not_surely_worse(nets, best, terms))
    able = {k: v for k, v in standings.baselines.items() if standings.learned[k]}
    taught = {name: one for name, one in nets.items() if standings.learned[name]}
    if not able and not taught:
        return Choice("nothing", "dummy", simplest(nets, tied, terms), best, tied, None)
    beaten = {
        baseline
        for baseline in able
        if any(standings.against[net, baseline].verdict == "better" for net in taught)
    }
    everything = {**able, **taught}
    ahead = best_of(everything, terms)
    candidates = [
        name
        for name in not_surely_worse(everything, ahead, terms)
        if name not in beaten or name == ahead
    ]
    name = simplest(everything, candidates, terms)
    if name in able:
        learned_nets = [one for one in tied if one in taught] or list(tied)
        return Choice(
            "baseline", name, simplest(nets, learned_nets, terms), best, tied, name
        )
    rival = best_of(able, terms) if able else None
    return Choice("net", name, name, best, tied, rival)


def recommend(
    standings: Standings, choice: Choice, score: Score, terms: Terms
) -> Recommendation:
    """Return what to use, and why, in words."""
    is_net = choice.kind == "net"
    against: ArmDifference | None = None
    reasons: tuple[str, ...] = ()
    if choice.rival is not None:
        against = standings.against[choice.net, choice.rival]
        called = model_name(choice.rival, score)
        reasons = (text_of(f"The network {choice.net!r}", called, against, score),)
    sentence = _sentence(choice, against, standings, score, terms)
    if choice.kind == "nothing":
        reasons = (
            "As nothing surely learned anything, differences between nets were not"
            " tested. The columns may not tell the target, or there are too few rows.",
        )
    elif is_net:
        if against is None and standings.baselines:
            reasons = (
                "No model that is not a neural network was surely better than guessing;"
                " networks were.",
            )
        reasons += (
            _why_this_net(choice),
            _optimism_text(standings, choice.name, score, terms),
        )
    values = {**standings.baselines, "dummy": standings.dummy, **standings.nets}
    mean, low, high = mean_and_interval(
        values[choice.name], terms, is_share=score.is_share
    )
    return Recommendation(
        kind=choice.kind,
        name=choice.name,
        learning_rate=standings.rates[choice.name] if is_net else None,
        score=mean,
        low=low,
        high=high,
        honest_score=float(standings.chosen.mean()),
        best=choice.best,
        not_surely_worse=choice.tied,
        better_than_baseline="not tested" if against is None else against.verdict,
        sentence=sentence,
        reasons=reasons,
    )


def _sentence(
    choice: Choice,
    against: ArmDifference | None,
    standings: Standings,
    score: Score,
    terms: Terms,
) -> str:
    if choice.kind == "nothing":
        return (
            "Use none of these models: none was surely better than always giving the"
            " same answer."
        )
    if against is None or choice.rival is None:
        return f"Use the neural network {choice.name!r}."
    called = model_name(choice.rival, score)
    if choice.kind == "net":
        return _why_a_net(choice.name, called, against, score, terms)
    rather = f"Use {called} rather than a neural network"
    if not any(standings.learned[name] for name in standings.nets):
        return f"{rather}: no network surely learned anything here."
    return f"{rather}: {_why_no_net(choice.net, against, score, terms)}"


def _why_no_net(net: str, against: ArmDifference, score: Score, terms: Terms) -> str:
    """Say why a baseline is used where networks learned."""
    mean = terms.gain(against.estimate.estimate)
    size = about(mean, score)
    if against.verdict == "worse":
        return f"the network {net!r} is really worse, by {size}."
    if mean < 0:
        return (
            f"on average the network {net!r} was {size} worse, though that may be"
            " chance."
        )
    if mean == 0:
        return f"the network {net!r} was no better, and it is simpler."
    if against.verdict == "same":
        return (
            f"the network {net!r} is surely less than {amount(terms.margin, score)}"
            " better, which does not matter."
        )
    return (
        f"the network {net!r} was {size} better, which may be chance, and at a"
        " tie the simpler model is to be used."
    )


def _why_a_net(
    net: str, called: str, against: ArmDifference, score: Score, terms: Terms
) -> str:
    """Say by how much the network is better than the best baseline."""
    mean = against.estimate.estimate
    if against.verdict == "better":
        return (
            f"Use the neural network {net!r}: it is really better than {called}, by"
            f" {about(mean, score)}."
        )
    return (
        f"Use the neural network {net!r}: it was {about(mean, score)} better"
        f" than {called}, though that may be chance."
    )


def _why_this_net(choice: Choice) -> str:
    if choice.name == choice.best:
        return (
            f"{choice.name!r} has the best mean score of the nets, and none as good is"
            " simpler."
        )
    return (
        f"{choice.best!r} has the best mean score; of the {len(choice.tied)} nets that"
        f" cannot be told from it {choice.name!r} is the simplest."
    )


def _optimism_text(standings: Standings, net: str, score: Score, terms: Terms) -> str:
    """Say by how much choosing on the judged rows may flatter the net."""
    anew = float(standings.chosen.mean())
    optimism = terms.gain(terms.mean(standings.nets[net]) - anew)
    if optimism > ROUNDING * abs(anew):
        return (
            "It was chosen on the rows that it is judged on, so that its score is"
            " somewhat too good: networks chosen on validation rows alone scored"
            f" {_value(anew, score)}, {amount(optimism, score)} worse."
        )
    return (
        "Choosing on validation rows alone brought a score no worse, so that choosing"
        " on the judged rows did not flatter it."
    )


def _value(value: float, score: Score) -> str:
    """Return a score as people read it."""
    percent = " %" if score.factor == 100 else ""
    return f"{value * score.factor:.4g}{percent}"
