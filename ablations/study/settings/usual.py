"""What a study varies unless told: the usual levels of factors, by preset."""

from __future__ import annotations

from ablations.study.settings.recipe import Option

LARGE = 10_000
"""With more rows than this a study spends less on each, unless told."""

DEFAULT_FACTORS: dict[str, dict[str, tuple[Option, ...]]] = {
    "quick": {
        "activation": ("relu", "tanh"),
        "initializer": ("he_normal", "glorot_uniform"),
        "depth": (2, 1),
        "width": (64, 16),
        "dropout": (0.0, 0.2, 0.5),
        "l2": (0.0, 1e-3),
        "weight_decay": (0.0, 0.1),
        "batch_norm": ("none", "before"),
        "optimizer": ("adam", "momentum"),
        "schedule": ("constant", "cosine"),
        "early_stopping": (0, 10),
    },
    "standard": {
        "activation": ("relu", "tanh", "gelu"),
        "initializer": ("he_normal", "glorot_uniform"),
        "depth": (2, 1, 3),
        "width": (64, 16),
        "dropout": (0.0, 0.2, 0.5),
        "l2": (0.0, 1e-3),
        "weight_decay": (0.0, 0.1),
        "batch_norm": ("none", "before", "after"),
        "skip": ("none", "residual"),
        "optimizer": ("adam", "momentum"),
        "schedule": ("constant", "cosine"),
        "batch_size": (32, 128),
        "early_stopping": (0, 10),
        "loss": (),
    },
    "full": {
        "activation": ("relu", "tanh", "gelu", "elu", "swish"),
        "initializer": ("he_normal", "glorot_uniform", "orthogonal"),
        "depth": (2, 1, 3, 5),
        "width": (64, 16, 256),
        "dropout": (0.0, 0.1, 0.2, 0.5),
        "l2": (0.0, 1e-4, 1e-3, 1e-2),
        "weight_decay": (0.0, 0.01, 0.1),
        "batch_norm": ("none", "before", "after"),
        "skip": ("none", "residual"),
        "optimizer": ("adam", "momentum", "rmsprop", "nadam"),
        "schedule": ("constant", "cosine", "linear"),
        "batch_size": (32, 16, 128),
        "early_stopping": (0, 10),
        "loss": (),
        "scaling": ("standard", "quantile"),
        "ensemble": (1, 8),
    },
}
"""Levels by preset, the plain one first; losses are those of the task."""

PAIRS: dict[str, tuple[Option, Option]] = {
    "activation": ("tanh", "relu"),
    "batch_norm": ("none", "before"),
    "depth": (1, 2),
    "dropout": (0.0, 0.2),
    "skip": ("none", "residual"),
    "l2": (0.0, 1e-3),
    "schedule": ("constant", "cosine"),
    "early_stopping": (0, 10),
}
"""Two levels each, for designs that cross factors or leave one out."""

NUM_CROSSED = 4
"""Factors of a factorial design, unless told."""


def usual_levels(preset: str, num_rows: int) -> dict[str, tuple[Option, ...]]:
    """Return the levels of factors that are each changed alone, the plain one first.

    Args:
        preset: A key of `DEFAULT_FACTORS`.
        num_rows: Rows of the table; of many, fewer levels are tried.
    """
    usual = DEFAULT_FACTORS[preset]
    if num_rows <= LARGE or preset == "full":
        return dict(usual)
    return {
        name: levels if isinstance(levels[0], int | float) else levels[:2]
        for name, levels in usual.items()
        if levels
    }
