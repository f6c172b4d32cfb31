"""Write docs/commands.md from the help of every command: ``python docs/make_commands.py``."""

from __future__ import annotations

from pathlib import Path

import click

from papermap.cli import main

HEAD = """# Commands

Made from the help of every command by `python docs/make_commands.py`; a test holds it true.

Exit status of every command: 0 done, 1 problems, 2 wrong use. Results go to standard output, talk
to standard error. Shell completion: `eval "$(_PAPERMAP_COMPLETE=bash_source papermap)"`
(`zsh_source` and `fish_source` for the others).
"""


def reference() -> str:
    """The whole page as Markdown."""
    root = click.Context(
        main, info_name="papermap", terminal_width=88, help_option_names=["-h", "--help"]
    )
    parts = [HEAD, _block("papermap", main.get_help(root))]
    for name in main.list_commands(root):
        command = main.get_command(root, name)
        if command is not None:
            context = click.Context(command, parent=root, info_name=name, terminal_width=88)
            parts.append(_block(f"papermap {name}", command.get_help(context)))
    return "\n".join(parts)


def _block(title: str, text: str) -> str:
    return f"## {title}\n\n```text\n{text}\n```\n"


if __name__ == "__main__":
    Path(__file__).with_name("commands.md").write_text(reference(), encoding="utf-8")
