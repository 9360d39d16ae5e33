"""Train what an oracle of KerasTuner proposes as stacks, and keep it as it ends."""

from __future__ import annotations

import contextlib
import itertools
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import keras
import keras_tuner
import numpy as np
from threadpoolctl import threadpool_limits

from ablations.running.jobs import Executor, Failure
from ablations.store.whole_file import PREFIX, finish, write_whole
from ablations.tasks.data import Data
from ablations.tuner.folder import ORACLE, TUNER
from ablations.tuner.oracles import BatchBayesianOracle
from ablations.tuner.stacks import (
    Families,
    Judging,
    PlannedTrial,
    train_stacks,
    train_trials,
)
from ablations.tuner.trained import FILE_NAME, TrainedTrial, read_trained
from models.config import MLPConfig, one_of, requirement
from models.hypermodel import MLPHyperModel
from models.search_space import Range, SearchSpace, configure

BATCH = 256
"""Trials asked for at a time where no proposal depends on a score."""

BAYESIAN_BATCH = 16
"""Trials asked for at a time from the Gaussian process, by the same scores."""

NUM_MODELS = 3
"""Best trials whose weights are written to the project."""

STRUCTURE = ("activation", "depth", "width", "batch_norm", "skip")
"""Fields of a search space that decide the layers of a network."""

Report = Callable[[int, int, float | None], None]


