"""`reftel serve` as a process: says where it is, and opens the browser there."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from reftel.archive import open_archive

pytest.importorskip("uvicorn", reason="needs the extra: pip install 'reftel[web]'")

if TYPE_CHECKING:
    from pathlib import Path

_PATIENCE = 60  # seconds


@pytest.mark.skipif(os.name != "posix", reason="the browser is a shell script")
def test_the_browser_opens_where_the_archive_is_served(tmp_path: Path) -> None:
    open_archive(tmp_path / "a.db", create=True).close()
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}.new && mv {opened}.new {opened}\n', encoding="utf-8")
    browser.chmod(0o755)
    command = [sys.executable, "-m", "reftel.cli", "serve", "-a", str(tmp_path / "a.db"), "--port", "0", "--open"]
    told = os.environ | {"BROWSER": f"{browser} %s", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=told) as serving:
        try:
            assert serving.stdout is not None
            said = serving.stdout.readline().split()[0]
            late = time.monotonic() + _PATIENCE
            while not opened.exists() and time.monotonic() < late:
                time.sleep(0.05)
        finally:
            serving.terminate()
    assert opened.read_text(encoding="utf-8").strip() == said
