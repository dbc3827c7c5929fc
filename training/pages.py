"""Reads unlabelled cable pages (HTML, the body in the second `pre` block) as lists of texts.

Rough on purpose: the texts only have to look like what the tagger will be given.
"""

from __future__ import annotations

import html
import re
from pathlib import Path

_PRE = re.compile(r"<pre>(.*?)</pre>", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_PAGE_LINE = re.compile(r"^[A-Z ]+ \d{8} +\d{3}(\.\d)? OF \d{3} *$|^ *SIPDIS *$|^[ \-=]{5,}$", re.MULTILINE)
_HEAD = re.compile(r"^(subject|subj|classified by|ref)[:. ]", re.IGNORECASE)
_SKIP = re.compile(r"^(e\.?o\.? ?\d|tags?[: ]|ref|[a-z]\) |[a-z]\. [A-Z]|[A-Z] ?[A-Z] [A-Z] |UNCLAS)", re.IGNORECASE)


def read_page(path: Path) -> list[str]:
    """Return subject, classified-by line, paragraphs and signature as texts without wraps."""
    blocks = _PRE.findall(path.read_text(encoding="utf-8", errors="replace"))
    if len(blocks) < 2:
        return []
    body = _PAGE_LINE.sub("", html.unescape(_TAG.sub("", blocks[1]))).replace("\r", "")
    parts = re.split(r"\n\s*\n|\n(?=¶)|\n(?=SUBJECT:|Classified By|CLASSIFIED BY|TAGS|E\.O\.|REF)", body)
    texts = [text for part in parts if (text := _clean(part))]
    return texts


def _clean(part: str) -> str:
    text = " ".join(part.split())
    if _HEAD.match(text) and not text.upper().startswith("REF"):
        text = re.sub(r"^(subject|subj|classified by):?\s*", "", text, flags=re.IGNORECASE)
    elif _SKIP.match(text):
        return ""
    return re.sub(r"^¶?\s*\d{1,2}\.\s*", "", text)


def read_pages(folder: Path, leave_out: set[str]) -> list[list[str]]:
    """Return the texts of every page below a folder whose name is not left out, each text once."""
    seen: set[str] = set()
    cables = []
    for path in sorted(folder.rglob("*.html")):
        texts = [t for t in read_page(path) if t not in seen]
        if path.stem not in leave_out and texts:
            cables.append(texts)
            seen.update(t for t in texts if len(t) > 80)
    return cables
