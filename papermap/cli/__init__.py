"""The command line: a module per command, thin; heavy imports wait inside the commands."""

from __future__ import annotations

import importlib
import logging

import click

from papermap.cli.errors import PapermapGroup

# command → module that holds it; imported only when it is called or its help is asked
_COMMANDS = ("build", "check", "explain", "init", "merge", "pack", "styles", "template")


class _LazyGroup(PapermapGroup):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"papermap.cli.{cmd_name}")
        command: click.Command = module.command
        return command


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="papermap-relief", prog_name="papermap")
def main() -> None:
    """Print disaster maps that need no device, power or network.

    papermap takes points where people find water, shelter, baths or medicine, checks them, and
    makes numbered paper sheets of them with an overview and an index.
    """
    # it tells of its caches and folders, which are nobody's business here
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
