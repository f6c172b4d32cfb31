"""Write docs/sheet.png, a real sheet of the sample: ``python docs/make_picture.py`` (poppler)."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import papermap
from papermap import resources
from papermap.job import PROJECT_FILE, read_project

SHEET = "10"


def main() -> None:
    """Build the sample, and turn one of its sheets into a picture of 16 greys."""
    with tempfile.TemporaryDirectory() as folder:
        atlas = Path(folder) / "atlas.pdf"
        options = read_project(resources.file("sample_data", PROJECT_FILE))
        job = papermap.make_job({**options, "output": str(atlas), "sheets": SHEET})
        papermap.build(job)
        picture = Path(__file__).with_name("sheet")
        subprocess.run(
            ["pdftoppm", "-r", "96", "-gray", "-png", "-singlefile", "-l", "1", atlas, picture],
            check=True,
        )


if __name__ == "__main__":
    main()
