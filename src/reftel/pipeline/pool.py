"""Work shared by processes, its results in order; an item that kills its process is found out and left behind."""

from __future__ import annotations

import signal
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_all_start_methods, get_context
from typing import TYPE_CHECKING, Generic, TypeVar

from reftel.errors import ReftelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# Never a fork of this process: whoever tagged here has threads, and a fork that waits for one of them waits for ever.
_START = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"

# Never a fork of this process: whoever tagged here has threads, and a fork that waits for one of them waits for ever.
_START = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"

T = TypeVar("T")
R = TypeVar("R")


def chunked(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of `size`, the last one shorter."""
    stream = iter(items)
    return iter(lambda: list(islice(stream, size)), [])


def ordered_map(
    work: Callable[[list[T]], list[R]], chunks: Iterable[list[T]], *, workers: int
) -> Iterator[tuple[list[T], list[R | None]]]:
    """Each chunk with what `work` made of it, item by item, in order; a few chunks are under way at a time.

    `work` and the items go to other processes where there are several `workers`. An item whose process dies (out of
    memory, a crash) has None for its result; the others of its chunk are done again without it.
    """
    if workers == 1:
        for chunk in chunks:
            yield chunk, list(work(chunk))
        return
    pool = _Pool(work, workers)
    try:
        for chunk in chunks:
            pool.submit(chunk)
            if len(pool.waiting) > 2 * workers:
                yield pool.next()
        while pool.waiting:
            yield pool.next()
    finally:
        pool.close()


def one_by_one(work: Callable[[list[T]], list[R]], items: list[T]) -> list[R | str]:
    """What `work` makes of the items; where it fails, each half alone, down to the item at fault, which gets a reason.

    A fault of ours must not take the other cables with it. Errors of our own tree (a damaged model) are not the
    cables' and are raised.
    """
    try:
        return list(work(items))
    except ReftelError:
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, the other cables must be done
        if len(items) == 1:
            what = f"reftel failed on this cable ({type(error).__name__}: {error})"
            return [f"{what}; please report it with the cable"]
    half = len(items) // 2
    return [*one_by_one(work, items[:half]), *one_by_one(work, items[half:])]


class _Pool(Generic[T, R]):
    """Processes, and the chunks that they have at hand, oldest first."""

    def __init__(self, work: Callable[[list[T]], list[R]], workers: int) -> None:
        self._work, self._workers = work, workers
        self._executor = _executor(workers)
        self.waiting: deque[tuple[list[T], Future[list[R]]]] = deque()

    def submit(self, chunk: list[T]) -> None:
        try:
            future = self._executor.submit(self._work, chunk)
        except BrokenProcessPool as error:  # found out before `next` met it: `next` mends it
            future = Future()
            future.set_exception(error)
        self.waiting.append((chunk, future))

    def next(self) -> tuple[list[T], list[R | None]]:
        """The oldest chunk's results."""
        chunk, future = self.waiting.popleft()
        try:
            return chunk, list(future.result())
        except BrokenProcessPool:
            return chunk, self._again(chunk)

    def close(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _again(self, chunk: list[T]) -> list[R | None]:
        """A process died, perhaps over another chunk: this one is done alone, then what had been waiting."""
        self.close()
        results = _alone(self._work, chunk)
        self._executor = _executor(self._workers)
        held = [waiting for waiting, _ in self.waiting]
        self.waiting.clear()
        for waiting in held:
            self.submit(waiting)
        return results


def _alone(work: Callable[[list[T]], list[R]], chunk: list[T]) -> list[R | None]:
    """The chunk in a process of its own; where that dies, each half on its own, down to the one that kills it."""
    with _executor(1) as executor:
        try:
            return list(executor.submit(work, chunk).result())
        except BrokenProcessPool:
            if len(chunk) == 1:
                return [None]
    half = len(chunk) // 2
    return [*_alone(work, chunk[:half]), *_alone(work, chunk[half:])]


def _executor(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=get_context(_START), initializer=_ignore_interrupt)


def _ignore_interrupt() -> None:
    """Ctrl-C reaches every process of a terminal: only the one that leads the work answers it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
