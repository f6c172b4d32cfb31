"""JSON of strangers → Python values: NaN is let through, nesting is bounded, errors are placed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from papermap.errors import SourceError
from papermap.readers.source import told

_LONGEST_INTEGER: Final = 20  # digits; longer ones stay text, as Python refuses 4,300 of them
_LITERAL: Final = 12  # characters: what is left of a number, a word or an escape that was cut
_LINES: Final = 20  # looked at to recognise a sequence
_BLANK: Final = re.compile(r"[\s\x1e]*")
_NEXT_LINE: Final = re.compile(r"[\n\x1e]")
_CUT: Final = "It looks cut off: download or export it again."


@dataclass(slots=True)
class Repeated:
    """Keys that stood twice in one object, in the order met; the last value is kept."""

    keys: dict[str, int] = field(default_factory=dict)

    def build(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        built = dict(pairs)
        if len(built) < len(pairs):
            seen: set[str] = set()
            for key, _ in pairs:
                if key in seen:
                    self.keys[key] = self.keys.get(key, 0) + 1
                seen.add(key)
        return built


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else digits


def decoder(repeated: Repeated) -> json.JSONDecoder:
    """Decoder that accepts ``NaN`` and ``Infinity`` (checked later, feature by feature)."""
    return json.JSONDecoder(object_pairs_hook=repeated.build, parse_int=_integer)


def parse(text: str, path: str, repeated: Repeated) -> Any:
    """Value of one JSON text.

    Raises
    ------
    SourceError
        For text that is not JSON (with line and column, and whether it looks cut off) or is nested
        deeper than Python's stack.
    """
    try:
        return decoder(repeated).decode(text.rstrip())
    except json.JSONDecodeError as error:
        raise _refusal(error, path) from error
    except RecursionError as error:
        raise too_deep(path) from error


def parse_each(text: str, path: str, repeated: Repeated) -> Iterator[tuple[int, Any, str]]:
    """Line number, value and error (one is empty) of each JSON text in a sequence.

    Newlines (newline-delimited JSON) and record separators (RFC 8142) stand between the texts; a
    broken one costs its own line only.
    """
    scan = decoder(repeated)
    place, line, counted = 0, 1, 0
    while True:
        found = _BLANK.match(text, place)
        place = found.end() if found else place
        line += text.count("\n", counted, place)
        counted = place
        if place >= len(text):
            return
        try:
            value, place = scan.raw_decode(text, place)
            yield line, value, ""
        except json.JSONDecodeError as error:
            yield line, None, f"{error.msg} ({error.lineno}:{error.colno})"
            place = _after(text, place)
        except RecursionError as error:
            raise too_deep(path) from error


def is_sequence(text: str) -> bool:
    """Whether the text holds several JSON objects, one a line or after a separator."""
    if text.startswith("\x1e"):
        return True
    start, objects = 0, 0
    for _ in range(_LINES):
        end = text.find("\n", start)
        last = end < 0
        if last and not objects:
            return False
        objects += _is_object(text[start:] if last else text[start:end])
        if last or objects > 1:
            break
        start = end + 1
    return objects > 1


def _is_object(line: str) -> bool:
    if not line.lstrip().startswith("{") or not line.rstrip().endswith("}"):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def too_deep(path: str) -> SourceError:
    """The refusal of text nested deeper than anyone needs."""
    return SourceError(
        "{path} is JSON nested too deep to be a map.",
        "Export it again as GeoJSON from the program it came from.",
        path=told(path),
    )


def _after(text: str, place: int) -> int:
    found = _NEXT_LINE.search(text, place)
    return found.end() if found else len(text)


def _refusal(error: json.JSONDecodeError, path: str) -> SourceError:
    rest = error.doc[error.pos :].rstrip()
    cut = len(rest) <= _LITERAL and "\n" not in rest and not rest.startswith(("}", "]"))
    if error.msg.startswith("Unterminated string"):
        cut = True
    hint = _CUT if cut else "Open it in an editor at that place, or export it again."
    return SourceError(
        "{path} is incomplete JSON at line {line}, column {column}: {why}."
        if cut
        else "{path} is not valid JSON at line {line}, column {column}: {why}.",
        hint,
        path=told(path),
        line=error.lineno,
        column=error.colno,
        why=error.msg,
    )
