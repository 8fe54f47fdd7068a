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
LAYERS = ["base", "codec", "key", "cache", "pipeline", "stages", "dataset", "service", "cli", "python"]
# Where each component's files are, and what the first folder of an include path says about the component it reaches.
FOLDERS = {f"{prefix}/{layer}": layer for layer in LAYERS for prefix in ("include/neve", "src")}
FOLDERS["stages"] = "stages"
FOLDERS["python/src"] = "python"
UMBRELLA = "neve.hpp"  # include/neve/neve.hpp: stands where the highest component it includes stands
UPPER_HALF = "dataset/analysis/"  # of its component: it may include the rest, which may include nothing of it
# Folders that are divided into rooms, given from src/ on but for that of Python. A room includes private headers of itself and of those
# before it. What stands in the divided folder itself has no place among them: what puts the rooms together, and what their tests share.
ROOMS = {
    "codec": ["json", "array", "deflate", "zip", "npz", "entry"],
    "cache": ["backend", "guard", "memory", "disk", "redis", "observed", "tiers", "flight"],
    "cache/disk": ["files", "ledger", "entry", "cleaning"],
    "cache/redis": ["wire", "topology", "entry", "doctor"],
    "pipeline": ["artifact", "stage", "graph", "scheduler", "node", "run", "sweep", "command", "file"],
    "dataset": ["values", "csv", "text", "xlsx", "table", "columns", "parquet", "ingest", "analysis"],
    "dataset/analysis": ["concentration", "document", "filter", "compute", "artifacts", "cache"],
    "service": ["http", "exchange", "access", "work", "upload", "handlers"],
    "python/src": ["interpreter", "values", "caching", "calls", "pipelines", "datasets"],
    "cli": ["text", "terminal", "program", "arguments", "chosen", "runs", "commands"],
}
COMPONENT_OF_INCLUDE = {layer: layer for layer in LAYERS} | {"optics": "stages"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def component_of(path: Path) -> str | None:
    name = path.as_posix()
    for folder, layer in FOLDERS.items():
        if name.startswith(folder + "/"):
            return layer
    return "pipeline" if name == f"include/neve/{UMBRELLA}" else None


def included_component(kind: str, target: str, own: str) -> str | None:
    """The component an include reaches; None for system and third-party headers."""
    parts = target.split("/")
    if target == f"neve/{UMBRELLA}":
        return "pipeline"
    if kind == "<":
        return COMPONENT_OF_INCLUDE.get(parts[1], parts[1]) if parts[0] == "neve" and len(parts) > 2 else None
    if parts[0] == "neve":
        return COMPONENT_OF_INCLUDE.get(parts[1], parts[1])
    if len(parts) > 1 and parts[0] in COMPONENT_OF_INCLUDE:
        return COMPONENT_OF_INCLUDE[parts[0]]
    return own  # a file of the same folder


def rooms_of(name: str) -> dict[str, str]:
    """The divided folders and the rooms in them that a file is in, given as private headers are included."""
    rooms = {}
    for folder in ROOMS:
        rest = name.removeprefix(folder + "/")
        if rest != name and "/" in rest:
            rooms[folder] = rest.split("/")[0]
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
        if own == "dataset" and UPPER_HALF in target and UPPER_HALF not in path.as_posix():
            faults.append(f"{path}:{number}: includes {target}, but {UPPER_HALF} stands above the rest of its component")
        fault = room_fault(path, target) if kind == '"' else None
        if fault:
            faults.append(f"{path}:{number}: {fault}")
        reached = included_component(kind, target, own)
        if not public and kind == '"' and reached != own and not target.startswith("neve/"):
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
