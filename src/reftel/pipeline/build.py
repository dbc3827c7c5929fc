"""Cables into an archive: text first, so that it can be searched early, then names, then who is who across cables.

Every chunk of cables is one transaction, and what a stage has still to do is told from the archive itself: a build that
was interrupted, killed, or ran out of disk goes on where it stopped, and ends with the same archive.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

from reftel.model import Cable, RawCable
from reftel.parse import parse
from reftel.pipeline.each import tagger_of
from reftel.pipeline.pool import chunked, one_by_one, ordered_map
from reftel.pipeline.resolving import after_tagging, resolve
from reftel.pipeline.sources import Found, Unread, read_all
from reftel.pipeline.stages import annotate, code_version, understand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from reftel.archive import Archive

T = TypeVar("T")
Stage = Literal["parse", "tag", "resolve", "relate"]
STAGES: tuple[Stage, ...] = ("parse", "tag", "resolve", "relate")
CHUNK = 32  # cables to a process and to a transaction: full batches for the tagger, little memory
_COUNTED = 4096  # cables whose words are counted together: fewer cost more, more leave the first search waiting
DIED = "the process that worked on it died (out of memory?)"
"""Why a cable failed whose process is gone."""


class Progress(NamedTuple):
    """How far a build is: `total` is None while the inputs are still being found."""

    stage: str
    done: int
    total: int | None
    failed: int


@dataclass(frozen=True, slots=True)
class Plan:
    """How to build: with how many processes, by which model (the shipped one by default), what to do again."""

    workers: int = 1
    model: Path | None = None
    redo: Stage | None = None
    retry_failed: bool = False

    @property
    def threads(self) -> int | None:
        """Threads of a tagger: all cores where one process does everything."""
        return None if self.workers == 1 else 1


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: cables added, inputs that were in already, and what failed, one line each."""

    added: int
    skipped: int
    failures: tuple[str, ...]


