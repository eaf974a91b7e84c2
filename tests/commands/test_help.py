"""`--help` is what a non-programmer reads first."""

import pytest

from pipeline.commands import app

NAMES = sorted(str(info.name or info.callback.__name__).replace("_", "-") for info in app.registered_commands)


def test_the_commands_of_the_journey_are_there(command):
    told = command("--help")
    assert told.code == 0
    for name in ("add", "collect", "extract", "segment", "classify", "measure", "publish", "run", "train", "evaluate"):
        assert name in NAMES
        assert f" {name} " in told.out


def test_without_arguments_the_help_is_shown(command):
    told = command()
    assert "Usage" in told.out + told.err
    assert "Traceback" not in told.out + told.err


@pytest.mark.parametrize("name", NAMES)
def test_every_command_and_option_is_explained(command, name):
    told = command(name, "--help")
    assert told.code == 0
    assert f"participation-deficit {name}" in told.out
    assert told.err == ""
    callback = next(
        info.callback
        for info in app.registered_commands
        if (info.name or info.callback.__name__) == name.replace("-", "_") or info.name == name
    )
    assert callback.__doc__.splitlines()[0].split("`")[0].strip()[:40] in " ".join(told.out.split())


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_has_a_help_text(name):
    from typer.main import get_command

    for parameter in get_command(app).commands[name].params:
        if parameter.name != "help":
            assert getattr(parameter, "help", None), f"{name}: {parameter.name} is not explained"


def test_an_unknown_command_is_a_users_mistake(command):
    told = command("clasify", "x.csv")
    assert told.code == 2
    assert "No such command" in told.err and "Traceback" not in told.err
