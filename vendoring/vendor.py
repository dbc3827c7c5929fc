"""The scripts of others that the reader ships: fetched from npm as the lock says, checked, written with their licences.

    python vendoring/vendor.py                     # what the lock names, anew
    python vendoring/vendor.py htmx.org@2.0.12     # the lock at another version first

Wants npm, and asks the registry that npm is set to. The lock holds for each package the version, the integrity of the
tarball as npm states it (sha512), the licence, and of each file taken the place in the tarball and its sha256.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LOCK = HERE / "lock.json"
VENDORED = HERE.parent / "src" / "reftel" / "web" / "static" / "vendor"
LICENCE = "LICENSE"

Package = dict[str, Any]  # name, version, licence, integrity, files: their places in the tarball with their sha256


def locked() -> list[Package]:
    """The packages of the lock."""
    packages: list[Package] = json.loads(LOCK.read_text(encoding="utf-8"))
    return packages


def written_as(place: str) -> str:
    """The name under which a file of a tarball is kept: `dist/htmx.min.js` as `htmx.min.js`."""
    return place.rpartition("/")[2]


def licence_of(package: Package) -> str:
    """The name under which the licence of a package is kept."""
    first = next(place for place in package["files"] if place != LICENCE)
    return f"{written_as(first).removesuffix('.min.js')}.{LICENCE}.txt"


def integrity_of(tarball: bytes) -> str:
    """The sha512 of a tarball, as npm writes it."""
    return "sha512-" + base64.b64encode(hashlib.sha512(tarball).digest()).decode()


def fetch(name: str, version: str) -> bytes:
    """The tarball of a package, by npm. Ends the run where npm is missing or has no such version."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("vendor.py: there is no npm here; install Node.js, which brings it")
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", f"{name}@{version}", "--silent", "--ignore-scripts", "--pack-destination", folder]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        found = list(Path(folder).glob("*.tgz"))
        if made.returncode or len(found) != 1:
            sys.exit(f"vendor.py: npm has no {name}@{version}: {made.stderr.strip()}")
        return found[0].read_bytes()


def unpacked(tarball: bytes) -> dict[str, bytes]:
    """The plain files of a tarball by their places in it; nothing is written."""
    with tarfile.open(fileobj=io.BytesIO(tarball), mode="r:gz") as opened:
        held = {member.name.partition("/")[2]: opened.extractfile(member) for member in opened if member.isfile()}
        return {place: file.read() for place, file in held.items() if file}


def checked(package: Package, tarball: bytes) -> dict[str, bytes]:
    """The files taken from a tarball. Ends the run where anything is not as locked."""
    title = f"{package['name']}@{package['version']}"
    if integrity_of(tarball) != package["integrity"]:
        sys.exit(f"vendor.py: the tarball of {title} is not the one that was locked; nothing of it is taken")
    files = unpacked(tarball)
    for place, digest in package["files"].items():
        if hashlib.sha256(files.get(place, b"")).hexdigest() != digest:
            sys.exit(f"vendor.py: {place} of {title} is not the one that was locked")
    return {place: files[place] for place in package["files"]}


def relocked(package: Package, version: str) -> Package:
    """The package at another version, with the sums of what npm gives now."""
    tarball = fetch(package["name"], version)
    files = unpacked(tarball)
    about = json.loads(files["package.json"])
    if about["license"] != package["licence"]:
        print(f"vendor.py: {package['name']} is under {about['license']} now, was under {package['licence']}")
    return {
        **package,
        "version": about["version"],
        "licence": about["license"],
        "integrity": integrity_of(tarball),
        "files": {place: hashlib.sha256(files[place]).hexdigest() for place in package["files"]},
    }


def pin(packages: list[Package], wanted: list[str]) -> list[Package]:
    """The packages, those that are wanted (`NAME@VERSION`) at that version."""
    versions = dict(each.rsplit("@", 1) for each in wanted)
    for name in versions.keys() - {package["name"] for package in packages}:
        sys.exit(f"vendor.py: {name} is not in {LOCK.name}; write an entry with its name, licence and files first")
    return [relocked(each, versions[each["name"]]) if each["name"] in versions else each for each in packages]


def main(wanted: list[str]) -> None:
    """Fetch everything, check it, and only then write it."""
    packages = pin(locked(), wanted)
    files = {}
    for package in packages:
        for place, data in checked(package, fetch(package["name"], package["version"])).items():
            files[licence_of(package) if place == LICENCE else written_as(place)] = data
    VENDORED.mkdir(exist_ok=True)
    for old in VENDORED.iterdir():
        old.unlink()
    for name, data in files.items():
        (VENDORED / name).write_bytes(data)
    LOCK.write_text(json.dumps(packages, indent=2) + "\n", encoding="utf-8")
    print(f"{len(packages)} packages, {len(files)} files in {VENDORED}")


if __name__ == "__main__":
    main(sys.argv[1:])
