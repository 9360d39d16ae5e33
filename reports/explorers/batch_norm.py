"""What can be explored of batch norm: at which settings networks learn."""

from ablations.protocol.score import ScoreConfig
from ablations.rigs.normalization.networks import GAINS, GRID
from reports.explorers.declared import (
    ControlConfig,
    ExplorerConfig,
    OptionConfig,
    reading,
    switch,
)

NETWORKS = {
    "three ReLU layers": ("ReLU", 3),
    "six ReLU layers": ("ReLU", 6),
    "three sigmoid layers": ("sigmoid", 3),
}
SIZES = ("quarter-size", "half-size", "usual", "doubled", "fourfold")

EXPLORERS = (
    ExplorerConfig(
        id="settings",
        question="At which rates and first weights does a network learn?",
        claim="batch_norm_makes_tuning_easier",
        controls=(
            switch("batch norm", "batch norm"),
            ControlConfig(
                key="network",
                title="Network",
                kind="choice",
                options=tuple(
                    OptionConfig(words=w, levels={"activation": a, "depth": depth})
                    for w, (a, depth) in NETWORKS.items()
                ),
            ),
            reading(
                "rate",
                "Learning rate",
                {f"{rate:g}": n for n, rate in enumerate(GRID)},
                fills="rate",
            ),
            ControlConfig(
                key="gain",
                title="First weights",
                kind="slider",
                options=tuple(
                    OptionConfig(
                        words=words,
                        reads={"gain": n},
                        short=f"{gain:g}\N{MULTIPLICATION SIGN}",
                    )
                    for n, (words, gain) in enumerate(zip(SIZES, GAINS, strict=True))
                ),
            ),
        ),
        score=ScoreConfig(quantity="share_that_learn", at_least=1.0, words="learn"),
        array="settings_that_learn",
        chart="grid",
        axis="networks that learn, of twenty",
        says={
            "all": "With {batch_norm}, {network} learn in every run at a rate of {rate}"
            " from {gain} weights.",
            "some": "With {batch_norm}, {won} of {total} networks of {network} learn at"
            " a rate of {rate} from {gain} weights.",
            "none": "With {batch_norm}, {network} learn in no run at a rate of {rate}"
            " from {gain} weights.",
        },
        first=("no batch norm", "six ReLU layers", "0.3", "doubled"),
        starts={
            "the same with batch norm": (
                "batch norm",
                "six ReLU layers",
                "0.3",
                "doubled",
            ),
            "where batch norm fails": (
                "batch norm",
                "three sigmoid layers",
                "0.01",
                "fourfold",
            ),
        },
    ),
)
"""The chapter's explorers."""
