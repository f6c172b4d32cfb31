"""Pools of processes that break, or cannot be had, cost no sheet."""

from __future__ import annotations

from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Self

import pytest

from papermap import engine


class Pool:
    """A pool that does ``good`` tasks, then fails; in ``submit`` or in the result."""

    def __init__(self, good: int, error: Exception, *, at_once: bool) -> None:
        self.left, self.error, self.at_once = good, error, at_once
        self.shut = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.shut = True

    def submit(self, _: object, *given: str) -> Future[str]:
        if not given:  # a worker is asked to get ready
            return Future()
        task = given[-1]
        self.left -= 1
        if self.left < 0 and self.at_once:
            raise self.error
        future: Future[str] = Future()
        if self.left < 0:
            future.set_exception(self.error)
        else:
            future.set_result(f"pool {task}")
        return future

    def shutdown(self, **_: object) -> None:
        self.shut = True


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("error", [BrokenProcessPool(), ConnectionRefusedError(), EOFError()])
@pytest.mark.parametrize("good", [0, 1, 9])
def test_what_a_broken_pool_leaves_is_drawn_here(
    monkeypatch: pytest.MonkeyPatch, good: int, error: Exception, *, at_once: bool
) -> None:
    pool = Pool(good, error, at_once=at_once)
    monkeypatch.setattr(engine, "_pool", lambda _: pool)
    monkeypatch.setattr(engine, "draw_sheet", lambda _, task: f"here {task}")
    tasks: Any = [str(number) for number in range(12)]
    context: Any = None
    with engine.Engine(2) as drawer:
        drawn = [str(drawing).split()[1] for drawing in drawer.draw(context, tasks)]
    assert drawn == tasks
    assert pool.shut


def test_other_errors_of_a_worker_are_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_pool", lambda _: Pool(1, ValueError("bug"), at_once=False))
    tasks: Any = ["a", "b", "c"]
    context: Any = None
    with engine.Engine(2) as drawer, pytest.raises(ValueError, match="bug"):
        list(drawer.draw(context, tasks))
