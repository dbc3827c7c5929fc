"""spaCy's DocBin: a folder of `.spacy` files, each with a run of cables, for `spacy train` and for reading in Python.

A document is a cable's text, the units with a blank line between them; its tokens are reftel's, cut where a name begins
or ends inside one. Entities have reftel's types as labels, and as `kb_id` what they are across the cables.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from reftel.errors import ReftelError
from reftel.export.joined import joined, placed_mentions, placed_units
from reftel.export.places import many_files
from reftel.export.view import identifier
from reftel.tokens import tokens
from reftel.write.spans import cut, edges

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from spacy.tokens import Doc
    from spacy.vocab import Vocab

    from reftel.export.view import Shown, View

_CHUNK = 200  # cables to a file


def write_docbin(view: View, path: Path) -> None:
    """Write the cables in files of `_CHUNK`. Raises ReftelError where spaCy is not installed."""
    try:
        from spacy.tokens import DocBin  # noqa: PLC0415  # an optional library
        from spacy.vocab import Vocab  # noqa: PLC0415  # the same
    except ImportError:
        raise ReftelError("DocBin needs spaCy: install it with `pip install spacy`") from None
    with many_files(path) as put:
        cables, number = view.cables(), 0
        while chunk := list(islice(cables, _CHUNK)):
            number += 1
            vocab = Vocab()  # a new one for each file: it keeps every word that it met
            docs = [_doc(shown, vocab) for shown in chunk]
            made = DocBin(
                attrs=["ORTH", "SPACY", "ENT_IOB", "ENT_TYPE", "ENT_KB_ID", "SENT_START"],
                docs=docs,
                store_user_data=True,
            )
            put(f"cables-{number:05}.spacy", made.to_bytes())


def _doc(shown: Shown, vocab: Vocab) -> Doc:
    """The cable as a document whose text is the cable's, character by character."""
    from spacy.tokens import Doc, Span  # noqa: PLC0415  # an optional library

    text, mentions = joined(shown.cable), list(placed_mentions(shown.cable))
    words = _words(text, cut(_tokens(shown), sorted(set(edges(mentions)))))
    doc = Doc(vocab, words=[word for _, word, _ in words], spaces=[blank for _, _, blank in words])
    doc.user_data["content_hash"], doc.user_data["mrn"] = shown.chosen.content_hash, shown.cable.mrn
    starts = {start: index for index, (start, _, _) in enumerate(words)}
    ends = {start + len(word): index + 1 for index, (start, word, _) in enumerate(words)}
    keys = {entity.id: identifier("entity", shown.key(entity)) for entity in shown.cable.entities}
    doc.ents = tuple(
        Span(doc, starts[each.start], ends[each.end], each.type, kb_id=keys.get(each.entity or "", ""))
        for each in mentions
    )
    return doc


def _tokens(shown: Shown) -> Iterator[tuple[int, int]]:
    for begin, text in placed_units(shown.cable):
        yield from ((begin + start, begin + end) for start, end in tokens(text))


def _words(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, str, bool]]:
    """Where each word starts, the word, and whether a blank follows; other white space is a word, as in spaCy."""
    words: list[tuple[int, str, bool]] = []
    at = 0
    for start, end in (*spans, (len(text), len(text))):
        gap = text[at:start]
        if words and gap.startswith(" "):
            words[-1] = (*words[-1][:2], True)
            gap = gap[1:]
        if gap:
            words.append((start - len(gap), gap, False))
        if start < end:
            words.append((start, text[start:end], False))
        at = end
    return words
