"""Plant defects in real training and see that no verdict supports what they fake."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from ablations.evidence.evidence import Evidence
from ablations.judging.case import Case
from ablations.judging.combine import combine
from ablations.judging.judge import judge
from ablations.judging.judgement import give_verdict
from ablations.judging.lock import lock_rules
from ablations.judging.outcome import Outcome
from ablations.judging.standing import standings
from ablations.protocol.claim import RegisteredClaim
from ablations.protocol.kinds import Comparison
from ablations.protocol.network_runs import ArmConfig
from ablations.protocol.run_config import RunConfig
from ablations.protocol.score import ScoreConfig
from ablations.rigs.xor import solved, xor_arm
from ablations.running.plan import make_plan
from ablations.selfcheck.real import train_table, with_optimizer
from ablations.selfcheck.row import Row
from ablations.selfcheck.synthetic import Drawn, drawn_arm, make_claim
from ablations.store.store import Store
from ablations.store.table import RunTable
from ablations.tasks import FixedTask, Task, TaskConfig
from ablations.training.config import OptimizerConfig, TrainingConfig
from models.config import ActivationConfig, MLPConfig

NUM_SEEDS = 20
NUM_STEPS = 60
LOSS = ScoreConfig(quantity="val_loss", better="lower", words="validation loss")
WORSE = ("refuted",)
NOT_TESTED = ("not tested",)


class PlantedTask(TaskConfig):
    """Name the rows of one arm of this check, which no claim can name."""

    def model_post_init(self, context: object) -> None:
        """Let every name pass."""


@dataclass(frozen=True)
class Arms:
    """What is judged: a table, a config and the rows of both arms."""

    tables: dict[str, RunTable]
    configs: dict[str, ArmConfig]
    tasks: dict[str, Task]

    @property
    def prediction(self) -> Comparison:
        """What every defect is claimed to do: lower the validation loss."""
        return Comparison(
            key="treatment",
            label="treatment",
            treatment=drawn_arm("treatment", self.configs["treatment"]),
            control=drawn_arm("control", self.configs["control"]),
            score=LOSS,
            margin=0.0,
            direction="less",
        )

    def outcome(self) -> Outcome:
        """Return what the machinery makes of it, preconditions first."""
        prediction = self.prediction
        by_config: dict[RunConfig, RunTable] = {
            self.configs[name]: table for name, table in self.tables.items()
        }
        case = Case(
            make_claim(prediction).claim,
            Drawn(by_config),
            "quick",
            NUM_SEEDS,
            make=lambda config: self.tasks[config.name],
        )
        return judge(prediction, case)

    def verdict(self) -> tuple[str, str]:
        """Return the verdict and why."""
        outcome = self.outcome()
        decision = combine("usually", "", [outcome], lambda: [outcome])
        return decision.verdict, outcome.reason

    def change(self, arm: str, table: RunTable) -> Arms:
        """Return these arms with other runs of one."""
        return replace(self, tables={**self.tables, arm: table})


class Workshop:
    """Train healthy and defective arms of one small network on one small task."""

    def __init__(self, num_seeds: int = NUM_SEEDS) -> None:
        """Train nothing yet."""
        self.seeds = np.arange(num_seeds)
        self.model = MLPConfig(
            input_units=4,
            hidden_units=(8,),
            activation=ActivationConfig(name="tanh"),
            output_activation=ActivationConfig(name="sigmoid"),
        )
        self.sgd = self._training(OptimizerConfig(name="sgd", learning_rate=0.3))
        self.adam = self._training(OptimizerConfig(name="adam", learning_rate=0.3))

    def _training(self, optimizer: OptimizerConfig) -> TrainingConfig:
        return TrainingConfig(
            optimizer=optimizer,
            loss="binary_crossentropy",
            batch_size=16,
            num_steps=NUM_STEPS,
            metrics=("loss", "val_loss"),
        )

    @cached_property
    def task(self) -> FixedTask:
        """Two noisy classes that a curved line separates."""
        rng = np.random.default_rng(9)
        x = rng.normal(size=(384, 4)).astype(np.float32)
        y = (x[:, 0] + x[:, 1] ** 2 - 1 + 0.3 * rng.normal(size=384) > 0)[:, None]
        y = y.astype(np.float32)
        return FixedTask(x[:128], y[:128], x[128:], y[128:])

    @property
    def labels_held_out(self) -> np.ndarray:
        """Labels of the validation rows."""
        labels = self.task.y_val
        return self.task.y[:0] if labels is None else labels

    @cached_property
    def shuffled(self) -> FixedTask:
        """The same rows with labels that have nothing to do with them."""
        rng = np.random.default_rng(10)
        y = np.concatenate([self.task.y, self.labels_held_out])
        y = rng.permutation(y)
        return replace(self.task, y=y[: len(self.task.y)], y_val=y[len(self.task.y) :])

    @cached_property
    def leaked(self) -> FixedTask:
        """The same rows, with the training rows as validation rows."""
        return replace(self.task, x_val=self.task.x, y_val=self.task.y)

    def train(
        self,
        training: TrainingConfig,
        task: Task | None = None,
        drawn_from: np.ndarray | None = None,
    ) -> RunTable:
        """Train one arm on every seed."""
        return train_table(
            task or self.task, self.model, training, self.seeds, drawn_from
        )

    @cached_property
    def healthy(self) -> RunTable:
        """Runs without a defect."""
        return self.train(self.sgd)

    def arms(
        self,
        treatment: RunTable,
        control: RunTable | None = None,
        trainings: tuple[TrainingConfig, TrainingConfig] | None = None,
        tasks: tuple[Task, Task] | None = None,
    ) -> Arms:
        """Put a treatment beside a control, healthy unless given."""
        names = ("treatment", "control")
        tables = (treatment, self.healthy if control is None else control)
        said = trainings or (self.sgd, self.sgd)
        rows = tasks or (self.task, self.task)
        configs = {
            name: ArmConfig(
                task=PlantedTask(name=name),
                model=self.model,
                training=training,
            )
            for name, training in zip(names, said, strict=True)
        }
        return Arms(
            dict(zip(names, tables, strict=True)),
            configs,
            dict(zip(names, rows, strict=True)),
        )


def no_learning_rate(shop: Workshop) -> Arms:
    """Train the treatment at rate 0."""
    still = with_optimizer(shop.sgd, learning_rate=0.0)
    return shop.arms(shop.train(still), trainings=(still, shop.sgd))


def no_learning_rate_anywhere(shop: Workshop) -> Arms:
    """Train both arms at rate 0."""
    still = with_optimizer(shop.sgd, learning_rate=0.0)
    table = shop.train(still)
    return shop.arms(table, table, trainings=(still, still))


def gradient_flipped(shop: Workshop) -> Arms:
    """Walk up the gradient."""
    upwards = with_optimizer(shop.sgd, learning_rate=-0.3)
    return shop.arms(shop.train(upwards))


def bias_correction_removed(shop: Workshop) -> Arms:
    """Leave the correction out of an Adam whose first steps are large already."""
    without = with_optimizer(shop.adam, bias_correction=False)
    return shop.arms(
        shop.train(without), shop.train(shop.adam), trainings=(without, shop.adam)
    )


def seed_ignored(shop: Workshop) -> Arms:
    """Draw every run of the treatment from one seed."""
    return shop.arms(shop.train(shop.sgd, drawn_from=np.zeros_like(shop.seeds)))


def twice_the_steps(shop: Workshop) -> Arms:
    """Train the treatment for twice as long."""
    longer = shop.sgd.replace(num_steps=2 * NUM_STEPS)
    return shop.arms(shop.train(longer), trainings=(longer, shop.sgd))


def failures_dropped(shop: Workshop) -> Arms:
    """Drop the worst quarter of the treatment's runs as failed."""
    table = shop.train(shop.sgd)
    losses = table.arrays["curve.val_loss"][:, -1]
    return shop.arms(table.select(losses < np.quantile(losses, 0.75)))


