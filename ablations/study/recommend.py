"""Say what to use: the simplest net that is not worse, a baseline, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ablations.study.analysis import (
    Comparison,
    Terms,
    compare,
    corrected_error,
    judge_family,
    mean_and_interval,
)
from ablations.study.result import Recommendation, Score

CHOSEN_NET = "net chosen by validation"
"""Name of the scores of the net that is best on each split's validation rows."""


@dataclass(frozen=True)
class Evidence:
    """Hold what a recommendation rests on.

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
    against_baselines: Mapping[str, Comparison]
    rates: Mapping[str, float]


def not_surely_worse(
    scores: Mapping[str, np.ndarray], best: str, terms: Terms
) -> list[str]:
    """Return the arms that cannot be told from the best one.

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


def recommend(evidence: Evidence, score: Score, terms: Terms) -> Recommendation:
    """Return what to use.

    Of the nets the simplest that is not surely worse than the best. A baseline in its
    place where the nets are surely no better than it, or not better on average. Nothing
    where neither nets nor baselines are surely better than guessing.
    """
    best = best_of(evidence.scores, terms)
    tied = not_surely_worse(evidence.scores, best, terms)
    tied.sort(key=lambda name: evidence.complexity[name])
    net = tied[0]
    reasons: list[str] = []
    nets_learned = any(evidence.learned[name] for name in evidence.scores)
    able = {k: v for k, v in evidence.baselines.items() if evidence.learned[k]}
    kind, name, verdict = "net", net, "not tested"
    if not nets_learned and not able:
        kind, name = "nothing", "dummy"
        sentence = (
            "Use no model of these: nothing was surely better than always giving the"
            " same answer."
        )
        reasons.append(
            "Neither a net nor a baseline was surely better than the dummy, so that"
            " differences between nets were not tested: the columns may not tell the"
            " target, or there are too few rows."
        )
    elif able:
        rival = _rival(able, terms)
        against = evidence.against_baselines[rival]
        verdict = against.verdict if nets_learned else "worse"
        mean, _, high = _gain(against, terms)
        if not nets_learned:
            kind, name = "baseline", rival
            sentence = f"Use the {rival} and no net: no net surely learned anything."
        elif verdict == "worse" or high <= terms.margin:
            kind, name = "baseline", rival
            sentence = (
                f"Use the {rival} and no net: the nets are worse, or better by no more"
                f" than the {_shown(terms.margin, score)} that matter."
            )
        elif verdict != "better" and mean <= 0:
            kind, name = "baseline", rival
            sentence = (
                f"Use the {rival}: no net was better than it on average, though that is"
                " not sure."
            )
        else:
            sentence = f"Use the net {net!r}."
        reasons.append(text_of(CHOSEN_NET, rival, against, score))
    else:
        sentence = f"Use the net {net!r}."
        reasons.append("No baseline was surely better than guessing, nets were.")
    if kind == "net":
        others = len(tied) - 1
        if net == best:
            reasons.append("It has the best mean score and none as good is simpler.")
        else:
            reasons.append(
                f"{best!r} has the best mean score; {net!r} is the simplest of the"
                f" {others + 1} nets that cannot be told from it."
            )
        optimism = _optimism(evidence, net, terms)
        reasons.append(
            "It was chosen on the rows that it is judged on, so that its score is"
            f" somewhat too good. Nets chosen on validation rows alone scored"
            f" {_value(float(evidence.chosen.mean()), score)}"
            f" ({_shown(optimism, score)} less good)."
            if optimism > 0
            else "Choosing by validation rows alone brought a score no less good, so"
            " that choosing on the judged rows did not flatter it."
        )
    values = {**evidence.baselines, "dummy": evidence.dummy, **evidence.scores}[name]
    mean, low, high = mean_and_interval(
        values, terms.test_to_train, is_share=score.is_share
    )
    return Recommendation(
        kind=kind,
        name=name,
        learning_rate=evidence.rates[net] if kind == "net" else None,
        score=mean,
        low=low,
        high=high,
        honest_score=float(evidence.chosen.mean()),
        best=best,
        not_surely_worse=tuple(tied),
        better_than_baseline=verdict,
        sentence=sentence,
        reasons=tuple(reasons),
    )


def _rival(baselines: Mapping[str, np.ndarray], terms: Terms) -> str:
    """Return the simplest baseline that cannot be told from the best one."""
    return not_surely_worse(baselines, best_of(baselines, terms), terms)[0]


def _gain(against: Comparison, terms: Terms) -> tuple[float, float, float]:
    """Return how much better the net is than the baseline, with its interval."""
    found = against.estimate
    if terms.higher_is_better:
        return found.estimate, found.low, found.high
    return -found.estimate, -found.high, -found.low


def _optimism(evidence: Evidence, net: str, terms: Terms) -> float:
    """Return by how much choosing on the judged rows may flatter the net."""
    difference = float(evidence.scores[net].mean() - evidence.chosen.mean())
    return difference if terms.higher_is_better else -difference


def _shown(difference: float, score: Score) -> str:
    """Return a difference as people read it."""
    return f"{difference * score.factor:.3g} {score.unit}"


def _value(value: float, score: Score) -> str:
    """Return a score as people read it."""
    percent = " %" if score.factor == 100 else ""
    return f"{value * score.factor:.4g}{percent}"


def text_of(arm: str, reference: str, one: Comparison, score: Score) -> str:
    """Say what a comparison came to, in one sentence."""
    found, factor = one.estimate, score.factor
    ends = f"difference {found.estimate * factor:+.3g} {score.unit}, 95 % interval"
    ends += f" {found.low * factor:+.3g} to {found.high * factor:+.3g},"
    ends += f" n = {len(one.differences)} splits"
    against = f"{arm} against {reference}"
    if one.verdict in ("better", "worse"):
        return f"{against}: {one.verdict}, a real difference ({ends})."
    if one.verdict == "same":
        margin = _shown(score.margin, score)
        return f"{against}: the same, surely within {margin} ({ends})."
    if one.verdict == "not tested":
        return f"{against}: not tested, as neither was surely better than guessing."
    return f"{against}: within noise ({ends})."
