"""When each cable was sent, as an array over the cables' ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from reftel.archive.reader import Reader

UNDATED = int(np.iinfo(np.int32).min)


def moments(reader: Reader) -> NDArray[np.int32]:
    """The minute since 1970 when each cable was sent; UNDATED where that is not known."""
    columns = reader.snapshot.columns
    if "sent" not in columns:
        rows = reader.connection.execute("SELECT id, substr(sent, 1, 16) FROM cables WHERE sent IS NOT NULL").fetchall()
        minutes = np.full(reader.snapshot.size, UNDATED, np.int32)
        if rows:
            found = np.array([row[1] for row in rows], "datetime64[m]")
            minutes[[row[0] for row in rows]] = found.astype(np.int64).astype(np.int32)
        columns["sent"] = minutes
    return cast("NDArray[np.int32]", columns["sent"])