class StackTuner(keras_tuner.Tuner):
    """Search as any tuner of KerasTuner, but train many trials as one program.

    The oracle proposes a batch; trials that share optimizer and batch size are trained
    side by side, whatever their activation, width, depth, batch norm, dropout, penalty
    and learning rate; the scores go back to the oracle, which then proposes again.

    A trial is what `MLPHyperModel` would build and fit: the same starting
    distributions, batches drawn anew in every epoch, the last one short, and the
    metrics of its best epoch. There are four differences:

    - all trials start from the same seed, so that they differ by their values only;
    - a training loss is that of all rows after an epoch, not a mean on the way;
    - a trial whose loss or weights are not finite has failed, also where an earlier
      epoch was fine; failed trials never stop the search;
    - weights are kept at the lowest validation loss, whatever the objective.

    Hyperband's promoted trials go on from the weights of the trial before, with a fresh
    optimizer and rows in other orders.

    What a stack found is written when it ends, with the weights that are still needed.
    Another process goes on from there to the same trials; where one has died,
    `ablations.tuner.folder.repair` is to be called first.

    Args:
        oracle: Any oracle; those of `ablations.tuner.oracles` propose batches well.
        hypermodel: What is searched.
        seed: First weights, masks and batches of every trial.
        batch: Trials to ask for at a time; None asks as the oracle permits.
        patience: Epochs without a lower validation loss after which a trial ends.
        num_models: Best trials whose weights are written for `get_best_models`.
        **kwargs: `directory`, `project_name`, `overwrite`, `executions_per_trial` and
            what else `keras_tuner.Tuner` takes.
    """

    def __init__(
        self,
        oracle: keras_tuner.Oracle,
        hypermodel: MLPHyperModel,
        *,
        seed: int = 0,
        batch: int | None = None,
        patience: int | None = None,
        num_models: int = NUM_MODELS,
        **kwargs: Any,
    ) -> None:
        """Declare the space, or reload a project; see the class."""
        if not isinstance(hypermodel, MLPHyperModel):
            raise requirement("hypermodel", "must be an MLPHyperModel", hypermodel)
        oracle.verbose = 0
        self.seed, self.batch, self.patience = seed, batch, patience
        self.num_models = num_models
        self.costs: dict[str, dict[str, float]] = {}
        self._kept: dict[str, TrainedTrial] = {}
        self._written: dict[str, str] = {}
        self._train_alone: Callable[[Any], TrainedTrial] | None = None
        self._families = Families(networks(hypermodel.base, hypermodel.space))
        super().__init__(oracle, hypermodel, **kwargs)
        # Files are found in any order, and a Gaussian process would depend on it.
        oracle.trials = {name: oracle.trials[name] for name in oracle.start_order}

    def get_state(self) -> dict[str, Any]:
        """Return what an import or a restart needs and an oracle does not write."""
        objective, trials = self.oracle.objective, self.oracle.trials
        return {
            "objective": objective.name,
            "direction": objective.direction,
            "sizes": self._families.get_sizes(),
            "values": {n: t.hyperparameters.values for n, t in trials.items()},
            "costs": self.costs,
        }

    def set_state(self, state: dict[str, Any]) -> None:
        """Take up what another process has written."""
        self._families.set_sizes(state.get("sizes", ()))
        self.costs = state.get("costs", {})

    def save(self) -> None:
        """Write the state; that of the oracle comes last, since it is what counts."""
        folder = Path(self.project_dir)
        write_whole(folder / TUNER, json.dumps(self.get_state()))
        write_whole(folder / ORACLE, json.dumps(self.oracle.get_state()))

    def search(
        self,
        x: np.ndarray,
        y: np.ndarray,
        *,
        validation_data: tuple[np.ndarray, np.ndarray],
        epochs: int,
        report: Report | None = None,
    ) -> None:
        """Search until the oracle stops.

        Args:
            x: Inputs of the training rows `[N, D]`.
            y: Targets of the training rows `[N, K]`.
            validation_data: Inputs and targets that score the trials.
            epochs: Epochs of a trial, unless the oracle chooses them.
            report: Called after every stack with the number of trials that have ended,
                of those that failed, and the best score so far.
        """
        self.search_folds([Data(x, y, *validation_data)], epochs=epochs, report=report)

    def search_folds(
        self,
        folds: Sequence[Data],
        *,
        epochs: int,
        report: Report | None = None,
        executor: Executor | None = None,
    ) -> None:
        """Search until the oracle stops; a trial is trained on every fold.

        Args:
            folds: Rows to train on and to score by, all of the same shapes; the score
                of a trial is its mean over them.
            epochs: As in `search`.
            report: As in `search`.
            executor: Who trains; this thread if None.
        """
        seeds = [self.seed + i for i in range(self.executions_per_trial)]
        settings = (self._families, folds, self._judging(), seeds)

        def train_alone(trial: Any) -> TrainedTrial:
            return train_trials([self._plan(trial, epochs)], *settings)[0]

        self._train_alone = train_alone
        trials = self._begun()
        while trials or (trials := self._ask()):
            planned = [self._plan(trial, epochs) for trial in trials]
            started = time.perf_counter()
            for places, results in train_stacks(planned, *settings, executor):
                seconds = (time.perf_counter() - started) / len(places)
                with _unwritten(self.oracle):
                    if isinstance(results, Failure):
                        for place in places:
                            self._fail(trials[place], results.reason)
                        results = []
                    for place, result in zip(places, results, strict=False):
                        trained = planned[place].num_before + result.num_epochs
                        costs = {"epochs": trained, "seconds": round(seconds, 4)}
                        self.costs[trials[place].trial_id] = costs
                        self._end(trials[place], result)
                self._commit(trials)
                if report:
                    report(*self._progress())
                started = time.perf_counter()
            trials = []
        self._save_models()

    def _begun(self) -> list[Any]:
        """Return the trials that another process asked for and did not end."""
        oracle = self.oracle
        ended = set(oracle.end_order)
        trials = [t for name, t in oracle.trials.items() if name not in ended]
        # KerasTuner would give them back in reverse, one by one.
        oracle._retry_queue = []
        oracle.ongoing_trials = {self._tuner(i): t for i, t in enumerate(trials)}
        return trials

    def _tuner(self, place: int) -> str:
        """Return the name of a tuner; several trials at once need several."""
        return f"{self.tuner_id}_{place}"

    def _ask(self) -> list[Any]:
        """Return the trials that the oracle proposes before it needs their scores."""
        trials = []
        # The matrices of a Gaussian process are too small for several threads.
        with threadpool_limits(1), _unwritten(self.oracle):
            for place in range(self.batch or self._natural_batch()):
                trial = self.oracle.create_trial(self._tuner(place))
                if trial.status != "RUNNING":
                    break
                trials.append(trial)
        return trials

    def _natural_batch(self) -> int:
        oracle = self.oracle
        if isinstance(oracle, BatchBayesianOracle):
            missing = oracle.initial_points - len(oracle.end_order)
            return missing if missing > 0 else BAYESIAN_BATCH
        if isinstance(oracle, keras_tuner.oracles.BayesianOptimizationOracle):
            return BAYESIAN_BATCH
        return BATCH

    def _plan(self, trial: Any, epochs: int) -> PlannedTrial:
        """Return what a trial trains, as its values say."""
        hp = trial.hyperparameters
        values = self.hypermodel.space.declare(hp)
        before = hp.values.get("tuner/trial_id")
        start = self._trained(before) if before else None
        num_before = hp.values["tuner/initial_epoch"] if start else 0
        return PlannedTrial(
            config=configure(self.hypermodel.base, values),
            optimizer=values["optimizer"],
            learning_rate=values["learning_rate"],
            batch_size=values["batch_size"],
            num_epochs=hp.values.get("tuner/epochs", epochs) - num_before,
            num_before=num_before,
            weights=start.weights if start else None,
        )

    def _trained(self, name: str) -> TrainedTrial | None:
        """Return what a trial found: kept here, or in a file, or trained again."""
        found = self._kept.get(name) or read_trained(self._weights_path(name))
        if found is None and self._train_alone is not None:
            found = self._train_alone(self.oracle.trials[name])
        return found

    def _weights_path(self, name: str) -> Path:
        return Path(self.project_dir) / f"trial_{name}" / FILE_NAME

    def _judging(self) -> Judging:
        objective = self.oracle.objective
        names = ("loss", *self.hypermodel.metrics)
        metrics = (*names, *(f"val_{name}" for name in names))
        return Judging(
            loss=self.hypermodel.loss,
            metrics=metrics,
            objective=one_of("objective", objective.name, metrics),
            higher_is_better=objective.direction == "max",
            patience=self.patience,
        )

    def _end(self, trial: Any, result: TrainedTrial) -> None:
        """Tell the oracle what became of a trial."""
        objective = self.oracle.objective.name
        if result.diverged_at >= 0 or not np.all(
            np.isfinite(result.metrics[objective])
        ):
            updates = max(result.diverged_at, 0)
            self._fail(trial, f"Diverged: not finite after {updates} updates.")
        else:
            means = {name: float(np.mean(v)) for name, v in result.metrics.items()}
            step = int(np.mean(result.best_epochs))
            self.oracle.update_trial(trial.trial_id, means, step=step)
            trial.status = "COMPLETED"
            self._kept[trial.trial_id] = result
            self.oracle.end_trial(trial)

    def _fail(self, trial: Any, why: str) -> None:
        """Tell the oracle that a trial has failed."""
        trial.status, trial.message = "FAILED", why
        self.oracle.end_trial(trial)

    def _commit(self, trials: Sequence[Any]) -> None:
        """Write what has ended, then the state, and drop weights no longer needed."""
        needed = self._needed()
        for trial in trials:
            name = trial.trial_id
            if self._written.get(name) == trial.status:
                continue
            place = Path(self.get_trial_dir(name))
            if name in needed and name in self._kept:
                write_whole(place / FILE_NAME, self._kept[name].to_bytes())
            write_whole(place / "trial.json", json.dumps(trial.get_state()))
            self._written[name] = trial.status
        self.save()
        self._kept = {name: kept for name, kept in self._kept.items() if name in needed}
        for path in Path(self.project_dir).glob(f"trial_*/{FILE_NAME}"):
            if path.parent.name.removeprefix("trial_") not in needed:
                path.unlink()

    def _needed(self) -> set[str]:
        """Return trials whose weights the best models or further trials need."""
        oracle = self.oracle
        best = oracle.get_best_trials(self.num_models)
        running = [t for t in oracle.trials.values() if t.status == "RUNNING"]
        # KerasTuner's Hyperband loads what a trial went on from before the trial.
        starts = (
            t.hyperparameters.values.get("tuner/trial_id") for t in (*best, *running)
        )
        needed = {t.trial_id for t in best} | set(filter(None, starts))
        for bracket in getattr(oracle, "_brackets", ()):
            needed |= {one["id"] for rung in bracket["rounds"] for one in rung}
        return needed

    def _progress(self) -> tuple[int, int, float | None]:
        ended = self.oracle.end_order
        failed = sum(self.oracle.trials[name].status == "FAILED" for name in ended)
        return len(ended), failed, self.oracle.get_best_trials()[0].score

    def _save_models(self) -> None:
        """Write the weights of the best trials where KerasTuner looks for them."""
        best = self._best()
        before = (t.hyperparameters.values.get("tuner/trial_id") for t in best)
        trials = [*best, *(self.oracle.trials[name] for name in before if name)]
        for trial in trials:
            path = Path(self._get_checkpoint_fname(trial.trial_id))
            if path.exists():
                continue
            model = self._model_of(trial)
            build = Path(self._get_build_config_fname(trial.trial_id))
            write_whole(build, json.dumps(model.get_build_config()))
            unfinished = path.with_name(f"{PREFIX}{path.name}")
            model.save_weights(unfinished)
            finish(unfinished, path)

    def _best(self) -> list[Any]:
        best = self.oracle.get_best_trials(self.num_models)
        return [trial for trial in best if trial.status == "COMPLETED"]

    def best_models(self) -> list[keras.Model]:
        """Return the models of the best trials, each of its best training.

        Unlike `get_best_models`, this needs no folder where this process searched.
        """
        return [self._model_of(trial) for trial in self._best()]

    def fold_models(self) -> list[keras.Model]:
        """Return the models of the best trial, one per fold, of its best execution."""
        (trial, *_) = self._best()
        number = self.executions_per_trial
        num_runs = len(self._trained(trial.trial_id).best_epochs)
        return [
            self._model_of(trial, slice(first, first + number))
            for first in range(0, num_runs, number)
        ]

    def _model_of(self, trial: Any, runs: slice = slice(None)) -> keras.Model:
        """Return the model of a trial with the weights of its best of some trainings.

        Where nothing was kept of a trial, KerasTuner's file is read.
        """
        found = self._trained(trial.trial_id)
        if found is None:
            return self.load_model(trial)
        scores = found.metrics[self.oracle.objective.name][runs]
        pick = np.argmax if self.oracle.objective.direction == "max" else np.argmin
        model = self.hypermodel.build(trial.hyperparameters)
        config = self.hypermodel.config(trial.hyperparameters)
        weights = found.weights[runs][int(pick(scores))]
        own = self._families.of(config).own_weights(config, weights)
        for variable in model.weights:
            if variable.path in own:
                variable.assign(own[variable.path])
        return model


@contextlib.contextmanager
def _unwritten(oracle: keras_tuner.Oracle) -> Iterator[None]:
    """Let an oracle write nothing, which it does five times per trial.

    What is on disk is then the state after the last stack, whole.
    """
    oracle.save = oracle._save_trial = lambda *_: None
    try:
        yield
    finally:
        del oracle.save, oracle._save_trial


def networks(base: MLPConfig, space: SearchSpace) -> Iterable[MLPConfig]:
    """Yield networks in which every choice of a space occurs that makes a structure."""
    for chosen in itertools.product(*(getattr(space, field) for field in STRUCTURE)):
        values = dict(zip(STRUCTURE, chosen, strict=True))
        values["initializer"] = space.initializer[0]
        for field in ("dropout", "l2"):
            choices = getattr(space, field)
            is_range = isinstance(choices, Range)
            values[field] = choices.high if is_range else max(choices)
        yield configure(base, values)
