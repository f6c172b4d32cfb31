"""A module per format, and the registry that recognises a format from content."""

from __future__ import annotations

import difflib
from dataclasses import replace
from typing import BinaryIO, Final

from papermap.errors import UsageError
from papermap.headers import NO_HEADERS, Headers
from papermap.readers import (
    csvtext,
    gdal,
    geojson,
    gpx,
    kml,
    kmz,
    osmpbf,
    osmxml,
    overpass,
    records,
    refused,
    sequence,
    shapefile,
    umap,
    workbook,
    xls,
)
from papermap.readers.base import RawFeature, RawSource
from papermap.readers.opened import Opened, Reader
from papermap.readers.source import load

__all__ = ["FORMATS", "RawFeature", "RawSource", "read"]

# the first that recognises a source reads it: what is told by a magic number or a key of its own
# comes before what is told by its shape
_READERS: Final[tuple[Reader, ...]] = (
    kmz.READER,
    kml.READER,
    gpx.READER,
    osmxml.READER,
    osmpbf.READER,
    shapefile.READER,
    gdal.GEOPACKAGE,
    gdal.FLATGEOBUF,
    sequence.READER,
    overpass.READER,
    gdal.ESRI_JSON,
    gdal.TOPOJSON,
    umap.READER,
    geojson.READER,
    records.READER,
    workbook.XLSX,
    workbook.ODS,
    xls.READER,
    csvtext.READER,  # the loosest of all
)
FORMATS: Final = tuple(reader.key for reader in _READERS)


def read(path: str, *, stdin: BinaryIO | None = None, headers: Headers = NO_HEADERS) -> RawSource:
    """Everything in one source, raw; its format is recognised from content.

    Parameters
    ----------
    path
        A file, or ``-`` for standard input.
    stdin
        The stream that ``-`` means; None: the process's own.
    headers
        What the user says of the columns of tables; its ``read_as``, one of ``FORMATS``, overrides
        the recognition.

    Raises
    ------
    SourceError
        For a source that cannot be read at all: missing, empty, too large, of a format that is not
        known, cut off, nested too deep; with where, and what to do.
    UsageError
        For an unknown ``read_as``.
    """
    form = headers.read_as
    if form and form not in FORMATS:
        near = difflib.get_close_matches(form, FORMATS, n=1)
        raise UsageError(
            "Unknown form of data “{form}”.",
            "" if near else "Choose one of {known}.",
            near=near[0] if near else "",
            form=form,
            known=", ".join(FORMATS),
        )
    opened = Opened(load(path, stdin), headers)
    source = _reader(opened, form).read(opened)
    return replace(source, problems=opened.problems + source.problems)


def _reader(opened: Opened, form: str) -> Reader:
    if form:
        return next(reader for reader in _READERS if reader.key == form)
    found = next((reader for reader in _READERS if reader.recognises(opened)), None)
    if found is None:
        refused.refuse(opened)
    return found
