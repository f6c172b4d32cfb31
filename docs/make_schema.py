"""Write papermap/schema/manifest.schema.json from the types: ``python docs/make_schema.py``."""

from __future__ import annotations

from papermap import edition, resources

if __name__ == "__main__":
    resources.file("schema", "manifest.schema.json").write_bytes(edition.schema_bytes())
