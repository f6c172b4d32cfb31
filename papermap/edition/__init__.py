"""The manifest, stable numbers, what changed."""

from papermap.edition.manifest import (
    make_manifest,
    manifest_bytes,
    schema,
    schema_bytes,
)
from papermap.edition.records import Manifest, PlacementRecord

__all__ = [
    "Manifest",
    "PlacementRecord",
    "make_manifest",
    "manifest_bytes",
    "schema",
    "schema_bytes",
]
