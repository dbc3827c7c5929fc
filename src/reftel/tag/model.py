"""The named-entity tagger: an ONNX network over word pieces, and what is made of its answer.

Nothing is read before `load_tagger`: importing this module reads no file and does not import
onnxruntime. The same texts give the same spans whatever the batch, the threads and the cables
beside them: windows are batched with windows of their own length only, no window sees another, and no
number of the network is scaled by what else is in the batch.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict, deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from importlib import resources
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from reftel.errors import ModelError
from reftel.tag import decode, rules
from reftel.tag.rules import Span
from reftel.tag.scores import Calibration, Curve, calibrated
from reftel.tag.windows import Window, Words, at_words, read_words, rows, windows
from reftel.tag.wordpiece import WordPiece

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from numpy.typing import NDArray

    from reftel.model import MentionType

_BATCH = 1024  # pieces: few enough for the processor's cache
_POOL = 32  # cables whose windows are sorted by length together
_WAITING = 2  # pools begun before the first of them is finished
_WEIGHTS, _VOCABULARY, _MANIFEST = "weights.onnx", "vocab.txt", "manifest.json"
__all__ = ["Span", "Tagger", "load_tagger"]

_REMEDY = "reinstall reftel, or name another model folder"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `manifest.json` says of a model; `limit` is the most pieces of a window."""

    name: str
    sha256: str
    labels: tuple[str, ...]
    limit: int
    calibration: Calibration


class _Pool(NamedTuple):
    """Cables in the network's hands: their texts, the windows over all of these, the batches of windows to come."""

    cables: list[Sequence[str]]
    words: Words
    windows: list[Window]
    batches: list[tuple[list[int], Future[NDArray[np.float32]]]]


class Tagger:
    """Finds the names in the unit texts of cables. Make one with `load_tagger`."""

    def __init__(self, session: Any, split: WordPiece, manifest: Manifest, threads: int) -> None:
        """Take an onnxruntime session, the splitter with the model's vocabulary, the manifest, how many threads run."""
        self._session, self._split, self._manifest = session, split, manifest
        self._scheme = decode.Scheme(manifest.labels)
        self._kinds = [cast("MentionType", label[2:]) for label in manifest.labels]
        self._special = split.id("[CLS]"), split.id("[SEP]")
        self._workers = ThreadPoolExecutor(threads, thread_name_prefix="reftel-tag")

    @property
    def version(self) -> str:
        """The model's name and the first 12 digits of its weights' SHA-256."""
        return f"{self._manifest.name}-{self._manifest.sha256[:12]}"

    def spans(self, texts: Sequence[str]) -> list[list[Span]]:
        """Return the mentions of each unit text of ONE cable, in order, none overlapping.

        Neighbouring units explain each other, so a unit's mentions may depend on the others.
        """
        return next(self.spans_many([texts]))

    def spans_many(self, cables: Iterable[Sequence[str]]) -> Iterator[list[list[Span]]]:
        """Yield what `spans` returns for each cable, in order; faster than one by one.

        Reads ahead by 64 cables at most: the network reads some while others are cut into words or written out.
        """
        stream = iter(cables)
        waiting: deque[_Pool] = deque()
        while some := list(islice(stream, _POOL)):
            waiting.append(self._begun(some))
            if len(waiting) == _WAITING:
                yield from self._finished(waiting.popleft())
        while waiting:
            yield from self._finished(waiting.popleft())

    def _begun(self, cables: list[Sequence[str]]) -> _Pool:
        """Cut the cables into windows and give these to the network's threads."""
        limit = self._manifest.limit
        words = read_words([text for texts in cables for text in texts], self._split, limit)
        listed = list(windows(words, [len(texts) for texts in cables], limit))
        batches = [
            (numbers, self._workers.submit(self._logits, words, [listed[number] for number in numbers]))
            for numbers in _batches(listed)
        ]
        return _Pool(cables, words, listed, batches)

    def _logits(self, words: Words, some: Sequence[Window]) -> NDArray[np.float32]:
        """Return the logits (windows, pieces, labels) of windows of one size."""
        pieces, cases = rows(words, some, self._special)
        answer: NDArray[np.float32] = self._session.run(["logits"], {"pieces": pieces, "cases": cases})[0]
        return answer

    def _finished(self, pool: _Pool) -> Iterator[list[list[Span]]]:
        """Yield the cables' mentions, after the rules, scores calibrated."""
        found: list[list[Span]] = [[] for texts in pool.cables for _ in texts]
        for unit, span in self._spans(pool):
            found[unit].append(span)
        units = iter(found)
        for texts in pool.cables:
            ruled = rules.apply(texts, [next(units) for _ in texts])
            yield [calibrated(text, own, self._manifest.calibration) for text, own in zip(texts, ruled, strict=True)]

    def _spans(self, pool: _Pool) -> Iterator[tuple[int, Span]]:
        """Yield unit and mention; one for each unit, should a mention cross units."""
        units = pool.words.units
        sizes = np.array([window.last - window.first for window in pool.windows], np.int64)
        if not len(sizes):
            return
        runs = decode.runs(_softmax(_at_words(pool)), sizes, self._scheme)
        last = runs.last - 1
        columns = (runs.first, last, pool.words.starts[runs.first], pool.words.ends[last], runs.label, runs.score)
        for first, final, start, end, label, score in zip(*(column.tolist() for column in columns), strict=True):
            kind = self._kinds[label]
            unit = int(units[first])
            if units[final] == unit:
                yield unit, Span(start, end, kind, score)
            else:
                yield from _parts(pool.words, slice(first, final + 1), kind, score)


