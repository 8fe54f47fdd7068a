#!/usr/bin/env python3
"""Holds the include graph against the layers: a component may include itself and the ones before it, nothing upward.

Also: public headers reach no private ones, no component reaches the private ones of another, the rooms of a component (its folders) reach
only those before them, and every header is guarded by #pragma once.
usage: scripts/check_includes.py      (from anywhere; reads the tree this script stands in)
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ["base", "codec", "key", "cache", "pipeline", "stages", "dataset", "dataset/analysis", "service", "cli", "python"]
UPPER_HALVES = {"dataset/analysis": "dataset"}  # a component that may include private headers of another
# Where each component's files are, and which one the folders that an include path begins with belong to.
FOLDERS = {f"{prefix}/{layer}": layer for layer in LAYERS for prefix in ("include/neve", "src")}
FOLDERS |= {"stages": "stages", "python/src": "python"}
INCLUDED = {layer: layer for layer in LAYERS} | {"optics": "stages"}
UMBRELLA = "neve.hpp"  # include/neve/neve.hpp: stands where the highest component it includes stands
# Folders that are divided into rooms, given from src/ on but for that of Python. A room includes private headers of itself and of those
# before it. What stands in the divided folder itself has no place among them: what puts the rooms together, and what their tests share.
ROOMS = {
    "codec": ["json", "array", "deflate", "zip", "npz", "entry"],
    "cache": ["backend", "guard", "memory", "disk", "redis", "observed", "tiers", "flight"],
    "cache/disk": ["files", "ledger", "entry", "cleaning"],
    "cache/redis": ["wire", "topology", "entry", "doctor"],
    "pipeline": ["artifact", "stage", "graph", "scheduler", "node", "run", "sweep", "why", "command", "file"],
    "dataset": ["values", "csv", "text", "xlsx", "table", "columns", "parquet", "ingest"],
    "dataset/analysis": ["concentration", "document", "filter", "compute", "artifacts", "cache"],
    "service": ["http", "exchange", "access", "work", "upload", "handlers"],
    "python/src": ["interpreter", "values", "caching", "calls", "pipelines", "datasets"],
    "cli": ["text", "terminal", "program", "arguments", "chosen", "runs", "commands"],
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def deepest(folders: dict[str, str], name: str) -> str | None:
    """The component of the deepest of `folders` that `name` lies in."""
    found = max((folder for folder in folders if name.startswith(folder + "/")), key=len, default=None)
    return folders[found] if found else None


def component_of(path: Path) -> str | None:
    name = path.as_posix()
    return "pipeline" if name == f"include/neve/{UMBRELLA}" else deepest(FOLDERS, name)


def included_component(kind: str, target: str, own: str) -> str | None:
    """The component an include reaches; None for system and third-party headers."""
    if target == f"neve/{UMBRELLA}":
        return "pipeline"
    if target.startswith("neve/"):
        rest = target.removeprefix("neve/")
        return deepest(INCLUDED, rest) or rest.split("/")[0]
    if kind == "<":
        return None
    return deepest(INCLUDED, target) or own  # or a file of the same folder


def rooms_of(name: str) -> dict[str, str]:
    """The divided folders and the rooms in them that a file is in, given as private headers are included."""
    rooms = {}
    for folder in ROOMS:
        rest = name.removeprefix(folder + "/")
        room = rest.split("/")[0]
        if rest not in (name, room) and f"{folder}/{room}" not in LAYERS:
            rooms[folder] = room
    return rooms


def room_fault(path: Path, target: str) -> str | None:
    """What is wrong with a private include as far as rooms go; a test may reach any of them."""
    if path.name.endswith("_test.cpp"):
        return None
    reached_rooms = rooms_of(f"python/src/{target}" if path.is_relative_to("python/src") else target)
    for folder, own in rooms_of(path.as_posix().removeprefix("src/")).items():
        order, reached = ROOMS[folder], reached_rooms.get(folder)
        if own in order and reached in order and order.index(reached) > order.index(own):
            return f"includes {target}, but in {folder}/ the room {reached}/ stands above {own}/"
    return None  # a room that is not in the order is a fault by itself


def faults_of(path: Path) -> list[str]:
    own = component_of(path)
    public = "include/neve" in path.as_posix()
    faults = []
    text = (ROOT / path).read_text(encoding="utf-8")
    if path.suffix == ".hpp" and "#pragma once" not in text:
        faults.append(f"{path}:1: a header without #pragma once")
    for number, line in enumerate(text.splitlines(), start=1):
        match = INCLUDE.match(line)
        if not match:
            continue
        kind, target = match.groups()
        if public and kind == '"':
            faults.append(f'{path}:{number}: public header includes private "{target}"')
        fault = room_fault(path, target) if kind == '"' else None
        if fault:
            faults.append(f"{path}:{number}: {fault}")
        reached = included_component(kind, target, own)
        shared = reached in (own, UPPER_HALVES.get(own or ""))
        if not public and kind == '"' and not shared and not target.startswith("neve/"):
            faults.append(f'{path}:{number}: {own} includes "{target}", which is private to {reached}')
        if reached is None or own is None:
            continue
        if reached not in LAYERS:
            faults.append(f"{path}:{number}: includes {target}, whose component '{reached}' is in no layer")
        elif LAYERS.index(reached) > LAYERS.index(own):
            faults.append(f"{path}:{number}: {own} includes {target} of the higher layer {reached}")
    return faults


def main() -> int:
    files = sorted(
        path.relative_to(ROOT)
        for folder in ("include", "src", "stages", "python/src")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".hpp", ".cpp")
    )
    unplaced = [f"{path}:1: belongs to no layer of {' < '.join(LAYERS)}" for path in files if component_of(path) is None]
    places = {place for path in files for place in rooms_of(path.as_posix().removeprefix("src/")).items()}
    unplaced += [f"{folder}/{room}: is no room of {folder}/" for folder, room in sorted(places) if room not in ROOMS[folder]]
    faults = unplaced + [fault for path in files for fault in faults_of(path)]
    print("\n".join(faults) if faults else f"{len(files)} files keep to the layers {' < '.join(LAYERS)}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
