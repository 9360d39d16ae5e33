"""Find the statements that a question in plain words is about.

The page carries the index and its script adds up the same points, so that both rank
alike: stop words are dropped, words are cut to their stems, rare words count for more,
and words of a statement for more than words of its answer or of its reasons.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ablations.claims.registry import chapter_words, chapters
from ablations.judging.verdict import Verdict

WORD = re.compile(r"[a-z0-9]+")
STOP_WORDS = frozenset(
    "a about against all also always an and any are as at be because been being"
    " but by can could did do does doing done ever everything for from get gets"
    " got has have help how i if in into is it its just like make makes matter me"
    " much my no not of on one only or our please really say says should so some"
    " such tell than that the their them then there these they thing things this"
    " those to too true up use used using very want was way we were what when"
    " where whether which while who why will with without would you your".split()
)
ENDINGS = (
    *("ations", "ation", "ating", "ates", "ated", "ate", "able", "ings", "ing", "ers"),
    *("er", "ies", "es", "ed", "ly", "s", "e"),
)
"""What is cut off the end of a word, the longest first."""

SHORTEST_STEM = 3
SYNONYMS = {
    "backprop": "backpropagation",
    "batchnorm": "batch norm",
    "bn": "batch norm",
    "blow": "explode",
    "blowing": "explode",
    "committee": "ensemble",
    "computation": "compute",
    "cure": "solve",
    "depth": "deep",
    "devices": "hardware",
    "exclusive": "xor",
    "explosion": "explode",
    "fix": "solve",
    "gd": "gradient descent",
    "generalise": "generalize",
    "glorot": "xavier",
    "gpu": "hardware",
    "init": "initialization",
    "kaiming": "he",
    "lr": "learning rate",
    "memorize": "overfit",
    "net": "network",
    "neuron": "unit",
    "node": "unit",
    "normalization": "norm",
    "parallelize": "parallel",
    "remedy": "solve",
    "residual": "skip",
    "resnet": "skip",
    "ridge": "l2",
    "shortcut": "skip",
    "shrink": "decay",
    "width": "wide",
}
"""Words that are asked for, and those that the statements use instead."""

WEIGHTS = {"statement": 60, "id": 25, "answer": 18, "mechanism": 8}
"""Points for a word, by where it stands."""

COVERED = 40
"""Points for every word of a question that a statement has, wherever it has it."""

LEAST_ALIKE = 0.6
"""How much of its pairs of letters a misspelled word shares with the word it means."""


def cut(word: str) -> str:
    """Return the stem of a word: `vanishing` and `vanish` are one."""
    word = re.sub(r"is(?=(?:ations?|e|ed|ing|ers?)$)", "iz", word)
    for ending in ENDINGS:
        is_plural = ending != "s" or not word.endswith(("ss", "us", "is"))
        if word.endswith(ending) and is_plural:
            if len(word) - len(ending) >= SHORTEST_STEM:
                word = word[: -len(ending)]
                if word[-1] == word[-2] and word[-1] not in "lsz":
                    word = word[:-1]
                break
    is_long = len(word) > SHORTEST_STEM
    return word[:-1] if word.endswith("y") and is_long else word


STANDS_FOR = {
    cut(word): tuple(cut(other) for other in words.split())
    for word, words in SYNONYMS.items()
}


def stems(text: str) -> list[str]:
    """Return the stems of the words of a text that mean something, in their order."""
    found: list[str] = []
    for word in WORD.findall(text.lower()):
        if word not in STOP_WORDS and (len(word) > 1 or word.isdigit()):
            stem = cut(word)
            found += STANDS_FOR.get(stem, (stem,))
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Index:
    """Which words stand in which statements.

    Attributes:
        ids: The claims, in their order.
        rows: Their inventory rows, in lower case.
        points: By stem, the places of claims that have it and the points it gives.
    """

    ids: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    points: Mapping[str, Sequence[tuple[int, int]]]

    def record(self) -> dict[str, Any]:
        """Return what the script of the page needs to rank as `rank` does."""
        return {
            "ids": self.ids,
            "rows": self.rows,
            "points": self.points,
            "stop": sorted(STOP_WORDS),
            "endings": ENDINGS,
            "synonyms": STANDS_FOR,
            "shortest": SHORTEST_STEM,
            "covered": COVERED,
            "alike": LEAST_ALIKE,
        }


def make_index(verdicts: Sequence[Verdict]) -> Index:
    """Return the index of statements, answers and reasons."""
    weights = [_weights(verdict) for verdict in verdicts]
    number_with: dict[str, int] = {}
    for stem in (stem for each in weights for stem in each):
        number_with[stem] = number_with.get(stem, 0) + 1
    points: dict[str, list[tuple[int, int]]] = {
        stem: [] for stem in sorted(number_with)
    }
    for place, each in enumerate(weights):
        for stem, weight in each.items():
            rarity = math.log(1 + len(verdicts) / number_with[stem])
            points[stem].append((place, round(weight * rarity)))
    return Index(
        tuple(verdict.id for verdict in verdicts),
        tuple(tuple(row.lower() for row in v.rows) for v in verdicts),
        points,
    )


def _weights(verdict: Verdict) -> dict[str, float]:
    """Return the weight of every stem of a verdict; long statements share theirs."""
    found: dict[str, float] = {}
    for field, weight in WEIGHTS.items():
        inside = stems(getattr(verdict, field).replace("_", " "))
        share = weight / (1 + len(inside) / 30)
        for stem in inside:
            found[stem] = max(found.get(stem, 0.0), share) + 0.2 * min(
                found.get(stem, 0.0), share
            )
    return found


def rank(index: Index, question: str) -> list[str]:
    """Return the claims that a question may be about, the best first.

    The id of a claim or an inventory row is an answer of its own. The list is empty
    where no word of the question stands anywhere, even misspelled.
    """
    asked = question.strip().lower()
    named = [
        claim
        for claim, rows in zip(index.ids, index.rows, strict=True)
        if asked == claim or asked in rows
    ]
    if named:
        return named
    score: dict[int, int] = {}
    for stem in stems(question):
        known = stem if stem in index.points else closest(stem, index.points)
        for place, points in index.points.get(known, ()):
            score[place] = score.get(place, 0) + points + COVERED
    return [index.ids[p] for p in sorted(score, key=lambda p: (-score[p], p))]


def closest(stem: str, known: Iterable[str]) -> str:
    """Return the known stem that a misspelled one is most like, empty for none."""
    best, most = "", LEAST_ALIKE
    mine = _pairs(stem)
    for other in known:
        theirs = _pairs(other)
        alike = 2 * len(mine & theirs) / (len(mine) + len(theirs))
        if alike > most:
            best, most = other, alike
    return best


def _pairs(word: str) -> set[str]:
    """Return the pairs of neighboring letters of a word, its ends marked."""
    marked = f"^{word}$"
    return {marked[place : place + 2] for place in range(len(marked) - 1)}


@dataclass(frozen=True)
class Asked:
    """What a question brings up.

    Attributes:
        hits: The verdicts that answer it best, the best first.
        is_about: Whether they are about it; else they are what others ask for.
    """

    hits: tuple[Verdict, ...]
    is_about: bool


def ask(question: str, verdicts: Sequence[Verdict], most: int = 3) -> Asked:
    """Return the verdicts that answer a question, at most so many, and never none.

    Args:
        question: In the words of whoever asks.
        verdicts: Those that stand, in the order of the claims.
        most: How many to return at most.
    """
    by_id = {verdict.id: verdict for verdict in verdicts}
    found = rank(make_index(verdicts), question)
    usual = [claim for claim in examples().values() if claim in by_id]
    chosen = found or usual or list(by_id)
    return Asked(tuple(by_id[claim] for claim in chosen[:most]), bool(found))


def examples() -> dict[str, str]:
    """Return questions as people ask them, and the claims that they are about."""
    told = (chapter_words(name) for name in chapters())
    return {q: claim for words in told if words for q, claim in words.examples.items()}
