"""The named-entity tagger: an ONNX network over word pieces, and what is made of its answer.

Nothing is read before `load_tagger`: importing this module reads no file and does not import
onnxruntime. The same texts give the same spans whatever the batch, the threads and the cables
beside them: a window is always padded to the same length, no window sees another, and no number of
the network is scaled by what else is in the batch.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from importlib import resources
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from reftel.errors import ModelError
from reftel.tag import decode, rules
from reftel.tag.rules import Span
from reftel.tag.windows import Window, windows
from reftel.tag.wordpiece import WordPiece

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from importlib.resources.abc import Traversable
    from pathlib import Path

    from numpy.typing import NDArray

_STEP = 16  # a window is padded to the next multiple of so many pieces
_BATCH = 4096  # pieces, padding included
_POOL = 64  # cables whose windows are sorted by length together
_WEIGHTS, _VOCABULARY, _MANIFEST = "weights.onnx", "vocab.txt", "manifest.json"
__all__ = ["Span", "Tagger", "load_tagger"]

_REMEDY = "reinstall reftel, or name another model folder"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `manifest.json` says of a model; `slope` and `offset` calibrate the scores."""

    name: str
    sha256: str
    labels: tuple[str, ...]
    limit: int
    slope: float
    offset: float


class _Job(NamedTuple):
    cable: int
    window: Window


class Tagger:
    """Finds the names in the unit texts of cables. Make one with `load_tagger`."""

    def __init__(self, session: Any, split: WordPiece, manifest: Manifest) -> None:
        """Take an onnxruntime session, the splitter with the model's vocabulary, the manifest."""
        self._session, self._split, self._manifest = session, split, manifest

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

        Reads ahead by 64 cables at most.
        """
        stream = iter(cables)
        while pool := list(islice(stream, _POOL)):
            yield from self._pool(pool)

    def _pool(self, cables: Sequence[Sequence[str]]) -> Iterator[list[list[Span]]]:
        jobs = [
            _Job(number, window)
            for number, texts in enumerate(cables)
            for window in windows(texts, self._split, self._manifest.limit)
        ]
        found: list[list[list[Span]]] = [[[] for _ in texts] for texts in cables]
        for job, spans in zip(jobs, self._tagged([job.window for job in jobs]), strict=True):
            for unit, span in spans:
                found[job.cable][unit].append(span)
        for texts, spans_of in zip(cables, found, strict=True):
            yield rules.apply(texts, spans_of)

    def _tagged(self, listed: Sequence[Window]) -> list[list[tuple[int, Span]]]:
        answers: list[list[tuple[int, Span]]] = [[] for _ in listed]
        for numbers in _batches(listed):
            batch = [listed[number] for number in numbers]
            chances = _softmax(self._logits(batch))
            for number, spans in zip(numbers, self._decoded(batch, chances), strict=True):
                answers[number] = spans
        return answers

    def _logits(self, batch: Sequence[Window]) -> NDArray[np.float32]:
        """Return the logits (windows, words, labels), rows after a window's words being zero."""
        size = _padded(batch[0])
        pieces = np.zeros((len(batch), size), np.int32)
        cases = np.zeros((len(batch), size), np.int32)
        for row, window in enumerate(batch):
            pieces[row, : len(window.pieces)] = window.pieces
            cases[row, : len(window.cases)] = window.cases
        lengths = np.array([len(window.pieces) for window in batch], np.int32)
        feed = {"pieces": pieces, "cases": cases, "lengths": lengths}
        everywhere = self._session.run(["logits"], feed)[0]
        return _at_words(everywhere, batch)

    def _decoded(self, batch: Sequence[Window], chances: NDArray[np.float32]) -> Iterator[list[tuple[int, Span]]]:
        labels = self._manifest.labels
        lengths = np.array([len(window.places) for window in batch])
        paths = decode.best_paths(np.log(chances + 1e-9), lengths, labels)
        for window, path, own, size in zip(batch, paths, chances, lengths, strict=True):
            runs = decode.runs(path[:size].tolist(), own[:size], labels)
            yield [placed for run in runs for placed in self._placed(window, run)]

    def _placed(self, window: Window, run: decode.Run) -> Iterator[tuple[int, Span]]:
        """Yield the run as a span of its unit; one span for each unit, should it cross units."""
        score = self._calibrated(run.score)
        words = window.places[run.first : run.last + 1]
        for unit in sorted({word.unit for word in words}):
            own = [word for word in words if word.unit == unit]
            yield unit, Span(own[0].start, own[-1].end, run.type, score)

    def _calibrated(self, raw: float) -> float:
        raw = min(max(raw, 1e-6), 1 - 1e-6)
        log_odds = self._manifest.slope * float(np.log(raw / (1 - raw))) + self._manifest.offset
        return round(1 / (1 + float(np.exp(-log_odds))), 3)


def load_tagger(model: Path | None = None, *, threads: int | None = None) -> Tagger:
    """Load a model folder, the package's own by default, to run on `threads` threads.

    Raises ModelError where a file is missing or damaged, or onnxruntime refuses it.
    """
    folder = model or resources.files("reftel").joinpath("data", "models", "default")
    manifest, files = _manifest(folder)
    vocabulary = _checked(folder, _VOCABULARY, files).decode("utf-8").splitlines()
    session = _session(_checked(folder, _WEIGHTS, files), folder, threads)
    return Tagger(session, WordPiece(vocabulary), manifest)


def _manifest(folder: Path | Traversable) -> tuple[Manifest, dict[str, str]]:
    try:
        data = json.loads(_bytes(folder, _MANIFEST))
        files = {name: str(row["sha256"]) for name, row in data["files"].items()}
        manifest = Manifest(
            name=str(data["name"]),
            sha256=files[_WEIGHTS],
            labels=tuple(data["labels"]),
            limit=int(data["limit"]),
            slope=float(data["calibration"]["slope"]),
            offset=float(data["calibration"]["offset"]),
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


def _session(weights: bytes, folder: Path | Traversable, threads: int | None) -> Any:
    import onnxruntime  # noqa: PLC0415  # a second to import, and only tagging needs it

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    if threads:
        options.intra_op_num_threads = threads
    try:
        return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises classes of its own without a common public base
        reason = str(error).splitlines()[0]
        raise ModelError(f"{folder}/{_WEIGHTS}: onnxruntime refuses it ({reason}); {_REMEDY}") from error


def _padded(window: Window) -> int:
    return -(-len(window.pieces) // _STEP) * _STEP


def _batches(listed: Sequence[Window]) -> Iterator[list[int]]:
    """Yield the numbers of windows of one padded length, as many as a batch holds."""
    by_size: dict[int, list[int]] = defaultdict(list)
    for number, window in enumerate(listed):
        by_size[_padded(window)].append(number)
    for size, numbers in sorted(by_size.items()):
        most = max(1, _BATCH // size)
        for start in range(0, len(numbers), most):
            yield numbers[start : start + most]


def _at_words(logits: NDArray[np.float32], batch: Sequence[Window]) -> NDArray[np.float32]:
    longest = max(len(window.places) for window in batch)
    picked = np.zeros((len(batch), longest, logits.shape[2]), np.float32)
    for row, window in enumerate(batch):
        firsts = [place.piece for place in window.places]
        picked[row, : len(firsts)] = logits[row, firsts]
    return picked


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), np.float32)
