"""Search with an oracle of KerasTuner, and train its proposals as stacks."""

from __future__ import annotations

import contextlib
import io
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import keras
import keras_tuner

from ablations.running.jobs import Executor
from ablations.tasks.data import Data
from ablations.tuner.ending import describe_ending
from ablations.tuner.folder import claimed, identify, repair
from ablations.tuner.oracles import make_oracle
from ablations.tuner.project import read_project
from ablations.tuner.settings import LEVELS, OBJECTIVES, SearchConfig
from ablations.tuner.stack_tuner import Report, StackTuner
from models.config import ConfigError, one_of, requirement
from models.hypermodel import LOSSES, MLPHyperModel
from models.search_space import SearchSpace

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Search:
    """A finished search.

    Attributes:
        trials: One row per trial, as `read_project` returns them, best first.
        tuner: The tuner, with its oracle and its hypermodel.
        seconds: How long the search took, now.
        ending: Why it ended, in a sentence or two.
    """

    trials: pd.DataFrame
    tuner: StackTuner
    seconds: float
    ending: str

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
    data: Data | Sequence[Data],
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
    executor: Executor | None = None,
    name: str = "",
    digest: str = "",
) -> Search:
    """Search for the best perceptron of a space.

    Args:
        data: Rows to train on, and validation rows that score the trials. Classes are
            one column each. Several of the same shapes are the folds of a
            cross-validation: a trial is trained on each, and its score is the mean.
        task: "classification" or "regression".
        oracle: "random", "bayesian", "hyperband" or "grid".
        trials: Largest number of trials; those of a project that is there count.
        max_epochs: Epochs of a trial; Hyperband trains most trials for fewer.
        space: What may be chosen.
        objective: "val_loss", penalties included as in Keras, or "val_accuracy".
        out: Folder of the project, in KerasTuner's format; the same search that is
            there goes on, wherever it was stopped. None keeps nothing.
        seed: Seed of the proposals, first weights, masks and batches.
        executions: Trainings per trial, with seeds that follow each other; scores are
            their means.
        patience: Epochs without a lower validation loss after which a trial ends.
        levels: Values that the grid takes from a range.
        report: As in `StackTuner.search`.
        executor: Who trains; this thread if None.
        name: What the data are called in messages.
        digest: That of the whole data, of which `data` may be a part.

    Raises:
        ConfigError: If something is out of range, data do not fit, or `out` cannot be
            written, is in use, or holds anything but this search.
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
    folds = _checked_folds(data)
    one_of("task", task, LOSSES)
    size = folds[0].x.shape[-1], folds[0].y.shape[-1]
    hypermodel = MLPHyperModel.of(task, *size, space=space)
    if objective == "val_accuracy" and not hypermodel.metrics:
        must = "must be 'val_loss' for a regression"
        raise requirement("objective", must, objective)
    started = time.perf_counter()
    with contextlib.ExitStack() as stack:
        if out is None:
            out = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "search"
        folder = Path(out).absolute()
        told = identify(config, hypermodel.space, folds, task, name, digest)
        stack.enter_context(claimed(folder, told))
        repair(folder)
        tuner = _open(config, hypermodel, folder)
        tuner.search_folds(folds, epochs=max_epochs, report=report, executor=executor)
        return Search(
            read_project(folder),
            tuner,
            time.perf_counter() - started,
            _ending(tuner, config),
        )


def _checked_folds(data: Data | Sequence[Data]) -> list[Data]:
    folds = [data] if isinstance(data, Data) else list(data)
    shapes = set()
    for fold in folds:
        if fold.x_val is None or fold.per_run:
            must = "must have validation rows, and no rows of single runs"
            raise requirement("data", must, None)
        shapes.add((fold.x.shape, fold.x_val.shape, fold.y.shape))
    if len(shapes) != 1:
        must = "must be rows, or folds of the same numbers of rows"
        raise requirement("data", must, sorted(shapes))
    return folds


def _open(config: SearchConfig, hypermodel: MLPHyperModel, folder: Path) -> StackTuner:
    """Return the tuner of a folder, with the search that is there."""
    oracle = make_oracle(
        config.oracle,
        keras_tuner.Objective(config.objective, OBJECTIVES[config.objective]),
        config.trials,
        config.max_epochs,
        config.seed,
        levels=config.levels,
        num_points=hypermodel.space.num_points,
    )
    # KerasTuner says on standard output that it reloads.
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            return StackTuner(
                oracle,
                hypermodel,
                seed=config.seed,
                patience=config.patience,
                executions_per_trial=config.executions,
                directory=folder.parent,
                project_name=folder.name,
            )
        except (KeyError, TypeError, AttributeError, RuntimeError) as error:
            must = "must hold no damaged search; its state cannot be read"
            raise requirement("out", must, str(folder)) from error


def _ending(tuner: StackTuner, config: SearchConfig) -> str:
    """Say why a search ended."""
    values = [t.hyperparameters.values for t in tuner.oracle.trials.values()]
    epochs = [one.get("tuner/epochs", config.max_epochs) for one in values]
    num_tried = sum("tuner/trial_id" not in one for one in values)
    return describe_ending(config, tuner.hypermodel.space, epochs, num_tried)
