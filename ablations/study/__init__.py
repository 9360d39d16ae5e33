"""Ablations on a user's own data: read, split, prepare, train, compare, report."""

from ablations.study.run import run_study
from ablations.study.settings.config import StudyConfig

__all__ = ["StudyConfig", "run_study"]
