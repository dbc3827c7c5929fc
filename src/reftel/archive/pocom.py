"""The Office of the Historian's list of principal officers and chiefs of mission ("pocom"), as it is published: XML.

A folder, a .zip or a .tar archive with one file a person, one a mission and one an office. Read are the chiefs of
missions and the Secretaries of State, with the dates of their tenures; nominees who did not serve are not.
"""

from __future__ import annotations

import tarfile
import zipfile
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from reftel import tables
from reftel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

STATE = "STATE"
"""The mission of the Secretaries of State."""

_REMEDY = "name the folder or archive of the Office of the Historian's pocom data"
_LARGEST = 8_000_000  # bytes of one file; the largest published is a hundredth of it


@dataclass(frozen=True, slots=True)
class Officer:
    """A person of the list; `id` is the list's, and `name` is given name first."""

    id: str
    name: str
    surname: str


@dataclass(frozen=True, slots=True)
class Tenure:
    """Who headed a mission from when until when, as ISO dates (perhaps a year or month only); `ended` None: not yet."""

    id: str
    officer: str
    mission: str
    title: str
    begun: str
    ended: str | None


def read_pocom(path: Path | str) -> tuple[list[Officer], list[Tenure]]:
    """The officers and tenures of the list, in the order of their ids.

    Raises InputError where the path cannot be read or holds no such list. Files that are no XML are passed over.
    """
    path = Path(path)
    officers: dict[str, Officer] = {}
    tenures: dict[str, Tenure] = {}
    titles: dict[str, str] = {}
    for data in _files(path):
        root = _root(data)
        if root is None:
            continue
        if root.tag == "person":
            officers |= {each.id: each for each in _officer(root)}
        elif root.tag in {"role", "principal-position", "org-mission"}:
            titles[_text(root, "id")] = " ".join(_text(root, "names/singular").split())
        tenures |= {each.id: each for each in _tenures(root)}
    kept = sorted((each for each in tenures.values() if each.officer in officers), key=lambda each: each.id)
    if not kept:
        raise InputError(str(path), "holds no list of officers", _REMEDY)
    named = [Tenure(t.id, t.officer, t.mission, titles.get(t.title) or t.title, t.begun, t.ended) for t in kept]
    return [officers[id_] for id_ in sorted({each.officer for each in named})], named


def missions(post: str | None, code: str | None) -> tuple[str, ...]:
    """The missions, as tenures name them, that a post is the seat of: its own, and its country's for an embassy."""
    known = (tables.post_named(post) if post else None) or (tables.post(code) if code else None)
    if (post or "").casefold() == "secretary of state" or code in {STATE, "SECSTATE"}:
        return (STATE,)
    if known is None:
        return ()
    heads_country = known.kind in {"embassy", "interests section"} and known.country_code
    return (known.code, *([f"country:{known.country_code}"] if heads_country else []))


def _files(path: Path) -> Iterator[bytes]:
    """The contents of the XML files of a folder or archive."""
    try:
        if path.is_dir():
            yield from (each.read_bytes() for each in sorted(path.rglob("*.xml")) if each.stat().st_size < _LARGEST)
        elif zipfile.is_zipfile(path):
            yield from _zipped(path)
        else:
            yield from _tarred(path)
    except FileNotFoundError:
        raise InputError(str(path), "no such file or folder", _REMEDY) from None
    except (OSError, tarfile.TarError, zipfile.BadZipFile, EOFError) as error:
        raise InputError(str(path), f"cannot be read ({error})", _REMEDY) from None


def _zipped(path: Path) -> Iterator[bytes]:
    with zipfile.ZipFile(path) as archive:
        for each in archive.infolist():
            if PurePosixPath(each.filename).suffix == ".xml" and each.file_size < _LARGEST:
                yield archive.read(each)


def _tarred(path: Path) -> Iterator[bytes]:
    with tarfile.open(path) as archive:
        for each in archive:
            file = archive.extractfile(each) if each.isfile() and each.size < _LARGEST else None
            if file and PurePosixPath(each.name).suffix == ".xml":
                yield file.read()


def _root(data: bytes) -> ET.Element | None:
    try:
        return ET.fromstring(data)  # noqa: S314  # expat 2.4.1 and later bound the growth of entities; others are not read
    except ET.ParseError:
        return None


def _officer(root: ET.Element) -> Iterator[Officer]:
    surname, given = _text(root, "persName/surname"), _text(root, "persName/forename")
    suffix = _text(root, "persName/genName")
    if surname and _text(root, "id"):
        yield Officer(_text(root, "id"), " ".join(part for part in (given, surname, suffix) if part), surname)


def _tenures(root: ET.Element) -> Iterator[Tenure]:
    mission = _mission(root)
    for each in [*root.iterfind("chiefs/chief"), *root.iterfind("principals/principal")] if mission else ():
        begun = min(
            (d for name in ("arrived", "started") if (d := _date(each, name))), default=_date(each, "appointed")
        )
        if begun:
            ended = _date(each, "ended") or None
            id_, person, title = (_text(each, name) for name in ("id", "person-id", "role-title-id"))
            yield Tenure(id_, person, str(mission), title, begun, ended)


def _mission(root: ET.Element) -> str | None:
    """The mission that a file is about; None for what heads no post."""
    if root.tag == "country-mission":
        territory = _text(root, "territory-id")
        named = _listed().get(territory, {}).get("country") or territory.replace("-", " ").title()
        known = tables.country(named)
        return f"country:{known.code}" if known else None
    listed = _listed().get(_text(root, "id")) if root.tag in {"org-mission", "principal-position"} else None
    return listed["post"] if listed else None


@cache
def _listed() -> dict[str, dict[str, str]]:
    """The missions to organisations and the territories under other names than the tables', by the list's ids."""
    return {row["id"]: row for row in tables.rows("missions.csv")}


def _date(element: ET.Element, name: str) -> str:
    """An ISO date, perhaps without day or month; "" for anything else."""
    written = _text(element, f"{name}/date")
    try:
        date.fromisoformat(written + "0001-01-01"[len(written) :])
    except ValueError:
        return ""
    return written


def _text(element: ET.Element, path: str) -> str:
    return (element.findtext(path) or "").strip()
