"""Search with an oracle of KerasTuner, and train its proposals as stacks."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import keras_tuner
import numpy as np
from threadpoolctl import threadpool_limits

from ablations.tasks.data import Data
from ablations.tuner.oracles import BatchBayesianOracle, make_oracle
from ablations.tuner.project import check_project, read_project
from ablations.tuner.settings import LEVELS, OBJECTIVES, SearchConfig
from ablations.tuner.stacks import (
    Families,
    Judging,
    PlannedTrial,
    TrainedTrial,
    train_trials,
)
from models.config import ConfigError, MLPConfig, one_of, requirement
from models.hypermodel import LOSSES, MLPHyperModel
from models.search_space import Range, SearchSpace, configure

if TYPE_CHECKING:
    import pandas as pd

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

    Hyperband's promoted trials go on from the weights that this process has kept, with
    a fresh optimizer and rows in other orders. After a restart these are gone, and the
    trial is trained from its first epoch.

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
        self._kept: dict[str, TrainedTrial] = {}
        super().__init__(oracle, hypermodel, **kwargs)
        self._families = Families(networks(hypermodel.base, hypermodel.space))

    def get_state(self) -> dict[str, Any]:
        """Return what an import of the project needs and an oracle does not write."""
        objective = self.oracle.objective
        return {"objective": objective.name, "direction": objective.direction}

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
            report: Called after every batch with the number of trials that have ended,
                of those that failed, and the best score so far.
        """
        data = Data(x, y, *validation_data)
        seeds = [self.seed + i for i in range(self.executions_per_trial)]
        judging = self._judging()
        while True:
            with _unwritten(self.oracle):
                trials = self._ask()
                planned = [self._plan(trial, epochs) for trial in trials]
                trained = train_trials(planned, self._families, data, judging, seeds)
                for trial, result in zip(trials, trained, strict=True):
                    self._end(trial, result)
            if not trials:
                break
            for trial in trials:
                self.oracle._save_trial(trial)
            self.save()
            self._forget()
            if report:
                ended = self.oracle.end_order
                failed = sum(self.oracle.trials[i].status == "FAILED" for i in ended)
                best = self.oracle.get_best_trials()[0].score
                report(len(ended), failed, best)
        self._save_models()
        self.save()

    def _ask(self) -> list[Any]:
        """Return the trials that the oracle proposes before it needs their scores."""
        trials = []
        # The matrices of a Gaussian process are too small for several threads.
        with threadpool_limits(1):
            for place in range(self.batch or self._natural_batch()):
                # Several trials at once need several tuners.
                trial = self.oracle.create_trial(f"{self.tuner_id}_{place}")
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
        epochs = hp.values.get("tuner/epochs", epochs)
        start = self._kept.get(hp.values.get("tuner/trial_id"))
        if start is None and hp.values.pop("tuner/trial_id", None):
            hp.values["tuner/initial_epoch"] = 0
        before = hp.values["tuner/initial_epoch"] if start else 0
        return PlannedTrial(
            config=configure(self.hypermodel.base, values),
            optimizer=values["optimizer"],
            learning_rate=values["learning_rate"],
            batch_size=values["batch_size"],
            num_epochs=epochs - before,
            num_before=before,
            weights=start.weights if start else None,
        )

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
            trial.status = "FAILED"
            trial.message = (
                f"Diverged: not finite after {max(result.diverged_at, 0)} updates."
            )
        else:
            means = {name: float(np.mean(v)) for name, v in result.metrics.items()}
            step = int(np.mean(result.best_epochs))
            self.oracle.update_trial(trial.trial_id, means, step=step)
            trial.status = "COMPLETED"
            self._kept[trial.trial_id] = result
        self.oracle.end_trial(trial)

    def _forget(self) -> None:
        """Drop weights that neither a rung nor the best models need."""
        if isinstance(self.oracle, keras_tuner.oracles.HyperbandOracle):
            return
        best = {t.trial_id for t in self.oracle.get_best_trials(self.num_models)}
        self._kept = {key: value for key, value in self._kept.items() if key in best}

    def _save_models(self) -> None:
        """Write the weights of the best trials where KerasTuner looks for them."""
        best = self.oracle.get_best_trials(self.num_models)
        # KerasTuner's Hyperband loads what a trial went on from before the trial.
        before = (t.hyperparameters.values.get("tuner/trial_id") for t in best)
        trials = [*best, *(self.oracle.trials[name] for name in before if name)]
        for trial in trials:
            if trial.trial_id not in self._kept:
                continue
            model = self._model_of(trial)
            model.save_weights(self._get_checkpoint_fname(trial.trial_id))
            path = Path(self._get_build_config_fname(trial.trial_id))
            path.write_text(json.dumps(model.get_build_config()), encoding="utf-8")

    def best_models(self) -> list[keras.Model]:
        """Return the models of the best trials, as far as weights of them were kept.

        Unlike `get_best_models`, this needs no folder where this process searched.
        """
        return [
            self._model_of(trial)
            if trial.trial_id in self._kept
            else self.load_model(trial)
            for trial in self.oracle.get_best_trials(self.num_models)
            if trial.status == "COMPLETED"
        ]

    def _model_of(self, trial: Any) -> keras.Model:
        """Return the model of a trial with the weights of its best execution."""
        kept = self._kept[trial.trial_id]
        scores = kept.metrics[self.oracle.objective.name]
        pick = np.argmax if self.oracle.objective.direction == "max" else np.argmin
        model = self.hypermodel.build(trial.hyperparameters)
        config = self.hypermodel.config(trial.hyperparameters)
        family = self._families.of(config)
        own = family.own_weights(config, kept.weights[int(pick(scores))])
        for variable in model.weights:
            if variable.path in own:
                variable.assign(own[variable.path])
        return model


