"""Break a file of every format over and over; nothing but PapermapErrors may come of it.

Run it for some minutes after a change to a reader::

    python tests/fuzz.py --minutes 5
    python tests/fuzz.py --minutes 5 --format kml --format csv --seed 1000

Each file is one of ``format_samples.py`` with some changes of ``mutations.py``, made from a seed,
so that every finding comes again; it is read, checked, mended and written back. Memory
is bounded (--memory), each file has ten seconds, and no socket may be opened. What was found is
told with its seed and kept in --keep; exit status 1.
"""

from __future__ import annotations

import argparse
import faulthandler
import io
import resource
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any, NoReturn

from format_samples import SAMPLES
from mutations import mutated
from test_checks_geojson import again, same
from test_formats import counted

from papermap.checks import check_source
from papermap.checks.mend import mended
from papermap.checks.report import problems_as_text
from papermap.errors import PapermapError
from papermap.headers import Headers
from papermap.i18n import error_text
from papermap.readers import read
from papermap.vocabulary import load_vocabulary

SECONDS = 10


def main() -> int:
    """Break files until the time is over; 1 when something else than a refusal came of it."""
    options = _options()
    resource.setrlimit(resource.RLIMIT_AS, (options.memory * 2**20, options.memory * 2**20))
    signal.signal(signal.SIGALRM, _too_slow)
    socket.socket.connect = _no_network  # type: ignore[method-assign]
    with tempfile.TemporaryDirectory() as folder:
        samples = {key: SAMPLES[key](Path(folder)) for key in options.format or SAMPLES}
    end, seed, found, counts = (
        time.monotonic() + options.minutes * 60,
        options.seed,
        0,
        Counter[str](),
    )
    while time.monotonic() < end:
        for key, sample in samples.items():
            data = mutated(sample, Random(seed))  # noqa: S311
            options.keep.write_bytes(data)  # a crash of a library leaves it behind
            signal.alarm(SECONDS)
            try:
                counts[f"{key}: {_run(data, key if seed % 2 else '')}"] += 1
            except Exception:  # noqa: BLE001 - that is what is looked for
                found += 1
                kept = options.keep.with_name(f"{key}-{seed}")
                kept.write_bytes(data)
                print(f"--- {key}, seed {seed}, kept in {kept}")
                traceback.print_exc(limit=-6, file=sys.stdout)
            finally:
                signal.alarm(0)
        seed += 1
    for line in sorted(counts):
        print(f"{line} {counts[line]}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"seeds {options.seed} to {seed - 1}, {counts.total()} files, {found} found, {memory} MB")
    return 1 if found else 0


def _run(data: bytes, read_as: str) -> str:
    try:
        raw = read("-", stdin=io.BytesIO(data), headers=Headers(read_as=read_as))
    except PapermapError as error:
        return "refused" if all(error_text(error, "ja")) else "refused without a word"
    checked = check_source(raw, load_vocabulary())
    counted(checked)
    problems_as_text(checked, "ja")
    mended(raw)
    if checked.points or checked.lines or checked.areas or checked.unplaced:
        same(checked, again(checked))
    return "read"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--format", action="append", choices=sorted(SAMPLES))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--memory", type=int, default=4096, metavar="MB")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "papermap-fuzz")
    options = parser.parse_args()
    options.keep.mkdir(exist_ok=True)
    options.keep /= "last"
    return options


def _too_slow(*_: Any) -> NoReturn:
    raise TimeoutError(f"more than {SECONDS} s")


def _no_network(*_: Any) -> NoReturn:
    raise AssertionError("a socket was opened")


if __name__ == "__main__":
    faulthandler.enable()
    sys.exit(main())
