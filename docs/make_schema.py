"""Write papermap/schema/*.schema.json from types and data: ``python docs/make_schema.py``."""

from __future__ import annotations

from papermap import edition, resources, template

if __name__ == "__main__":
    resources.file("schema", "manifest.schema.json").write_bytes(edition.schema_bytes())
    resources.file("schema", "contribution.schema.json").write_bytes(
        template.contribution_schema_bytes()
    )
