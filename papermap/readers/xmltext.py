"""XML of strangers → elements one by one: no entities, no document types, nothing fetched."""

from __future__ import annotations

import html.entities
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from papermap.errors import InLanguages, SourceError
from papermap.model import Problem, Severity
from papermap.readers.opened import HEAD, Opened
from papermap.readers.source import printable, told

if TYPE_CHECKING:
    from lxml.etree import _Element

_PROLOG: Final = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_DECLARED: Final = re.compile(
    rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']"
)
_DECLARATION: Final = re.compile(r"^\s*<\?xml\b.*?\?>", re.DOTALL)
_REFERENCE: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{0,31};)")
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_UNICODE: Final = ("utf", "unicode", "ucs")
_AGAIN: Final = "Export it again from the map it was made with."
_LAST: Final = 3  # characters before its end at which a text that is cut off breaks


@dataclass(frozen=True, slots=True)
class XmlText:
    """Text of an XML source as the parser may see it, and what was wrong with it."""

    path: str
    text: str
    problems: tuple[Problem, ...] = ()

    def elements(self, *names: str) -> Iterator[tuple[str, _Element]]:
        """Each element as it begins (``start``) and ends (``end``), in the order of the file.

        With ``names``, those alone, in any namespace or none: other elements cost no time.
        Whoever reads clears what it is done with, so that memory does not grow with the file.

        Raises
        ------
        SourceError
            For what is no XML, with line and column, and whether it looks cut off; or is nested
            deeper than any map.
        """
        from lxml import etree  # noqa: PLC0415 - slow, and most sources are JSON

        try:
            yield from etree.iterparse(
                io.BytesIO(self.text.encode("utf-8")),
                events=("start", "end"),
                tag=[f"{{*}}{name}" for name in names] or None,
                encoding="utf-8",
                resolve_entities=False,
                load_dtd=False,
                no_network=True,
                remove_comments=True,
                remove_pis=True,
                collect_ids=False,
                huge_tree=False,
            )
        except etree.XMLSyntaxError as error:
            raise self._refusal(error.msg or "", *error.position) from error

    def _refusal(self, message: str, line: int, column: int) -> SourceError:
        path = told(self.path)
        place = InLanguages(
            en=f" at line {line}, column {column}" if line else "",
            ja=f"（{line}行目の{column}字目）" if line else "",
        )
        plain = printable(message.rpartition(", line")[0] or message)
        if "depth" in message:
            return SourceError("{path} is XML nested too deep to be a map.", _AGAIN, path=path)
        if message.startswith("Resource limit"):
            return SourceError(
                "{path} holds a text too long to be one of a map{place}.",
                "Leave away the largest lines and areas, and export it again.",
                path=path,
                place=place,
            )
        if self._is_end(line, column):
            return SourceError(
                "{path} is incomplete XML{place}: {plain}.",
                "It looks cut off: download or export it again.",
                path=path,
                place=place,
                plain=plain,
            )
        hint = "Open it in an editor at that place, or export it again."
        if "EntityRef" in message:
            hint = "Write an & in a text as &amp; there, or export it again."
        return SourceError(
            "{path} is not valid XML{place}: {plain}.", hint, path=path, place=place, plain=plain
        )

    def _is_end(self, line: int, column: int) -> bool:
        """Whether a place lies where the text ends; columns count bytes."""
        rows = self.text.rstrip().split("\n")
        return line >= len(rows) and column >= len(rows[-1].encode()) - _LAST


def xml_text(opened: Opened) -> XmlText:
    """Text of an XML source in the encoding that it declares, without what XML does not allow.

    Raises
    ------
    SourceError
        For a document type of its own: with one, a file can make its reader open other files or
        run out of memory, and no map needs one.
    """
    text = _decoded(opened)
    prolog = _PROLOG.match(text)
    if prolog and text.startswith("<!", prolog.end()):
        raise SourceError(
            "{path} brings a document type of its own (<!DOCTYPE …>) and is not "
            "read: such files can make a program open other files, or run out "
            "of memory.",
            _AGAIN,
            path=told(opened.path),
        )
    # what HTML calls &nbsp; XML does not know; a name that nobody knows stays as it was written
    text = _REFERENCE.sub(lambda found: _named(found[1]), _DECLARATION.sub("", text, count=1))
    text, removed = _FORBIDDEN.subn(" ", text)
    if not removed:
        return XmlText(opened.path, text)
    problem = Problem("PM069", Severity.WARNING, opened.path, params={"count": str(removed)})
    return XmlText(opened.path, text, (problem,))


def _decoded(opened: Opened) -> str:
    declared = _DECLARED.match(opened.content.data[:HEAD])
    encoding = declared[1].decode("ascii").lower() if declared else ""
    if encoding and not encoding.startswith(_UNICODE):
        try:
            return opened.content.data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            pass  # it says what it is not
    return opened.text


def _named(name: str) -> str:
    return html.entities.html5.get(name, f"&amp;{name}")
