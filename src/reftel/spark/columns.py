"""The columns that go between the maps: told to Arrow once, and to Spark as it writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

_KINDS = {"string": "string", "binary": "binary", "int32": "int", "int64": "bigint", "double": "double"}


def ddl(columns: pa.Schema) -> str:
    """The columns in Spark's words ("name string, aliases array<string>")."""
    return ", ".join(f"{field.name} {_kind(field.type)}" for field in columns)


def _kind(kind: pa.DataType) -> str:
    import pyarrow as pa  # noqa: PLC0415  # an optional library

    if pa.types.is_list(kind):
        return f"array<{_kind(kind.value_type)}>"
    if pa.types.is_struct(kind):
        return f"struct<{', '.join(f'{field.name}: {_kind(field.type)}' for field in kind.fields)}>"
    return _KINDS[str(kind)]
