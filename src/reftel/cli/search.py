"""`reftel search`."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import click

from reftel.archive import open_archive
from reftel.archive.clearance import LEVELS
from reftel.archive.query import QueryError
from reftel.archive.ranking import ORDERS, Order
from reftel.archive.search import Filters, search
from reftel.cli import options
from reftel.errors import ReftelError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reftel.archive.excerpts import Excerpt
    from reftel.archive.facets import Facets
    from reftel.archive.search import Hit, Results
    from reftel.model import Classification

FORMATS = ("table", "json")
_OPEN, _CLOSE = "\x02", "\x03"  # stand around marked words until the lines are broken
_FACETS = (("post", "posts"), ("year", "years"), ("classification", "classifications"), ("TAG", "tags"))
_VALUES_SHOWN = 8


@click.command("search")
@options.archive
@click.argument("query", nargs=-1, metavar="[QUERY]")
@click.option("--post", multiple=True, metavar="P", help="Sent by this post, however it is written; may be repeated.")
@click.option("--from", "since", metavar="DATE", help="Sent on this day or later: 2009, 2009-01 or 2009-01-26.")
@click.option("--to", "until", metavar="DATE", help="Sent on this day or earlier.")
@click.option("--tag", multiple=True, metavar="T", help="With this TAGS code or meaning; may be repeated.")
@click.option("--classification", multiple=True, metavar="C", help="Of this classification; may be repeated.")
@click.option("--entity", multiple=True, metavar="E", help="That mentions this entity, under any of its names.")
@click.option("-n", "count", type=click.IntRange(0, 10_000), default=10, show_default=True, help="Hits to show.")
@click.option("--after", metavar="PLACE", help='The next page: the "next" of the page before.')
@click.option("--sort", type=click.Choice(ORDERS), help="Default: relevance; newest, where the query has no word.")
@click.option(
    "--facets", "with_facets", is_flag=True, help="Count the hits by post, year, classification, TAG, entity."
)
@click.option("--excerpts", type=click.IntRange(0, 20), default=1, show_default=True, help="Paragraphs of each hit.")
@click.option("--clearance", type=click.Choice(LEVELS), default=LEVELS[-1], help="Search what such a reader may see.")
@options.captions
@click.option("--protected", type=click.Choice(("mask", "show")), default="mask", show_default=True,
              help='Names marked "strictly protect": not found and not shown, or both.')  # fmt: skip
@options.output_format(FORMATS)
def search_command(
    archive: Path,
    query: tuple[str, ...],
    post: tuple[str, ...],
    since: str | None,
    until: str | None,
    tag: tuple[str, ...],
    classification: tuple[str, ...],
    entity: tuple[str, ...],
    count: int,
    after: str | None,
    sort: Order | None,
    with_facets: bool,
    excerpts: int,
    clearance: Classification,
    captions: str | None,
    protected: str,
    fmt: str,
) -> None:
    """Search an archive: hits with their best paragraph, marks around the words.

    A QUERY has words (all of them must be there), "phrases", AND OR NOT and brackets, begin*, ~spelling,
    NEAR(a b, 5), a w/5 b, and fields: subject: post: tag: signed: entity: from: to: mrn: ref: classification:
    caption: is:. Without one, the newest cables are listed. docs/search.md tells more.
    """
    filters = Filters(post, tag, classification, entity, since, until)
    asked: dict[str, Any] = {"count": count, "after": after, "sort": sort, "with_facets": with_facets}
    reader = options.reader(clearance, captions, protected)
    try:
        with open_archive(archive) as opened:
            results = search(
                opened.connection, " ".join(query), filters=filters, clearance=reader, excerpts=excerpts, **asked
            )
        click.echo(_json(results) if fmt == "json" else "\n".join(_table(results)))
    except BrokenPipeError:  # the reader of our output (head, less) has gone: that is no failure
        sys.stderr.close()
    except (QueryError, UsageError) as error:
        click.echo("\n".join(filter(None, (f"reftel: {error}", getattr(error, "pointer", "")))), err=True)
        sys.exit(2)
    except ReftelError as error:
        click.echo(f"reftel: {error}", err=True)
        sys.exit(1)


def _json(results: Results) -> str:
    record = {
        "total": results.total,
        "order": results.order,
        "next": results.next,
        "notes": results.notes,
        "hits": [_record(hit) for hit in results.hits],
        "facets": results.facets and _facet_record(results.facets),
    }
    return json.dumps(record, ensure_ascii=False)


def _record(hit: Hit) -> dict[str, Any]:
    plain = ("mrn", "sent", "post", "post_code", "classification", "score", "versions")
    return {
        "id": hit.cable_id,
        **{name: getattr(hit, name) for name in plain},
        "subject": hit.subject and hit.subject.text,
        "subject_marks": hit.subject.marks if hit.subject else (),
        "excerpts": [
            {name: getattr(each, name) for name in ("unit", "kind", "number", "start", "text", "marks")}
            for each in hit.excerpts
        ],
    }


def _facet_record(facets: Facets) -> dict[str, Any]:
    names = ("posts", "years", "classifications", "tags", "entities")
    return {
        **{name: [share._asdict() for share in getattr(facets, name)] for name in names},
        "entities_of": facets.entities_of,
    }


def _table(results: Results) -> Iterator[str]:
    width = min(shutil.get_terminal_size((100, 24)).columns, 120)
    yield f"{results.total:,} {'cable' if results.total == 1 else 'cables'}"
    yield from (f"note: {note}" for note in results.notes)
    for hit in results.hits:
        yield from ("", *_hit_lines(hit, width))
    if results.facets:
        yield from ("", *_facet_lines(results.facets))
    if results.next:
        yield from ("", f"more with --after {results.next}")


def _hit_lines(hit: Hit, width: int) -> Iterator[str]:
    versions = f"{hit.versions} other {'version' if hit.versions == 1 else 'versions'}" if hit.versions else ""
    parts = (
        hit.mrn or "no number",
        (hit.sent or "undated")[:10],
        hit.post or hit.post_code or "",
        hit.classification or "",
    )
    yield "  ".join(filter(None, (*parts, versions)))
    if hit.subject:
        yield from _lines(_marked(hit.subject), "  ", width)
    for each in hit.excerpts:
        label = f"¶{each.number}" if each.number is not None else each.kind.replace("_", " ")
        yield from _lines(f"{label}  {_marked(each)}", "    ", width)


def _facet_lines(facets: Facets) -> Iterator[str]:
    for label, name in _FACETS:
        shares = getattr(facets, name)
        listed = shares if name == "years" else shares[:_VALUES_SHOWN]
        yield f"by {label}: " + ", ".join(f"{share.value} {share.cables:,}" for share in listed)
    if facets.entities:
        named = ", ".join(f"{share.name} {share.cables:,}" for share in facets.entities[:_VALUES_SHOWN])
        yield f"by entity, of the first {facets.entities_of:,}: {named}"


def _marked(excerpt: Excerpt) -> str:
    """The excerpt with its marks, and dots where it is cut."""
    text = excerpt.text
    for start, end in reversed(excerpt.marks):
        text = f"{text[:start]}{_OPEN}{text[start:end]}{_CLOSE}{text[end:]}"
    return f"{'... ' if excerpt.start else ''}{text}{' ...' if excerpt.is_cut_behind else ''}"


def _lines(text: str, indent: str, width: int) -> Iterator[str]:
    """The text in lines, the marks made bold on a terminal and asterisks elsewhere."""
    lines = textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent)
    marks = ("\x1b[1m", "\x1b[0m") if sys.stdout.isatty() else ("*", "*")
    yield lines.replace(_OPEN, marks[0]).replace(_CLOSE, marks[1])