def build(
    sources: Iterable[str],
    archive: Archive,
    plan: Plan | None = None,
    *,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Built:
    """Add the cables of the sources to the archive, and bring all that is in it up to date.

    Raises ModelError where the model is missing or damaged, sqlite3.Error where the archive cannot be written (a full
    disk); what was done until then is kept.
    """
    plan = plan or Plan()
    tagger_of(plan.model, plan.threads)
    run = _Run(archive, plan, on_progress)
    if plan.redo:
        archive.forget(plan.redo)
    if plan.retry_failed:
        sources = [*sources, *archive.failed_paths()]
        archive.forgive()
    run.add(sources)
    run.parse_again()
    run.link()
    archive.index_words()
    if run.name():
        archive.index_names()
    archive.index_words()
    if run.counts["added"]:
        archive.tidy()
    resolve(archive.connection)
    return Built(run.counts["added"], run.counts["skipped"], tuple(run.failures))


class _Run:
    """One build: its archive, its plan, and what it counts."""

    def __init__(self, archive: Archive, plan: Plan, on_progress: Callable[[Progress], None]) -> None:
        self.counts: Counter[str] = Counter()
        self.failures: list[str] = []
        self._archive, self._plan, self._on_progress = archive, plan, on_progress
        self._code = code_version()

    def add(self, sources: Iterable[str]) -> None:
        """Read the sources, and write what is not yet in the archive."""
        done = counted = 0
        new = self._new_only(read_all(sources))
        for chunk, results in ordered_map(parsed, chunked(new, CHUNK), workers=self._plan.workers):
            with self._archive.transaction():
                for each, result in zip(chunk, results, strict=True):
                    self._add(each, result)
            done += len(chunk)
            if self.counts["added"] >= counted + _COUNTED:
                counted = self.counts["added"]
                self._archive.index_words()
            self._tell("reading", done + self.counts["skipped"], None)

    def _new_only(self, found: Iterable[Found | Unread]) -> Iterator[Found | Unread]:
        """What is not in the archive; of what is, where it was found is noted."""
        for each in found:
            if isinstance(each, Found) and self._archive.knows(each.raw):
                with self._archive.transaction():
                    self._archive.found_again(each.raw)
                self.counts["skipped"] += 1
            else:
                yield each

    def _add(self, each: Found | Unread, result: Cable | str | None) -> None:
        if isinstance(each, Unread):
            self._fail(each.error.where, "read", f"{each.error.what}; {each.error.remedy}", path=each.path)
        elif not isinstance(result, Cable):
            self._fail(each.raw.source, "parse", result or DIED, path=each.path)
        elif self._archive.knows(each.raw):  # twice in one chunk
            self._archive.found_again(each.raw)
            self.counts["skipped"] += 1
        else:
            self._archive.add(result, parsed_by=self._code)
            self.counts["added"] += 1

    def parse_again(self) -> None:
        """Parse what another version of the code has parsed, from the raw text that the archive keeps."""
        pending = self._archive.pending("parsed_by", self._code)
        raws = ((number, self._archive.raw(number)) for number in pending)
        for done, (number, result) in enumerate(self._mapped(_parsed_again, raws), 1):
            if isinstance(result, Cable):
                self._archive.replace(number, result, parsed_by=self._code)
            else:
                self._fail_on(number, "parse", result)
            self._tell("parsing", done, len(pending))

    def link(self) -> None:
        """Link copies and versions, in the order of the cables."""
        pending = self._archive.pending("linked_by", self._code)
        for done, chunk in enumerate(chunked(pending, CHUNK)):
            with self._archive.transaction():
                for number in chunk:
                    self._archive.link(number, linked_by=self._code)
            self._tell("linking versions", done * CHUNK + len(chunk), len(pending))

    def name(self) -> int:
        """Tag, resolve and relate what is not done by this code and model, each from the stage due; how many cables."""
        tagged_by = f"{tagger_of(self._plan.model, self._plan.threads).version} {self._code}"
        done_by = {"tagged_by": tagged_by, "resolved_by": self._code, "related_by": self._code}
        pending = self._archive.pending_names(done_by)
        work = partial(named, model=self._plan.model, threads=self._plan.threads)
        cables = ((number, (self._archive.cable(number, with_raw=False), is_tagged)) for number, is_tagged in pending)
        for done, (number, result) in enumerate(self._mapped(work, cables), 1):
            if isinstance(result, Cable):
                self._archive.put_names(number, result, done_by=done_by)
                after_tagging(self._archive.connection, number)
            else:
                self._fail_on(number, "tag", result)
            self._tell("names", done, len(pending))
        return len(pending)

    def _mapped(
        self, work: Callable[[list[tuple[int, T]]], list[Cable | str]], items: Iterable[tuple[int, T]]
    ) -> Iterator[tuple[int, Cable | str | None]]:
        """Numbered items through the processes, a chunk's results inside one transaction."""
        for chunk, results in ordered_map(work, chunked(items, CHUNK), workers=self._plan.workers):
            with self._archive.transaction():
                yield from zip((number for number, _ in chunk), results, strict=True)

    def _fail_on(self, number: int, stage: str, reason: str | None) -> None:
        self._fail(self._archive.source(number), stage, reason or DIED, cable_id=number)

    def _fail(
        self, source: str, stage: str, reason: str, *, path: str | None = None, cable_id: int | None = None
    ) -> None:
        self._archive.fail(source, stage, reason, path=path and _absolute(path), cable_id=cable_id)
        self.failures.append(f"{source}: {reason}")

    def _tell(self, stage: str, done: int, total: int | None) -> None:
        self._on_progress(Progress(stage, done, total, len(self.failures)))


def _absolute(path: str) -> str:
    """The path as it is from any folder; standard input has none."""
    return str(Path(path).absolute()) if Path(path).exists() else path


def parsed(chunk: list[Found | Unread]) -> list[Cable | str]:
    """The cables of a chunk, or why there is none; an input error has nothing to parse."""
    raws = [each.raw for each in chunk if isinstance(each, Found)]
    cables = iter(one_by_one(lambda some: [parse(raw) for raw in some], raws) if raws else ())
    return [next(cables) if isinstance(each, Found) else "" for each in chunk]


def _parsed_again(chunk: list[tuple[int, RawCable]]) -> list[Cable | str]:
    return one_by_one(lambda some: [parse(raw) for _, raw in some], chunk)


def named(chunk: list[tuple[int, tuple[Cable, bool]]], *, model: Path | None, threads: int | None) -> list[Cable | str]:
    """The cables with names and what follows from them; those that are tagged already keep their mentions."""

    def names(some: list[tuple[int, tuple[Cable, bool]]]) -> list[Cable]:
        bare = [replace(cable, mentions=()) for _, (cable, is_tagged) in some if not is_tagged]
        tagged = iter(annotate(bare, tagger=tagger_of(model, threads)) if bare else ())
        return [understand(cable) if is_tagged else next(tagged) for _, (cable, is_tagged) in some]

    return one_by_one(names, chunk)
