"""Archives in which some text is secret or protects a name, made without a tagger: names stand in brackets.

In `garden` each of the SECRETS stands in secret text alone, or is protected: a name, the whole of a short name, a key,
a role, a country, a place, a day, a post, a signature, TAGS. None may come to who may read only the open text.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from reftel import parse
from reftel.archive import Clearance, open_archive
from reftel.archive.decisions import decide, decision_of, entity_subject
from reftel.model import Mention, RawCable
from reftel.pipeline import resolving
from reftel.pipeline.stages import understand

if TYPE_CHECKING:
    from pathlib import Path

    from reftel.archive import Archive
    from reftel.model import MentionType

DONE = {"tagged_by": "t", "resolved_by": "r", "related_by": "r"}
NAME = re.compile(r"\[(PER|LOC|ORG) ([^\]]+)\]")
LOW = Clearance("UNCLASSIFIED", frozenset())
LONG = (
    "The mayor of the town by the lake told poloff that he had asked for the keys of the old boat house in spring, and"
    " that the boats lie in a row along the northern shore, where nobody has sailed them since the flood."
)
CABLES = (
    # Open, of a person that only secret text names in full, calls engineer and meets in Tashkent.
    (
        "09LIMA21",
        (
            "UNCLAS LIMA 000021\n\nTAGS: PREL, PE\nSUBJECT: THE GARDEN\nREF: LIMA 19\n\n"
            "1. (U) [PER Quint] showed poloff the garden and met [PER Ilse Harker].\n\n"
            "2. (U) [PER Quint] said that the garden is dry.\nHALE"
        ),
    ),
    # Wholly secret, from a post and in a year of its own.
    (
        "98VIENTIANE4022",
        (
            "R 201430Z NOV 98\nFM AMEMBASSY VIENTIANE\nTO SECSTATE WASHDC\n\n"
            "S E C R E T VIENTIANE 004022\n\nE.O. 12958: DECL: 11/13/2018\nTAGS: KNNP, TZ\nSUBJECT: A TURBINE\n"
            "CLASSIFIED BY: DCM Ludmila Varga, reason 1.4 (b)\n\n"
            "1. (S) Turbine Warden [PER Volodar Quint] met [PER Oswin Tarrant] in [LOC Tashkent] on November 13.\n\n"
            "2. (S) [PER Volodar Quint] said that the [ORG Obsidian League] has paid.\nOBERDORFER"
        ),
    ),
    # Mixed: the heading, the summary, the classifier, the signature and half of the paragraphs are secret.
    (
        "09LIMA23",
        (
            "R 201430Z JAN 09\nFM AMEMBASSY LIMA\nTO SECSTATE WASHDC\n\n"
            "S E C R E T LIMA 000023\n\nE.O. 12958: DECL: 01/20/2019\nTAGS: PREL, PE\nSUBJECT: (U) A TOWN\n"
            "CLASSIFIED BY: Polcouns Ludmila Varga, reason 1.4 (b)\nREF: LIMA 21\n\n"
            "1. (S) Summary: [PER Ilse Harker] met the Turbine Warden, [PER Volodar Quint], in [LOC Tashkent] on"
            " January 9 with the Defattache.\n\n"
            "2. (U) [PER Ilse Harker] met poloff and spoke of the harbor.\n\n"
            "3. (S) [PER Oswin Tarrant] came to that meeting with [PER Ilse Harker] and poloff on January 17.\n\n"
            "4. (U) The harbor is calm, [PER Quint] said.\n\n"
            "5. (S) [ORG Obsidian League] agents wait in [LOC Samarkand].\nOBERDORFER"
        ),
    ),
    # Protects a name, which its TAGS tell too.
    (
        "09LIMA24",
        (
            "UNCLAS LIMA 000024\n\nTAGS: PREL, PE, ANSELM (BROOK, ANSELM)\nSUBJECT: PERCH\n\n"
            "1. (U) Fisherman [PER Anselm Brook] (strictly protect) said the perch are gone.\n\n"
            "2. (U) [PER Brook] met [PER Ilse Harker].\nHALE"
        ),
    ),
    (
        "09LIMA25",
        (
            "UNCLAS LIMA 000025\n\nTAGS: PREL, PE\nSUBJECT: BOATS\n\n"
            "1. (U) [PER Brook] told poloff on May 3 that the boats left with [PER Ilse Harker].\nHALE"
        ),
    ),
    ("09LIMA26", f"UNCLAS LIMA 000026\n\nSUBJECT: COPIES\n\n1. (U) {LONG}\nHALE"),
    ("09LIMA26", f"S E C R E T LIMA 000026\n\nSUBJECT: COPIES\n\n1. (S) {LONG}\n\n2. (S) The turbine leaks.\nHALE"),
    ("09QUITO31", f"S E C R E T QUITO 000031\n\nSUBJECT: COPIES\n\n1. (S) {LONG}\n\n2. (U) A hen sat.\nHALE"),
)
SECRETS = re.compile(
    r"volodar|oswin|tarrant|turbine|warden|tashkent|samarkand|uzbek|country.?uz|\bUZ\b|obsidian|oberdorfer|ludmila|varga"
    r"|defattache|vientiane|\blaos\b|\b1998|\d-(?:11-13|01-09|01-17)\b|january (?:9|17)|KNNP|anselm",
    re.IGNORECASE,
)
ASKED = (
    "volodar", '"Volodar Quint"', "entity:volodar-quint", 'entity:"Volodar Quint"', "entity:Tashkent", "entity:3",
    "mrn:98VIENTIANE4022", "98VIENTIANE4022", "98 VIENTIANE 4022", "ref:98VIENTIANE4022", "signed:OBERDORFER",
    "post:Vientiane", "tag:KNNP", 'tag:"BROOK, ANSELM"', "from:1998 to:1998", "turbyne", "~turbyne", "tash*",
    "is:copy", "is:meeting", "is:doubtful", "classification:SECRET", "Varga", "harbor NOT volodar", "entity:volod",
    "post:Vientain", "subject:turbine", "obsidan league", "quint", "", "harbor w/5 volodar",
)  # fmt: skip
NAMES = ("Volodar Quint", "volodar-quint", "Volodr Quint", "Tashkent", "Oswin Tarrant", "Obsidian League", "Quint",
         "Ilse Harker", "Anselm Brook", "anselm-brook", "Brook", "98VIENTIANE4022", "country:UZ", "Nobody")  # fmt: skip


def told(text: str, asked: str = "") -> list[str]:
    """The secrets in a text, but for those that were asked for."""
    return [found for found in SECRETS.findall(text) if found.lower() not in asked.lower()]


def garden(path: Path) -> Path:
    """The archive of these cables, in this file."""
    with open_archive(path, create=True) as opened:
        for mrn, text in CABLES:
            put(opened, mrn, text)
        settle(opened)
        merge(opened, "Quint", "Volodar Quint")
        merge(opened, "Brook", "Anselm Brook")
    return path


def put(opened: Archive, mrn: str, text: str) -> None:
    """The cable, parsed, with its names in brackets as mentions, and understood."""
    names = NAME.findall(text)
    cable = parse(RawCable(f"{mrn}-{len(text)}.txt", "text", NAME.sub(r"\2", text), claimed_mrn=mrn))
    places = sorted(
        {(unit, each.text.find(name), name, kind) for unit, each in enumerate(cable.units) for kind, name in names}
    )
    mentions = tuple(
        Mention(unit, at, at + len(name), cast("MentionType", kind), name) for unit, at, name, kind in places if at >= 0
    )
    with opened.transaction():
        number = opened.add(cable, parsed_by="p")
        opened.put_names(number, understand(replace(cable, mentions=_longest(mentions))), done_by=DONE)
        opened.link(number, linked_by="p")


def _longest(mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """The mentions that stand in no longer one."""
    return tuple(
        each
        for each in mentions
        if not any(
            other.unit == each.unit
            and other.start <= each.start
            and each.end <= other.end
            and other.end - other.start > each.end - each.start
            for other in mentions
        )
    )


def settle(opened: Archive) -> None:
    """Count and list what was put in, and resolve who is who."""
    opened.index_words()
    opened.index_names()
    resolving.resolve(opened.connection)


def merge(opened: Archive, one: str, other: str) -> None:
    """Decide that the two names are one person's."""
    query = "SELECT entity_id FROM aliases WHERE name = ? ORDER BY entity_id"
    first, second = ([row[0] for row in opened.connection.execute(query, (name,))] for name in (one, other))
    for number in first:
        if number not in second:
            subject, into = entity_subject(opened.connection, number), entity_subject(opened.connection, second[0])
            made = decide(opened.connection, decision_of("merge", subject, by="x", object=into))
            resolving.take_effect(opened.connection, [made])
    resolving.resolve(opened.connection)
