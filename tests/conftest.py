"""Fixtures that several test modules use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real pages, gold and specimen: beside the checkout, or $REFTEL_SHARED."""
    place = Path(os.environ.get("REFTEL_SHARED", ROOT.parent / "shared"))
    if not (place / "gold").is_dir():
        pytest.skip(f"real cables are not at {place}; set REFTEL_SHARED to run this test")
    return place


@pytest.fixture(scope="session")
def examples() -> Path:
    """The example cables of the repository."""
    return ROOT / "examples" / "cables"
