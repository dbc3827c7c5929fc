"""CSV: a folder with one file a table, as `layout.py` has them; lists are JSON, truth values 1 and 0, empty is null."""

from __future__ import annotations

import csv
import json
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from reftel.export.across import Across
from reftel.export.layout import tables
from reftel.export.places import new_folder
from reftel.export.whole import rows_of_archive, rows_of_cable

if TYPE_CHECKING:
    from pathlib import Path

    from reftel.export.rows import Row
    from reftel.export.view import View


def write_csv(view: View, path: Path) -> None:
    """Write `cables.csv`, `units.csv` and so on into the folder; UTF-8, with a line of column names."""
    with new_folder(path) as folder, ExitStack() as stack, Across(view) as across:
        writers = {}
        for table, columns in tables().items():
            file = stack.enter_context((folder / f"{table}.csv").open("w", encoding="utf-8", newline=""))
            writers[table] = csv.writer(file, lineterminator="\n")
            writers[table].writerow([column.name for column in columns])
        for shown in view.cables(with_raw=True):
            across.add(shown)
            for table, rows in rows_of_cable(view, shown).items():
                writers[table].writerows(_line(table, row) for row in rows)
        for table, row in rows_of_archive(view, across):
            writers[table].writerow(_line(table, row))


def _line(table: str, row: Row) -> list[Any]:
    return [_cell(row[column.name]) for column in tables()[table]]


def _cell(cell: Any) -> Any:
    if isinstance(cell, list):
        return json.dumps(cell, ensure_ascii=False)
    return int(cell) if isinstance(cell, bool) else cell
