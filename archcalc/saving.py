"""Files that a command writes: whole or not at all, and what is no regular file is written into, never replaced.

What a failure means, and its error code, is for the caller.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress

_STREAMS = (1, 2)
"""Descriptors of standard output and standard error."""


def save(data: bytes, path: str) -> None:
    """Write a file whole or not at all: the old content stays until the new one is complete, and so does the file's mode.

    A link remains, and its target is written. A device, a pipe, or the file that a standard stream is open on, such as
    `/dev/stdout`, is written into. Raises `OSError` if it cannot; a regular file is then as it was, with nothing beside it.
    """
    try:
        old = os.stat(path)
    except FileNotFoundError:
        old = None
    stream = next((stream for stream in _STREAMS if old is not None and _is_open_on(stream, old)), None)
    if stream is not None:
        _write(stream, data)
    elif old is not None and not stat.S_ISREG(old.st_mode):
        with open(path, "wb", buffering=0) as device:
            _write(device.fileno(), data)
    elif old is not None and not os.access(path, os.W_OK):  # a new file could take its place all the same
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
    else:
        _replace(data, os.path.realpath(path), old)


def _is_open_on(stream: int, file: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.fstat(stream), file)
    except OSError:  # the stream is closed
        return False


def _replace(data: bytes, path: str, old: os.stat_result | None) -> None:
    """Write a draft beside the file, and put it in its place."""
    draft = os.path.join(os.path.dirname(path), f".{os.path.basename(path)[:40]}.{os.urandom(6).hex()}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(draft, flags, 0o666 if old is None else 0o600)
    try:
        try:
            _write(descriptor, data)
        finally:
            os.close(descriptor)
        if old is not None:
            with suppress(OSError, AttributeError):  # only an administrator can give a file away, and not on Windows
                os.chown(draft, old.st_uid, old.st_gid)
            os.chmod(draft, stat.S_IMODE(old.st_mode))
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def _write(descriptor: int, data: bytes) -> None:
    """Write all bytes: one call may take fewer."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
