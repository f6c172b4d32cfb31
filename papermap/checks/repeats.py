"""Descriptions that say all columns over again, as Google My Maps writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from papermap.checks.text import as_text, clean, fold

_SAID = 100  # columns that are looked for


def without_repeats(text: str, column: str, properties: Mapping[str, Any]) -> str:
    """The text of ``column`` without the lines that repeat another column: “駐車場: 有”.

    Columns that are not printed count too: what is private there is private here.
    """
    lines = text.split("\n")
    if not any(":" in line or "：" in line for line in lines):
        return text
    repeated: dict[str, list[str]] = {}
    for name, value in list(properties.items())[:_SAID]:
        if name != column:
            first, *more = clean(as_text(value)).text.split("\n")
            repeated[fold(f"{name}{first}") or name] = [fold(each) for each in more]
    kept: list[str] = []
    place = 0
    while place < len(lines):
        rest = repeated.get(fold(lines[place]))
        end = place + 1 + len(rest or ())
        if rest is None or rest != [fold(each) for each in lines[place + 1 : end]]:
            kept.append(lines[place])
            end = place + 1
        place = end
    return "\n".join(kept)
