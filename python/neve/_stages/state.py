"""What stages hand to each other."""

# Without `from __future__ import annotations`: typing and pydantic would look for `Any` in the module that State says it
# is of.

from dataclasses import dataclass, field
from typing import Any

from neve._public import public


@public
@dataclass
class State:
    """What stages hand to each other: metadata (JSON values, kept exactly) and arrays by name.

    All of it counts for the keys of the stages downstream, so it should hold results, not remarks about the run.
    Arrays that a stage is given are read-only.
    """

    meta: dict[str, Any] = field(default_factory=dict)
    arrays: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        """The array or else the metadata called `name`."""
        return self.arrays[name] if name in self.arrays else self.meta[name]