def labels_leaked(shop: Workshop) -> Arms:
    """Validate both arms on the rows they were trained on."""
    longer = with_optimizer(shop.sgd, learning_rate=1.0)
    return shop.arms(
        shop.train(longer, shop.leaked),
        shop.train(shop.sgd, shop.leaked),
        trainings=(longer, shop.sgd),
        tasks=(shop.leaked, shop.leaked),
    )


def pairs_shifted(shop: Workshop) -> Arms:
    """Keep every run of the treatment under the next seed."""
    table = shop.train(shop.sgd)
    return shop.arms(replace(table, seeds=table.seeds + 1))


def pairs_shifted_in_secret(shop: Workshop) -> Arms:
    """Draw every run of the treatment from the next seed than it is kept under."""
    return shop.arms(shop.train(shop.sgd, drawn_from=shop.seeds + 1))


def labels_shuffled(shop: Workshop) -> Arms:
    """Shuffle the labels of both arms, and train one for less of a rate."""
    slower = with_optimizer(shop.sgd, learning_rate=0.01)
    return shop.arms(
        shop.train(slower, shop.shuffled),
        shop.train(shop.sgd, shop.shuffled),
        trainings=(slower, shop.sgd),
        tasks=(shop.shuffled, shop.shuffled),
    )


def labels_shuffled_for_one(shop: Workshop) -> Arms:
    """Shuffle the labels of the control alone."""
    return shop.arms(
        shop.healthy,
        shop.train(shop.sgd, shop.shuffled),
        tasks=(shop.task, shop.shuffled),
    )


