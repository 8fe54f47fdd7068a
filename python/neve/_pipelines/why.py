"""What a run of a pipeline would find, and what has changed since the nearest stored results."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from neve._public import public

if TYPE_CHECKING:
    from collections.abc import Iterator

Outcome = Literal["found", "would be computed", "follows", "cannot be cached"]


@public
@dataclass(frozen=True)
class StageWhy:
    """What a run would find of one stage. Print it."""

    outcome: Outcome
    key: str = ""  # of one that follows others it is not known yet
    reason: str = ""  # for a miss, or why there is no key
    changes: list[str] = field(default_factory=list)  # since the nearest stored result: `config.gain: 2.0 → 3.0`
    nearest: str | None = None  # key of the result the changes are from
    waits_for: list[str] = field(default_factory=list)  # stages whose results the key depends on

    @property
    def hit(self) -> bool:
        """Whether its result is stored."""
        return self.outcome == "found"

    def __str__(self) -> str:
        if self.outcome == "follows":
            names = ", ".join(map(repr, self.waits_for))
            return f"follows once {names} {'is' if len(self.waits_for) == 1 else 'are'} computed"
        if self.outcome != "would be computed":
            return self.outcome + (f": {self.reason}" if self.reason else "")
        if self.nearest is None:
            return f"{self.outcome}: no result like it is known here"
        if not self.changes:
            return f"{self.outcome}: its entry {self.key[:12]} is no hit ({self.reason})"
        return f"{self.outcome}; from the nearest stored result {self.nearest[:12]}:\n  " + "\n  ".join(self.changes)


@public
@dataclass(frozen=True)
class PipelineWhy:
    """What a run would find, by stage. Print it."""

    stages: dict[str, StageWhy]

    @property
    def hit(self) -> bool:
        """Whether a run would compute nothing."""
        return all(each.hit for each in self.stages.values())

    def __getitem__(self, stage: str) -> StageWhy:
        return self.stages[stage]

    def __iter__(self) -> Iterator[str]:
        return iter(self.stages)

    def __len__(self) -> int:
        return len(self.stages)

    def __str__(self) -> str:
        lines = [f"{name}: {each}".replace("\n", "\n  ") for name, each in self.stages.items()]
        return "\n".join(lines)
