"""The console command `participation-deficit`: thin commands that parse arguments and call a stage."""

from pipeline.commands.app import app, main

__all__ = ["app", "main"]