DEFECTS: dict[str, tuple[Callable[[Workshop], Arms], tuple[str, ...]]] = {
    "learning rate 0": (no_learning_rate, WORSE),
    "learning rate 0 in both arms": (no_learning_rate_anywhere, NOT_TESTED),
    "gradient sign flipped": (gradient_flipped, WORSE),
    "bias correction removed": (bias_correction_removed, WORSE),
    "seed ignored": (seed_ignored, NOT_TESTED),
    "twice the steps for one arm": (twice_the_steps, NOT_TESTED),
    "failures dropped": (failures_dropped, NOT_TESTED),
    "labels leaked": (labels_leaked, NOT_TESTED),
    "pairs shifted": (pairs_shifted, NOT_TESTED),
    "pairs shifted in secret": (pairs_shifted_in_secret, ("inconclusive",)),
    "labels shuffled": (labels_shuffled, NOT_TESTED),
    "labels shuffled for one arm": (labels_shuffled_for_one, NOT_TESTED),
}
"""Every defect, and the verdicts that it may give."""


def check_defects(shop: Workshop | None = None) -> list[Row]:
    """Plant every defect, and a treatment that really helps."""
    shop = shop or Workshop()
    rows = [helpful_row(shop)]
    for name, (plant, allowed) in DEFECTS.items():
        rows.append(defect_row(name, plant(shop), allowed))
    rows.append(changed_margin_row())
    return rows


def helpful_row(shop: Workshop) -> Row:
    """Return the line of a treatment that helps: the same against a rate of 0."""
    still = with_optimizer(shop.sgd, learning_rate=0.0)
    arms = shop.arms(shop.healthy, shop.train(still), trainings=(shop.sgd, still))
    verdict, _ = arms.verdict()
    return Row(
        "planted help, training against none",
        "supported",
        verdict,
        verdict == "supported",
    )


def defect_row(name: str, arms: Arms, allowed: tuple[str, ...]) -> Row:
    """Return the line of a defect."""
    verdict, reason = arms.verdict()
    return Row(
        f"planted defect, {name}",
        " or ".join(allowed),
        f"{verdict}. {reason}" if reason else verdict,
        verdict in allowed,
    )


def changed_margin_row() -> Row:
    """Change the margin after the runs are there, and judge, store and judge again."""
    from ablations.running.runner import execute

    def claim(margin: float) -> RegisteredClaim:
        return make_claim(
            Comparison(
                key="width",
                label="width",
                treatment=drawn_arm("wide", wide),
                control=drawn_arm("narrow", narrow),
                score=solved(),
                margin=margin,
            )
        )

    wide = xor_arm(hidden_units=(8,), num_steps=100)
    narrow = xor_arm(num_steps=100)

    stated, changed = claim(0.9), claim(0.0)
    with tempfile.TemporaryDirectory() as folder:
        with Store.open(Path(folder) / "runs.sqlite") as store:
            locks = lock_rules([stated], store)
            execute(make_plan([stated], "quick", store), store, lambda step: None)
            first = give_verdict(
                stated, Evidence(store), "quick", None, locks[stated.id]
            )
            store.put_verdicts([first.record()])
            after = give_verdict(
                changed, Evidence(store), "quick", None, locks[stated.id]
            )
            (shown,) = standings([changed], store.verdicts(), published={})
            again = lock_rules([changed], store)[changed.id]
    words = after.verdict, shown.verdict.verdict
    seen = f"{words[0]}; shown as {words[1]}; relocked {again.relocked}"
    passed = (
        words == ("not tested", "not tested")
        and again.relocked == 1
        and first.locked is not None
        and first.locked["relocked"] == 0
    )
    return Row(
        "planted defect, margin changed after the run",
        "not tested, and the change is counted",
        seen,
        passed,
    )