@contextlib.contextmanager
def _unwritten(oracle: keras_tuner.Oracle) -> Iterator[None]:
    """Let an oracle write nothing, which it does five times per trial.

    What is on disk is then the state after the last batch, whole.
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


@dataclass(frozen=True)
class Search:
    """A finished search.

    Attributes:
        trials: One row per trial, as `read_project` returns them, best first.
        tuner: The tuner, with its oracle and its hypermodel.
        seconds: How long the search took.
    """

    trials: pd.DataFrame
    tuner: StackTuner
    seconds: float

    @property
    def has_model(self) -> bool:
        """Whether any trial did not fail."""
        return bool((self.trials["status"] == "COMPLETED").any())

    def best_model(self) -> keras.Model:
        """Return the compiled model of the best trial, with the weights it had.

        Raises:
            ConfigError: If every trial failed.
        """
        if not self.has_model:
            raise ConfigError("`trials` must hold one that did not fail; all did.")
        return self.tuner.best_models()[0]


def tune(
    data: Data,
    task: str,
    *,
    oracle: str = "random",
    trials: int = 50,
    max_epochs: int = 20,
    space: SearchSpace | None = None,
    objective: str = "val_loss",
    out: Path | str | None = None,
    seed: int = 0,
    executions: int = 1,
    patience: int | None = None,
    levels: int = LEVELS,
    report: Report | None = None,
) -> Search:
    """Search for the best perceptron of a space.

    Args:
        data: Rows to train on, and validation rows that score the trials. Classes are
            one column each.
        task: "classification" or "regression".
        oracle: "random", "bayesian", "hyperband" or "grid".
        trials: Largest number of trials; those of a project that is there count.
        max_epochs: Epochs of a trial; Hyperband trains most trials for fewer.
        space: What may be chosen.
        objective: "val_loss", penalties included as in Keras, or "val_accuracy".
        out: Folder of the project, in KerasTuner's format; a search that is there goes
            on. None keeps nothing.
        seed: Seed of the proposals, first weights, masks and batches.
        executions: Trainings per trial, with seeds that follow each other; scores are
            their means.
        patience: Epochs without a lower validation loss after which a trial ends.
        levels: Values that the grid takes from a range.
        report: As in `StackTuner.search`.

    Raises:
        ConfigError: If something is out of range, data do not fit, or `out` holds a
            project that cannot be continued.
    """
    config = SearchConfig(
        oracle=oracle,
        trials=trials,
        max_epochs=max_epochs,
        objective=objective,
        seed=seed,
        executions=executions,
        patience=patience,
        levels=levels,
    )
    if data.x_val is None or data.per_run:
        raise requirement("data", "must have validation rows, shared by all", None)
    one_of("task", task, LOSSES)
    size = data.x.shape[-1], data.y.shape[-1]
    hypermodel = MLPHyperModel.of(task, *size, space=space)
    if objective == "val_accuracy" and not hypermodel.metrics:
        must = "must be 'val_loss' for a regression"
        raise requirement("objective", must, objective)
    goal = keras_tuner.Objective(objective, OBJECTIVES[objective])
    proposer = make_oracle(oracle, goal, trials, max_epochs, seed, levels=levels)
    started = time.perf_counter()
    with contextlib.ExitStack() as stack:
        if out is None:
            out = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "search"
        folder = Path(out).absolute()
        tuner = _open(proposer, hypermodel, folder, config)
        tuner.search(
            data.x,
            data.y,
            validation_data=(data.x_val, data.y_val),
            epochs=max_epochs,
            report=report,
        )
        seconds = time.perf_counter() - started
        return Search(read_project(folder), tuner, seconds)


def _open(
    oracle: keras_tuner.Oracle,
    hypermodel: MLPHyperModel,
    folder: Path,
    config: SearchConfig,
) -> StackTuner:
    """Return the tuner of a folder, with the search that is there."""
    check_project(folder)
    max_trials = oracle.max_trials
    # KerasTuner says on standard output that it reloads.
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            tuner = StackTuner(
                oracle,
                hypermodel,
                seed=config.seed,
                patience=config.patience,
                executions_per_trial=config.executions,
                directory=folder.parent,
                project_name=folder.name,
            )
        except (KeyError, TypeError, AttributeError, RuntimeError) as error:
            must = "must hold no project, or one of the same oracle"
            raise requirement("out", must, str(folder)) from error
    oracle.max_trials = max_trials
    declared = {hp.name: hp.get_config() for hp in oracle.hyperparameters.space}
    fresh = keras_tuner.HyperParameters()
    hypermodel.space.declare(fresh)
    wanted = {hp.name: hp.get_config() for hp in fresh.space}
    if {k: v for k, v in declared.items() if k in wanted} != wanted:
        must = "must hold no project, or one of the same search space"
        raise requirement("out", must, str(folder))
    return tuner
