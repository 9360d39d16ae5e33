"""Options that say how columns are read, wherever a table is read."""

import pytest
import typer
from typer.main import get_command
from typer.testing import CliRunner

from ablations.commands.command_line import command_line
from ablations.commands.data_options import DATA_OPTIONS, takes_data_options
from ablations.study import StudyConfig


@pytest.mark.parametrize("command", ["study", "tune"])
def test_every_command_that_reads_a_table_takes_all_of_them(command):
    found = get_command(command_line()).commands[command]
    names = {parameter.name for parameter in found.params}
    assert DATA_OPTIONS.keys() <= names
    assert "read" not in names


def test_each_is_a_setting_of_a_study():
    assert DATA_OPTIONS.keys() <= StudyConfig.model_fields.keys()


def test_a_command_receives_what_was_given_and_nothing_else():
    told = []
    app = typer.Typer()

    @app.command()
    @takes_data_options
    def show(read: dict[str, object], count: int = 0) -> None:
        told.append((read, count))

    arguments = ["--drop", "a", "--drop", "b", "--count", "3"]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    assert CliRunner().invoke(app, []).exit_code == 0
    assert told == [({"drop": ["a", "b"]}, 3), ({}, 0)]
