"""`neve.File`: a path of which what the file holds counts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from neve import _arguments, _neve
from neve._public import public
from neve._values.describe import register
from neve.errors import UnsupportedError


@public
class File:
    """A path as an argument of a memoised function, or in one: the key has the path as it is given, and a digest of what the
    file holds, for which it is read in each call. It goes wherever a path does (`open(file)`, `numpy.load(file)`), and has
    the attributes of a `pathlib.Path` (`file.suffix`, `file.read_text()`).

    In a result it says that the function has written the file: the result is found as long as the file holds the same, and
    computed anew otherwise.

    Raises InvalidArgumentError for what is no path. That there is no such file, or that it is a folder, is an
    InvalidArgumentError of the call.
    """

    __slots__ = ("_path",)

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = _arguments.path("path", path)

    @property
    def path(self) -> Path:
        """As it was given."""
        return Path(self._path)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # of the languages of pickle and copy, which ask objects that have no path yet
            raise AttributeError(name)
        return getattr(self.path, name)

    def __fspath__(self) -> str:
        return self._path

    def __eq__(self, other: object) -> bool:
        return isinstance(other, File) and self._path == other._path

    def __hash__(self) -> int:
        return hash((File, self._path))

    def __repr__(self) -> str:
        return f"neve.File({self._path!r})"


def _content(file: File) -> dict[str, Any]:
    return {"path": file._path, "sha256": _neve.file_digest(os.fsencode(file._path))}


def _made(content: dict[str, Any]) -> File:
    file = File(content["path"])
    if _content(file) != content:
        raise UnsupportedError(f"the file {file._path!r} no longer holds what it held")
    return file


register(File, _content, _made, name="neve.File")
