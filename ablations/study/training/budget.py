"""Choose how long nets train, on validation rows: longer where the loss still falls."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ablations.running.heartbeat import Heartbeat
from ablations.running.jobs import Executor
from ablations.store.store import Store
from ablations.study.table.note import Note, quote_all
from ablations.study.training.net import MONITORED
from ablations.study.training.runs import (
    Candidate,
    choose_rates,
    lay_out,
    train_rates,
)
from ablations.study.training.setup import Setup

SHARE = 0.03
"""A loss still falls if the second half of a training took off more than this of it."""

LEAST = {"crossentropy": 0.01, "squared_error": 0.0}
"""And more than this, in nats: that of perfect answers falls for ever."""

SURE = 2.0
"""And more than so many standard errors over the splits."""

END = 8
"""One part in so many of a curve is averaged at its end, against noise."""


@dataclass(frozen=True)
class Tuned:
    """A study whose rates and epochs are chosen.

    Attributes:
        setup: The study, with the epochs that all nets train.
        places: Place of the chosen rate in every split `[J]`, by arm.
        trials: What rates were chosen by `[rates, J]`, by arm.
        num_trained: Runs that were trained for it, those of fewer epochs left out.
        notes: What a reader must know of the epochs.
    """

    setup: Setup
    places: dict[str, np.ndarray]
    trials: dict[str, np.ndarray]
    num_trained: int
    notes: tuple[Note, ...]


def tune(
    setup: Setup, store: Store, stream: Heartbeat, executor: Executor | None = None
) -> Tuned:
    """Train every arm at every rate, for more epochs while the loss still falls.

    First the reference alone is asked, since it tells most of what there is to know,
    then the reference and the best arm, once all are tuned. If a loss still falls, all
    arms get twice the epochs.
    """
    began, num_trained = setup.epochs, 0
    left = setup.config.num_doublings
    num_splits = len(setup.splits.folds)
    while True:
        falling: list[str] = []
        for arms in (setup.candidates[:1], setup.candidates):
            args = (num_splits, setup.work, store, stream, executor)
            num_trained += train_rates(arms, *args)
            places, trials = choose_rates(arms, num_splits, store.load)
            falling = [
                arm.name
                for arm in arms_to_ask(arms, trials)
                if _falls(arm, num_splits, store)
            ]
            if falling and left:
                break
        else:
            notes = describe_epochs(began, setup.epochs, falling)
            return Tuned(setup, places, trials, num_trained, notes)
        left, num_trained = left - 1, 0
        setup = with_epochs(setup, 2 * setup.epochs)
        stream.write(
            f"The validation loss of {quote_all(falling)} still falls: all nets train"
            f" for {setup.epochs} epochs.\n"
        )
        stream.flush()


def with_epochs(setup: Setup, epochs: int) -> Setup:
    """Return a study whose nets all train for so many epochs."""
    candidates = tuple(
        Candidate(c.name, tuple(net.replace(epochs=epochs) for net in c.nets))
        for c in setup.candidates
    )
    work = lay_out(candidates, len(setup.splits.folds), setup.config.seeds)
    return replace(setup, candidates=candidates, work=work, epochs=epochs)


def arms_to_ask(
    arms: tuple[Candidate, ...], trials: dict[str, np.ndarray]
) -> list[Candidate]:
    """Return the reference and the best arm, of those at a constant rate.

    Where the rate goes down to zero, the loss falls to the end however long that is.
    Losses of other targets, or of other weights, are no better or worse.
    """
    constant = [
        arm
        for arm in arms
        if arm.nets[0].recipe.schedule == "constant" and _loss(arm) == _loss(arms[0])
    ]
    means = [trials[arm.name].min(axis=0).mean() for arm in constant]
    best = constant[int(np.argmin(means))] if constant else None
    return [arm for arm in constant if arm is arms[0] or arm is best]


def _loss(arm: Candidate) -> tuple[str, str]:
    """Return what the validation loss of an arm is of."""
    recipe = arm.nets[0].recipe
    return recipe.target_transform, recipe.class_weight


def _falls(arm: Candidate, num_splits: int, store: Store) -> bool:
    """Return whether the validation loss of an arm still falls."""
    monitored = MONITORED[arm.nets[0].kind]
    name = f"curve.val_{monitored}"
    seeds = arm.tuning_seeds(num_splits)
    curves = [
        store.load(net.tuning().digest, seeds, [name]).arrays[name] for net in arm.nets
    ]
    return still_falls(np.array(curves), LEAST[monitored])


def still_falls(curves: np.ndarray, least: float) -> bool:
    """Return whether the second half of trainings took much off the loss.

    Both ends are those of the rate that is best there: where a larger rate is as good
    after half the epochs, more of them bring nothing.

    Args:
        curves: Validation loss after every epoch at every rate in every split
            `[rates, J, T]`.
        least: Smallest mean fall that counts, in the unit of the loss.
    """
    num_epochs = curves.shape[-1]
    width = max(1, num_epochs // END)
    middle = num_epochs // 2
    if not middle:
        return False
    ends = np.where(np.isfinite(curves), curves, np.inf)
    before = ends[..., max(0, middle - width) : middle].mean(axis=-1).min(axis=0)
    after = ends[..., -width:].mean(axis=-1).min(axis=0)
    known = np.isfinite(before) & np.isfinite(after)
    if known.sum() < 2:
        return False
    fall = before[known] - after[known]
    error = fall.std(ddof=1) / np.sqrt(len(fall))
    wanted = max(SHARE * before[known].mean(), least, SURE * error)
    return bool(fall.mean() > wanted)


def describe_epochs(began: int, epochs: int, falling: list[str]) -> tuple[Note, ...]:
    """Return what a reader must know of how long nets trained."""
    notes = []
    if epochs > began:
        text = (
            f"The validation loss still fell after {began} epochs, so that all nets"
            f" trained for {epochs}."
        )
        notes.append(Note("epochs_doubled", "info", text))
    if falling:
        text = (
            f"The validation loss of {quote_all(falling)} still fell after {epochs}"
            " epochs: nets may do better with more `epochs`."
        )
        notes.append(Note("loss_still_falls", "warning", text))
    return tuple(notes)
