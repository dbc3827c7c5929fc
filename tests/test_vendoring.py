"""The scripts of others that the reader ships are those of the lock, each with its licence."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import re
import tarfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
VENDORED = ROOT / "src" / "reftel" / "web" / "static" / "vendor"


@pytest.fixture(scope="module")
def vendor() -> Any:
    where = ROOT / "vendoring" / "vendor.py"
    spec = importlib.util.spec_from_file_location("vendor", where)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tarball(**files: bytes) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as made:
        for name, data in files.items():
            about = tarfile.TarInfo(f"package/{name}")
            about.size = len(data)
            made.addfile(about, io.BytesIO(data))
    return held.getvalue()


def test_the_folder_holds_what_the_lock_names_and_nothing_else(vendor: Any) -> None:
    held = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDORED.iterdir()}
    locked = {
        vendor.licence_of(package) if place == vendor.LICENCE else vendor.written_as(place): digest
        for package in vendor.locked()
        for place, digest in package["files"].items()
    }
    assert held == locked


def test_every_package_is_pinned_and_comes_with_its_licence(vendor: Any) -> None:
    for package in vendor.locked():
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"]), package["name"]
        assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", package["integrity"]), package["name"]
        assert package["licence"] in {"0BSD", "ISC", "MIT", "BSD-3-Clause"}, package["name"]
        assert vendor.LICENCE in package["files"], package["name"]


def test_a_tarball_that_is_not_the_locked_one_is_refused(vendor: Any) -> None:
    data = tarball(LICENSE=b"do as you please")
    digest = hashlib.sha256(b"do as you please").hexdigest()
    package = {"name": "a", "version": "1.0.0", "files": {"LICENSE": digest}}
    sound = {**package, "integrity": vendor.integrity_of(data)}
    assert vendor.checked(sound, data) == {"LICENSE": b"do as you please"}
    with pytest.raises(SystemExit, match=r"the tarball of a@1\.0\.0 is not the one"):
        vendor.checked(sound, tarball(LICENSE=b"do as I please"))
    with pytest.raises(SystemExit, match=r"LICENSE of a@1\.0\.0 is not the one"):
        vendor.checked({**sound, "files": {"LICENSE": "0" * 64}}, data)
