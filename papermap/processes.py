"""How this process works and others are started; light, so that they load while we do."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import signal
import sys
from collections.abc import Iterator
from multiprocessing.context import BaseContext

_LIBRARIES = "papermap.atlas"  # what every worker needs, loaded once by the fork server


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """No search for cycles while a nation of points is made: they have none.

    The collector would go through all of them again and again, a third of the time of checking.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def worker_context() -> BaseContext:
    """Context of the workers: a fork server, clean of our threads; fresh ones where none is."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_LIBRARIES])
    return context


def start_early() -> None:
    """Let the fork server begin to load its libraries now, beside whatever we do next."""
    if sys.platform != "win32":
        from multiprocessing import forkserver, resource_tracker  # noqa: PLC0415 - not everywhere

        worker_context()
        resource_tracker.ensure_running()  # it would let Ctrl-C through again
        with _deaf():
            forkserver.ensure_running()


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """What is started meanwhile does not hear Ctrl-C (it ends when we do); we hear it after."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
