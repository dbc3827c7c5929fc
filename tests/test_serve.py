"""`reftel serve` as a process: says where it is, and opens the browser there."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from reftel.archive import open_archive
from reftel.cli import main

pytest.importorskip("uvicorn", reason="needs the extra: pip install 'reftel[web]'")

if TYPE_CHECKING:
    from pathlib import Path

_PATIENCE = 60  # seconds


def test_a_port_that_is_taken_is_told_in_one_line(tmp_path: Path) -> None:
    open_archive(tmp_path / "a.db", create=True).close()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = CliRunner().invoke(main, ["serve", "-a", str(tmp_path / "a.db"), "--port", str(port)])
    assert done.exit_code == 1
    assert done.stderr.startswith(f"reftel: cannot serve at 127.0.0.1:{port}: ")
    assert done.stderr.endswith("; give another --port, or 0 for a free one\n")
    assert done.stderr.count("\n") == 1


def test_the_socket_says_that_it_is_tcp_so_that_no_answer_waits_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_archive(tmp_path / "a.db", create=True).close()
    served: list[socket.socket] = []
    monkeypatch.setattr("uvicorn.Server.run", lambda _, sockets: served.extend(sockets))
    done = CliRunner().invoke(main, ["serve", "-a", str(tmp_path / "a.db"), "--port", "0", "--workers", "1"])
    assert done.exit_code == 0
    assert [bound.proto for bound in served] == [socket.IPPROTO_TCP]  # or asyncio sets no TCP_NODELAY
    served[0].close()


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
