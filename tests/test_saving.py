"""Files are written whole or not at all, keep their mode, and what is no regular file is written into."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from archcalc.saving import save

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def umask():
    """A umask under which a new file is private, to see that an old one keeps its mode."""
    before = os.umask(0o077)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_follows_the_umask(tmp_path: Path) -> None:
    save(b"new", str(tmp_path / "a"))
    assert (tmp_path / "a").read_bytes() == b"new"
    assert mode(tmp_path / "a") == 0o600
    os.umask(0o022)
    save(b"", str(tmp_path / "b"))
    assert mode(tmp_path / "b") == 0o644


@pytest.mark.parametrize("permissions", [0o644, 0o600, 0o755, 0o666])
def test_an_old_file_keeps_its_mode(permissions: int, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"something longer than the new content")
    path.chmod(permissions)
    save(b"new", str(path))
    assert path.read_bytes() == b"new"
    assert mode(path) == permissions
    assert os.listdir(tmp_path) == ["a"]


def test_a_link_remains_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    target, link = tmp_path / "folder" / "target", tmp_path / "link"
    link.symlink_to("folder/target")
    for data in (b"first", b"second"):  # a link that leads to nothing yet, and to a file
        save(data, str(link))
        assert link.is_symlink()
        assert target.read_bytes() == data


@pytest.mark.parametrize("linked", [False, True])
def test_a_pipe_is_written_into(linked: bool, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    path = tmp_path / "link" if linked else pipe
    if linked:
        path.symlink_to(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    data = bytes(range(256)) * 1000  # more than a pipe holds
    save(data, str(path))
    reader.join(10)
    assert read == [data]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_device_is_written_into(tmp_path: Path) -> None:
    save(b"gone", "/dev/null")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    with pytest.raises(OSError, match="No space"):
        save(b"too much", "/dev/full")
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_stream_is_written_into_even_where_it_is_a_file(stream: str, tmp_path: Path) -> None:
    """`(echo before; … -o /dev/stdout; echo after) > file` has all three."""
    code = f"from archcalc.saving import save; save(b'middle ', '/dev/{stream}')"
    script = f"(printf 'before '; {sys.executable} -c \"{code}\"; printf after) > all 2>&1"
    subprocess.run(["sh", "-c", script], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, timeout=60)
    assert (tmp_path / "all").read_text() == "before middle after"


@pytest.mark.parametrize("exists", [False, True])
def test_a_full_disk_leaves_everything_as_it_was(exists: bool, tmp_path: Path) -> None:
    path = tmp_path / "a"
    if exists:
        path.write_bytes(b"old")
    code = f"from archcalc.saving import save; save(b'x' * 100_000, {str(path)!r})"
    script = f'ulimit -f 16; {sys.executable} -B -c "{code}"'  # a limit of a file's size acts like a full disk
    done = subprocess.run(["sh", "-c", script], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, timeout=60)
    assert b"OSError" in done.stderr
    assert os.listdir(tmp_path) == (["a"] if exists else [])
    assert not exists or path.read_bytes() == b"old"


def test_an_interruption_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_bytes(b"old")
    monkeypatch.setattr(os, "write", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        save(b"new", str(tmp_path / "a"))
    monkeypatch.undo()
    assert os.listdir(tmp_path) == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="an administrator may write everything")
def test_a_file_that_is_write_protected_stays(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "a").chmod(0o444)
    with pytest.raises(PermissionError):
        save(b"new", str(tmp_path / "a"))
    assert (tmp_path / "a").read_bytes() == b"old"


@pytest.mark.parametrize("name", ["", "no/such/folder"])
def test_what_cannot_be_written(name: str, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="directory"):
        save(b"new", str(tmp_path / name))
    assert os.listdir(tmp_path) == []
