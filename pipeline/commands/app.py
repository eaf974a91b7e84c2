"""The Typer application, and how a user's mistake is told."""

import sys

import typer

from pipeline.commands import coding, dataset, documents, fetch, review
from pipeline.domain.errors import UserError

app = typer.Typer(
    name="participation-deficit",
    help="How much say do digital reforms give the public? Plans in, a measured and traceable dataset out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
for module in (documents, fetch, coding, dataset, review):
    module.register(app)


def main() -> None:
    """Run the command; a user's mistake ends with one line on stderr and exit code 2."""
    try:
        app()
    except UserError as error:
        print(f"participation-deficit: {error}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(1)
