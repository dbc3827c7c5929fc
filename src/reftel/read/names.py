"""What a name tells: the number that a file is called by, and how to show a name on one line."""

from __future__ import annotations

import re

# A cable's number as files are called by it: two or four digits of the year, the post, the number. Small
# letters only after two digits, since "2010report3" is no cable.
_NUMBER = re.compile(r"(?:(?:19|20)?(\d\d)([A-Z]{3,})0*([1-9]\d{0,6})|(\d\d)([a-z]{3,})0*([1-9]\d{0,6}))\Z")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def mrn_from_name(name: str) -> str | None:
    """The MRN that a file is named by, `1979STATE274491.txt` being `79STATE274491`; None where it is named otherwise.

    A post cut to the eight or six letters of the 1970s stays as it stands.
    """
    stem = re.split(r"[/\\!]", name)[-1].split(".")[0].strip()
    found = _NUMBER.match(stem)
    if not found:
        return None
    year, post, number = found.groups()[:3] if found[1] else found.groups()[3:]
    return f"{year}{post.upper()}{number}"


def printable(name: str) -> str:
    """A name fit for one line of a log: control characters and undecodable bytes become question marks."""
    return _UNPRINTABLE.sub("?", name)
