"""Cables in, cables written out, one by one: what `reftel parse` and `reftel annotate` do.

Every stage is a function of one cable, so a large run only swaps the map: here one process, or a pool of them, each
of which loads the tagger once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from reftel.parse import parse
from reftel.pipeline.pool import chunked, one_by_one, ordered_map
from reftel.pipeline.sources import Found, Unread, read_all
from reftel.pipeline.stages import annotate
from reftel.tag import Tagger, load_tagger
from reftel.write import write, write_companion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from reftel.model import Cable

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


def run(sources: Iterable[str], job: Job, *, workers: int = 1) -> Iterator[Outcome]:
    """Every cable of the sources, read, parsed, tagged and written as `job` says, in order; memory is bounded.

    An input that cannot be read, or a cable that fails, is an outcome with an error; the others are still done.
    """
    found = read_all(sources)
    if job.tagged:
        tagger_of(job.model, None if workers == 1 else 1)
    work = partial(_work, job=job, threads=None if workers == 1 else 1)
    for chunk, outcomes in ordered_map(work, chunked(found, _CHUNK), workers=workers):
        yield from (outcome or _lost(each) for each, outcome in zip(chunk, outcomes, strict=True))


def _lost(each: Found | Unread) -> Outcome:
    """A cable whose process was killed, by name."""
    name = each.raw.source if isinstance(each, Found) else each.error.where
    remedy = "run it again with fewer --workers, or one"
    return Outcome(name, error=f"{name}: the process that worked on it died (out of memory?); {remedy}")


def _work(chunk: list[Found | Unread], job: Job, *, threads: int | None = None) -> list[Outcome]:
    """The outcome of each cable in a chunk, in order."""
    found = [each for each in chunk if isinstance(each, Found)]
    done = zip(found, one_by_one(partial(_written, job=job, threads=threads), found) if found else (), strict=True)
    return [
        Outcome(each.error.where, error=str(each.error)) if isinstance(each, Unread) else _made(*next(done))
        for each in chunk
    ]


def _made(found: Found, made: Outcome | str) -> Outcome:
    """The outcome; a reason why there is none becomes one that tells of it."""
    source = found.raw.source
    return Outcome(source, error=f"{source}: {made}") if isinstance(made, str) else made


def _written(found: list[Found], *, job: Job, threads: int | None) -> list[Outcome]:
    """The cables of a chunk as text."""
    cables: Iterable[Cable] = (parse(each.raw) for each in found)
    if job.tagged:
        cables = annotate(cables, tagger=tagger_of(job.model, threads), keep_tags=job.keep_tags)
    return [_outcome(each, cable, job) for each, cable in zip(found, cables, strict=True)]


def _outcome(found: Found, cable: Cable, job: Job) -> Outcome:
    text = write(cable, job.format, masked=job.masked)
    companion = write_companion(cable, job.format, masked=job.masked)
    return Outcome(found.raw.source, found.stem or cable.mrn or "cable", text, companion)


@cache
def tagger_of(model: Path | None, threads: int | None) -> Tagger:
    """The tagger of this process, loaded once."""
    return load_tagger(model, threads=threads)
