"""Reads the fenced code blocks of a Markdown file, with what marks them for the tests.

Marks, in the words of CONTRIBUTING.md:
  a first line `// file: NAME` or `# file: NAME`   the block is that file
  `<!-- test: run -->` before a block              its commands are run and must succeed
  `<!-- test: serve -->` before a block            its command is started and runs beside those that follow
  `<!-- test: output -->` before a block           the commands before it must print this
  `<!-- test: none -->` before a block             a fragment that stands for itself
"""

import re
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^(\s*)(```+|~~~+)\s*([\w+-]*)\s*$")
MARK = re.compile(r"^\s*<!--\s*test:\s*(\w+)\s*-->\s*$")
FILE_LINE = re.compile(r"^(?://|#)\s*file:\s*(\S+)\s*$")


@dataclass(frozen=True)
class Block:
    document: Path
    line: int  # of the opening fence, from 1
    language: str
    mark: str  # run, serve, output, none, or empty
    text: str

    @property
    def file_name(self) -> str:
        """The file this block is, or an empty string."""
        match = FILE_LINE.match(self.text.partition("\n")[0])
        return match.group(1) if match else ""

    @property
    def place(self) -> str:
        return f"{self.document.name}:{self.line}"


def label_of(document: Path) -> str:
    """A short name that no other document has."""
    folder = document.parent
    return f"example_{folder.name}" if folder.parent.name == "examples" else document.stem


def blocks_of(document: Path) -> list[Block]:
    found: list[Block] = []
    mark, fence, start, language, indent = "", "", 0, "", ""
    lines: list[str] = []
    for number, line in enumerate(document.read_text(encoding="utf-8").splitlines(), start=1):
        match = FENCE.match(line)
        if fence:
            if line.strip() == fence:
                found.append(Block(document, start, language, mark, "".join(f"{each}\n" for each in lines)))
                fence, mark = "", ""
            else:
                lines.append(line.removeprefix(indent))
        elif match:
            indent, fence, language = match.groups()
            start, lines = number, []
        elif MARK.match(line):
            mark = MARK.match(line).group(1)
        elif line.strip():
            mark = ""
    if fence:
        raise SystemExit(f"{document}:{start}: a code block that is never closed")
    return found
