"""Print the commands of one marked block of README.md: ``python3 .ci/readme.py first``."""

import re
import sys
from pathlib import Path

text = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
block = re.search(rf"<!-- ci: {re.escape(sys.argv[1])} -->\s*```\w*\n(.*?)```", text, re.DOTALL)
if block is None:
    sys.exit(f"README.md has no block marked “ci: {sys.argv[1]}”.")
print(block[1])