def load_tagger(model: Path | None = None, *, threads: int | None = None) -> Tagger:
    """Load a model folder, the package's own by default, to run on `threads` threads (one a core by default).

    Raises ModelError where a file is missing or damaged, or onnxruntime refuses it.
    """
    folder = model or resources.files("reftel").joinpath("data", "models", "default")
    manifest, files = _manifest(folder)
    vocabulary = _checked(folder, _VOCABULARY, files).decode("utf-8").splitlines()
    session = _session(_checked(folder, _WEIGHTS, files), folder)
    return Tagger(session, WordPiece(vocabulary), manifest, threads or _cores())


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _manifest(folder: Path | Traversable) -> tuple[Manifest, dict[str, str]]:
    try:
        data = json.loads(_bytes(folder, _MANIFEST))
        files = {name: str(row["sha256"]) for name, row in data["files"].items()}
        manifest = Manifest(
            name=str(data["name"]),
            sha256=files[_WEIGHTS],
            labels=tuple(data["labels"]),
            limit=int(data["limit"]),
            calibration=Calibration(*(Curve(**data["calibration"][case]) for case in Calibration._fields)),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{folder}/{_MANIFEST}: not a model's manifest ({error!r}); {_REMEDY}") from None
    return manifest, files


def _bytes(folder: Path | Traversable, name: str) -> bytes:
    try:
        return folder.joinpath(name).read_bytes()
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise ModelError(f"{folder}/{name}: {reason}; {_REMEDY}") from None


def _checked(folder: Path | Traversable, name: str, files: dict[str, str]) -> bytes:
    data = _bytes(folder, name)
    if hashlib.sha256(data).hexdigest() != files.get(name):
        raise ModelError(f"{folder}/{name}: damaged, its SHA-256 is not the manifest's; {_REMEDY}")
    return data


def _session(weights: bytes, folder: Path | Traversable) -> Any:
    import onnxruntime  # noqa: PLC0415  # a second to import, and only tagging needs it

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1  # the threads run batches side by side
    try:
        return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises classes of its own without a common public base
        reason = str(error).splitlines()[0]
        raise ModelError(f"{folder}/{_WEIGHTS}: onnxruntime refuses it ({reason}); {_REMEDY}") from error


def _batches(listed: Sequence[Window]) -> Iterator[list[int]]:
    """Yield the numbers of windows of one size, as many as a batch holds; the longest first."""
    by_size: dict[int, list[int]] = defaultdict(list)
    for number, window in enumerate(listed):
        by_size[window.size].append(number)
    for size, numbers in sorted(by_size.items(), reverse=True):
        most = max(1, _BATCH // size)
        for start in range(0, len(numbers), most):
            yield numbers[start : start + most]


def _at_words(pool: _Pool) -> NDArray[np.float32]:
    """Return the logits (words, labels) at the first piece of each word of the pool, when they have come."""
    answers: list[NDArray[np.float32]] = [np.zeros(0, np.float32)] * len(pool.windows)
    for numbers, batch in pool.batches:
        for number, logits in zip(numbers, batch.result(), strict=True):
            answers[number] = logits[at_words(pool.words, pool.windows[number])]
    return np.concatenate(answers)


def _parts(words: Words, run: slice, kind: MentionType, score: float) -> Iterator[tuple[int, Span]]:
    """Yield a mention that crosses units as one in each of them."""
    for unit in np.unique(words.units[run]):
        own = np.flatnonzero(words.units[run] == unit) + run.start
        yield int(unit), Span(int(words.starts[own[0]]), int(words.ends[own[-1]]), kind, score)


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), np.float32)
