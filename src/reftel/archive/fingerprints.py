"""Fingerprints: what tells that a raw cable was met before, and that two units have the same words."""

from __future__ import annotations

import hashlib
import re
from dataclasses import astuple
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reftel.model import RawCable

_NO_WORD = re.compile(r"[\W_]+")
_SHORTEST = 80  # letters and digits: shorter units ("End summary.", stock phrases) stand in many cables


def content_hash(raw: RawCable) -> str:
    """32 hex digits from the text and all that its source claims of it; where it was found does not count."""
    claims = (raw.body_start, raw.claimed_mrn, raw.claimed_sent, raw.claimed_post, raw.claimed_classification)
    tagged = tuple(map(astuple, raw.mentions))
    held = repr((raw.text, *map(str, claims), tagged)).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(held, digest_size=16).hexdigest()


def fingerprint(text: str) -> int | None:
    """A signed 64-bit hash of the letters and digits of a unit, whatever its case and breaks; None for a short one."""
    plain = _NO_WORD.sub("", text).casefold()
    if len(plain) < _SHORTEST:
        return None
    digest = hashlib.blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
