"""Pools of processes that break, or cannot be had, cost no sheet."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

import pytest

from papermap import engine


def here(item: str) -> str:
    return f"here {item}"


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
    tasks = [str(number) for number in range(12)]
    with engine.Engine(2) as worker:
        done = list(worker.map(here, tasks))
    assert [each.split()[1] for each in done] == tasks
    assert [each.split()[0] for each in done].count("pool") == min(good, 12)
    assert pool.shut


def test_other_errors_of_a_worker_are_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_pool", lambda _: Pool(1, ValueError("bug"), at_once=False))
    with engine.Engine(2) as worker, pytest.raises(ValueError, match="bug"):
        list(worker.map(here, ["a", "b", "c"]))


@dataclass(frozen=True)
class Shared:
    """What all items share, with a mapping that pickle alone does not take."""

    words: Mapping[str, str]

    def said(self, item: str) -> tuple[str, int]:
        return self.words[item], os.getpid()


def test_what_all_share_goes_to_the_workers_once() -> None:
    shared = Shared(MappingProxyType({"a": "water", "b": "shelter"}))
    with engine.Engine(2) as worker:
        done = list(worker.map(shared.said, ["a", "b", "a"]))
    assert [word for word, _ in done] == ["water", "shelter", "water"]
    assert os.getpid() not in {process for _, process in done}


def test_without_a_pool_the_work_is_done_here() -> None:
    with engine.Engine(1) as worker:
        assert list(worker.map(here, ["a", "b"])) == ["here a", "here b"]
