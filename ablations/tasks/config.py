"""Name a task and its settings; a setting that the task does not read is refused."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import SerializerFunctionWrapHandler, model_serializer, model_validator

from models.config import (
    ConfigError,
    FrozenConfig,
    NonNegative,
    NonNegativeInt,
    PositiveInt,
    Rate,
    one_of,
    requirement,
)
from models.frozen import describe

CLASSES = {
    "label_noise": 0.0,
    "labels": "true",
    "targets": "one_hot",
    # Nothing rather than 0, so that the keys of runs without them stay as they were.
    "wrong_labels": None,
}
TABLE = {"features": "raw", "scaling": "standardized"}


def _sizes(num_train: int, num_val: int, num_test: int) -> dict[str, int]:
    return {"num_train": num_train, "num_val": num_val, "num_test": num_test}


SETTINGS: dict[str, dict[str, Any]] = {
    "xor": {},
    "xnor": {},
    "and": {},
    "or": {},
    "breast_cancer": {},
    "gmm10": {**_sizes(4000, 1000, 2000), "num_classes": 10, "spread": 0.55, **CLASSES},
    "spirals": {**_sizes(1000, 500, 2000), "noise": 0.1, **CLASSES},
    "tabular": {
        **_sizes(2000, 500, 2000),
        "num_inputs": 20,
        "num_useful": 4,
        "num_classes": 2,
        **CLASSES,
    },
    "random_labels": {
        **_sizes(1000, 500, 1000),
        "num_inputs": 20,
        "num_classes": 10,
        "targets": "one_hot",
    },
    "regression8": {
        **_sizes(1000, 500, 2000),
        "noise": 0.1,
        "features": "raw",
        "targets": "signed",
    },
    "teacher": {
        **_sizes(1000, 500, 2000),
        "num_inputs": 20,
        "width": 32,
        "activation": "tanh",
        "noise": 0.0,
    },
    "mnist1d": {**_sizes(4000, 1000, 1000), "features": "raw", **CLASSES},
    "digits": {
        "num_train": 1000,
        "num_val": 300,
        "features": "raw",
        "scaling": "centered",
        **CLASSES,
    },
    "mnist5k": {
        "num_train": 3000,
        "num_val": 1000,
        "features": "raw",
        "scaling": "centered",
        **CLASSES,
    },
    "breast_cancer_split": {"num_train": 300, "num_val": 99, **TABLE, **CLASSES},
    "wine": {"num_train": 90, "num_val": 35, **TABLE, **CLASSES},
    "iris": {"num_train": 75, "num_val": 30, **TABLE, **CLASSES},
    "diabetes": {"num_train": 250, "num_val": 72, **TABLE, "targets": "signed"},
    "fair": {"num_train": 4000, "num_val": 1000, **TABLE, **CLASSES},
    "randhie": {"num_train": 12_000, "num_val": 4000, **TABLE, "targets": "signed"},
}
"""The settings that each task reads, with what they are unless given."""

NUM_ROWS_TO_SPLIT = {
    "digits": 1300,
    "mnist5k": 4000,
    "breast_cancer_split": 399,
    "wine": 125,
    "iris": 105,
    "diabetes": 322,
    "fair": 5000,
    "randhie": 16_000,
}
"""Rows of real data that a seed splits; the others are the fixed test part."""

NUM_CLASSES = {
    "spirals": 2,
    "mnist1d": 10,
    "digits": 10,
    "mnist5k": 10,
    "breast_cancer_split": 2,
    "wine": 3,
    "iris": 3,
    "fair": 2,
}
"""Classes of the tasks in which their number is no setting."""

REGRESSIONS = ("regression8", "teacher", "diabetes", "randhie")
"""Tasks whose targets are numbers and not classes."""

MOST_NUMBERS = 10**8
"""Most inputs and targets of all rows of a task together, 800 MB of them."""

MOST_USEFUL = 14
"""Most inputs that a target of boxes depends on: each of them makes 3 times as many."""

IMAGE_SCALINGS = ("centered", "unit", "standardized", "raw")
CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "mnist1d": {"features": ("raw", "shuffled_pixels")},
    "digits": {
        "features": ("raw", "engineered", "shuffled_pixels"),
        "scaling": IMAGE_SCALINGS,
    },
    "mnist5k": {"features": ("raw", "shuffled_pixels"), "scaling": IMAGE_SCALINGS},
}
"""Choices of a task that are not those of `USUAL_CHOICES`."""

USUAL_CHOICES = {
    "features": ("raw", "engineered"),
    "scaling": ("standardized", "raw"),
}


class TaskConfig(FrozenConfig):
    """Name a task of `SETTINGS`, and change some of its settings.

    What each task is stands in `ablations.tasks.synthetic`, `ablations.tasks.signals`
    and `ablations.tasks.real`.

    Args:
        name: The task.
        num_train: Training rows; fewer are the first of more.
        num_val: Validation rows.
        num_test: Test rows; the test part of real data is fixed.
        num_inputs: Number of inputs.
        num_useful: Inputs that the target depends on.
        num_classes: Number of classes.
        spread: Standard deviation within a mode.
        noise: Standard deviation of what is added to positions or targets.
        label_noise: Share of training labels that are drawn anew, uniformly; some come
            out as they were.
        wrong_labels: Share of training labels that become another class, each of the
            others equally likely. A larger share holds the rows of a smaller one.
        width: Hidden units of the teacher.
        activation: Activation of the teacher.
        labels: `random` draws every label, also those of validation and test rows,
            uniformly and independently of the inputs.
        features: `engineered` appends what `ablations.tasks.features` makes;
            `shuffled_pixels` puts the pixels of all images, or the points of all
            signals, into one order per seed.
        scaling: `standardized` by mean and standard deviation of the training rows,
            `unit` pixels from 0 to 1, `centered` those minus their training means,
            `raw` as they are on file.
        targets: `one_hot` has a column per class, `single` one column of 0 and 1 for
            two classes; `signed` numbers of mean about 0, `non_negative` the same
            numbers shifted.

    Raises:
        ConfigError: If the task is unknown or does not read a setting.
    """

    name: str
    num_train: PositiveInt | None = None
    num_val: NonNegativeInt | None = None
    num_test: NonNegativeInt | None = None
    num_inputs: PositiveInt | None = None
    num_useful: PositiveInt | None = None
    num_classes: PositiveInt | None = None
    spread: NonNegative | None = None
    noise: NonNegative | None = None
    label_noise: Rate | None = None
    wrong_labels: Rate | None = None
    width: PositiveInt | None = None
    activation: Literal["tanh", "relu"] | None = None
    labels: Literal["true", "random"] | None = None
    features: Literal["raw", "engineered", "shuffled_pixels"] | None = None
    scaling: Literal["centered", "unit", "standardized", "raw"] | None = None
    targets: Literal["one_hot", "single", "signed", "non_negative"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _fill_defaults(cls, values: Any) -> Any:
        name = values.get("name") if isinstance(values, dict) else None
        if not isinstance(name, str) or name not in SETTINGS:
            return values
        for field, value in values.items():
            known = field in cls.model_fields and field != "name"
            if known and value is not None and field not in SETTINGS[name]:
                raise ConfigError(
                    f"`{field}` is not a setting of the task {name!r}, which reads"
                    f" {tuple(SETTINGS[name])}. Received: {describe(value)}."
                )
        given = {field: v for field, v in values.items() if v is not None}
        if given.get("wrong_labels") == 0:
            del given["wrong_labels"]
        return {**SETTINGS[name], **given}

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        choices = {**USUAL_CHOICES, **CHOICES.get(self.name, {})}
        choices["targets"] = (
            ("signed", "non_negative")
            if self.is_regression
            else ("one_hot", "single")
            if self.class_count() == 2
            else ("one_hot",)
        )
        for field, allowed in choices.items():
            value = getattr(self, field)
            if value is not None:
                one_of(field, value, allowed)
        usual = SETTINGS.get(self.name, {}).get("scaling")
        if self.features == "engineered" and self.scaling != usual:
            must = f"must be {usual!r} for engineered features"
            raise requirement("scaling", must, self.scaling)
        if self.wrong_labels and (self.label_noise or self.labels == "random"):
            must = "must be 0 where `label_noise` or `labels` changes labels, too"
            raise requirement("wrong_labels", must, self.wrong_labels)
        if self.num_classes == 1:
            raise requirement("num_classes", "must be at least 2", 1)
        if self.num_useful and self.num_useful > (self.num_inputs or 0):
            must = f"must be at most `num_inputs` ({self.num_inputs})"
            raise requirement("num_useful", must, self.num_useful)
        if (self.num_useful or 0) > MOST_USEFUL:
            must = f"must be at most {MOST_USEFUL}"
            raise requirement("num_useful", must, self.num_useful)
        rows = sum(
            getattr(self, f"num_{part}") or 0 for part in ("train", "val", "test")
        )
        columns = (self.num_inputs or 1) + (self.num_classes or 1)
        if rows * columns > MOST_NUMBERS:
            must = f"must make at most {MOST_NUMBERS:,} numbers, rows times columns"
            raise requirement("task", must, rows * columns)
        most = NUM_ROWS_TO_SPLIT.get(self.name)
        split = (self.num_train or 0) + (self.num_val or 0)
        if most is not None and split > most:
            must = f"and `num_val` must together be at most {most:,} for {self.name!r}"
            raise requirement("num_train", must, split)
        return self

    def model_post_init(self, context: object) -> None:
        """Check the name."""
        one_of("task", self.name, SETTINGS)

    @model_serializer(mode="wrap")
    def _only_what_is_read(
        self, handler: SerializerFunctionWrapHandler
    ) -> dict[str, Any]:
        return {k: value for k, value in handler(self).items() if value is not None}

    @property
    def is_regression(self) -> bool:
        """Whether the targets are numbers and not classes."""
        return self.name in REGRESSIONS

    @property
    def is_split(self) -> bool:
        """Whether there are validation rows and test rows."""
        tested = self.name in NUM_ROWS_TO_SPLIT or bool(self.num_test)
        return tested and bool(self.num_val)

    def class_count(self) -> int:
        """Return the number of classes, 2 for the tasks of one column of 0 and 1."""
        return self.num_classes or NUM_CLASSES.get(self.name, 2)

    def setting(self, name: str) -> Any:
        """Return a setting that the task reads.

        Raises:
            ConfigError: If it reads no such setting.
        """
        return getattr(self, one_of("setting", name, SETTINGS[self.name]))
