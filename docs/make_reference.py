"""Write docs/reference.md from the command line's help and the docstrings.

`python docs/make_reference.py` writes it; a test says when it is stale.
"""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

import typer
from typer.cli import get_docs_for_click

from ablations.commands.command_line import command_line

REFERENCE = Path(__file__).with_name("reference.md")

PUBLIC: dict[str, tuple[str, ...]] = {
    "models.config": (
        "MLPConfig",
        "ActivationConfig",
        "InitializerConfig",
        "ConvolutionConfig",
    ),
    "models.mlp": ("build_mlp",),
    "ablations.tasks.config": ("TaskConfig",),
    "ablations.training.config": (
        "TrainingConfig",
        "OptimizerConfig",
        "ScheduleConfig",
        "EarlyStoppingConfig",
    ),
    "ablations.training.train": ("train_stack",),
    "ablations.tasks.data": ("Data",),
    "ablations.training.result": ("StackResult",),
    "ablations.protocol.claim": ("Claim", "SeedPlan"),
    "ablations.protocol.arm": ("Arm", "TuneConfig"),
    "ablations.protocol.network_runs": ("ArmConfig",),
    "ablations.protocol.score": ("ScoreConfig",),
    "ablations.protocol.prediction": ("Prediction",),
    "ablations.protocol.kinds": (
        "ExactCheck",
        "SuccessRate",
        "Agreement",
        "Comparison",
        "Equivalence",
        "TimeToTarget",
        "Trend",
        "Interaction",
        "League",
    ),
    "ablations.experiments.readouts.table": ("readout",),
    "ablations.experiments.readouts.trained_networks": ("ReadoutConfig", "Trained"),
    "ablations.judging.verdict": ("Verdict", "Coverage"),
    "ablations.study": ("run_study", "StudyConfig"),
    "ablations.running.sweep": ("sweep",),
}
"""What users call or fill in, by module."""


def reference() -> str:
    """Return the page."""
    parts = [
        "# Reference",
        "Made by `python docs/make_reference.py` from the command line's help and the"
        " docstrings; change those.",
        "## Command line",
        _command_line(),
        "## Python",
    ]
    for module_name, names in PUBLIC.items():
        module = importlib.import_module(module_name)
        parts += [_entry(module_name, name, getattr(module, name)) for name in names]
    return "\n\n".join(parts) + "\n"


def _command_line() -> str:
    """Return the help of all commands, two levels of headings down."""
    command = typer.main.get_command(command_line())
    context = typer.Context(command, info_name="ablations")
    text = get_docs_for_click(obj=command, ctx=context, name="ablations")
    text = text.partition("\n")[2]
    lines = [line.rstrip() for line in text.splitlines()]
    return re.sub(r"(?m)^(#+) ", r"#\1 ", "\n".join(lines)).strip()


def _entry(module: str, name: str, thing: object) -> str:
    """Return the docstring of a class or function under its name."""
    text = inspect.getdoc(thing) or ""
    first, _, rest = text.partition("\n\n")
    parts = [f"### `{module}.{name}`", first.replace("\n", " ")]
    if inspect.isfunction(thing):
        parts.append(f"```python\n{name}{_signature(thing)}\n```")
    if rest:
        parts.append(f"```text\n{rest.rstrip()}\n```")
    return "\n\n".join(parts)


def _signature(function: object) -> str:
    """Return a signature, one argument per line."""
    signature = inspect.signature(function)  # type: ignore[arg-type]
    arguments = "\n".join(f"    {p}," for p in _arguments(signature))
    result = signature.return_annotation
    return f"(\n{arguments}\n) -> {result}"


def _arguments(signature: inspect.Signature) -> list[str]:
    shown: list[str] = []
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in shown:
            shown.append("*")
        shown.append(str(parameter).replace("'", ""))
    return shown


if __name__ == "__main__":
    REFERENCE.write_text(reference(), encoding="utf-8")
