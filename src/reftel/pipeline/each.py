"""The order of the stages, and the only module that knows it: read, parse, tag, write.

Parsing, tagging and writing are functions of one cable, so a large run only swaps the map: here one process, or
a pool of them, each of which loads the tagger once.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from reftel.errors import InputError, ReftelError
from reftel.model import Cable, RawCable
from reftel.parse import find_protected, parse
from reftel.read import find_inputs, read_input
from reftel.tag import Tagger, load_tagger, tag
from reftel.write import EXTENSIONS, write, write_companion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["EXTENSIONS", "Job", "Outcome", "annotate", "run"]

# Cables that go to a process together: enough to keep the tagger's batches full, few enough to keep memory small.
_CHUNK = 32


@dataclass(frozen=True, slots=True)
class Job:
    """What to do with each cable; picklable, so that a worker process can be told."""

    format: str
    tagged: bool
    masked: bool | None = None
    keep_tags: bool = False
    model: Path | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One cable written, or why it was not; `stem` is the name of its own file, without ending.

    `companion` is the ending and the text of a second file, where the format needs one beside the first.
    """

    source: str
    stem: str = "cable"
    text: str = ""
    companion: tuple[str, str] | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """A raw cable, and the stem of its input's name where it is alone in it."""

    raw: RawCable
    stem: str | None


def annotate(
    cables: Iterable[Cable | RawCable | str], *, tagger: Tagger | None = None, keep_tags: bool = False
) -> Iterator[Cable]:
    """Cables with the names in them, in order; raw cables and texts are parsed first. Streamed, some 64 ahead.

    `keep_tags` leaves a cable that came with mentions (a bracket file) as it is. Raises ModelError if no tagger is
    given and the shipped one is missing or damaged.
    """
    parsed = (cable if isinstance(cable, Cable) else parse(cable) for cable in cables)
    for cable in tag(parsed, tagger=tagger or load_tagger(), keep=keep_tags):
        # Whom a mark protects is told better by the persons tagged than by capitals alone.
        yield replace(cable, protected=find_protected(cable.units, cable.mentions))


def run(sources: Iterable[str], job: Job, *, workers: int = 1) -> Iterator[Outcome]:
    """Every cable of the sources, read, parsed, tagged and written as `job` says, in order; memory is bounded.

    An input that cannot be read, or a cable that fails, is an outcome with an error; the others are still done.
    """
    found = _read(sources)
    if job.tagged:
        _tagger(job.model, None if workers == 1 else 1)
    chunks = iter(lambda: list(islice(found, _CHUNK)), [])
    if workers == 1:
        for chunk in chunks:
            yield from _work(chunk, job)
    else:
        yield from _run_in_pool(chunks, job, workers)


def _run_in_pool(chunks: Iterator[list[_Found | InputError]], job: Job, workers: int) -> Iterator[Outcome]:
    """The chunks' outcomes in order, a few chunks ahead of who takes them."""
    waiting: deque[tuple[list[_Found | InputError], Future[list[Outcome]]]] = deque()
    with ProcessPoolExecutor(workers) as pool:
        for chunk in chunks:
            waiting.append((chunk, pool.submit(_work, chunk, job, threads=1)))
            if len(waiting) > 2 * workers:
                yield from _result(*waiting.popleft())
        while waiting:
            yield from _result(*waiting.popleft())


def _result(chunk: list[_Found | InputError], future: Future[list[Outcome]]) -> list[Outcome]:
    """What a worker made of a chunk; a worker that was killed loses its chunk, by name."""
    try:
        return future.result()
    except BrokenProcessPool:
        names = [each.raw.source if isinstance(each, _Found) else each.where for each in chunk]
        remedy = "run it again with fewer --workers, or one"
        return [Outcome(name, error=f"{name}: a worker process died (out of memory?); {remedy}") for name in names]


def _read(sources: Iterable[str]) -> Iterator[_Found | InputError]:
    """The raw cables of all sources, and an error for each input that holds none, in the order they are met."""
    failed: deque[InputError] = deque()
    for source in sources:
        for each in find_inputs(source, on_error=failed.append):
            stem = PurePosixPath(each.name.rpartition("!")[2]).stem
            for found in _cables_in(read_input(each, on_error=failed.append), stem):
                yield from _drained(failed)
                yield found
            yield from _drained(failed)
        yield from _drained(failed)


def _drained(failed: deque[InputError]) -> Iterator[InputError]:
    while failed:
        yield failed.popleft()


def _cables_in(raws: Iterator[RawCable], stem: str) -> Iterator[_Found]:
    """The cables of one input; one that is alone in it takes the input's name."""
    first = list(islice(raws, 2))
    name = stem if len(first) == 1 else None
    yield from (_Found(raw, name) for raw in first)
    yield from (_Found(raw, None) for raw in raws)


def _work(chunk: list[_Found | InputError], job: Job, *, threads: int | None = None) -> list[Outcome]:
    """The outcome of each cable in a chunk, in order."""
    found = [each for each in chunk if isinstance(each, _Found)]
    done = iter(_written(found, job, threads))
    return [Outcome(each.where, error=str(each)) if isinstance(each, InputError) else next(done) for each in chunk]


def _written(found: list[_Found], job: Job, threads: int | None) -> list[Outcome]:
    """The cables of a chunk as text; where the chunk fails as a whole, each cable on its own."""
    try:
        cables: Iterable[Cable] = (parse(each.raw) for each in found)
        if job.tagged:
            cables = annotate(cables, tagger=_tagger(job.model, threads), keep_tags=job.keep_tags)
        return [_outcome(each, cable, job) for each, cable in zip(found, cables, strict=True)]
    except ReftelError:
        raise
    except Exception as error:  # noqa: BLE001  # a fault of ours must not take the other cables with it
        if len(found) > 1:
            return [outcome for each in found for outcome in _written([each], job, threads)]
        source = found[0].raw.source
        what = f"{source}: reftel failed on this cable ({type(error).__name__}: {error})"
        return [Outcome(source, error=f"{what}; please report it with the cable")]


def _outcome(found: _Found, cable: Cable, job: Job) -> Outcome:
    text = write(cable, job.format, masked=job.masked)
    companion = write_companion(cable, job.format, masked=job.masked)
    return Outcome(found.raw.source, found.stem or cable.mrn or "cable", text, companion)


@cache
def _tagger(model: Path | None, threads: int | None) -> Tagger:
    """The tagger of this process, loaded once."""
    return load_tagger(model, threads=threads)
