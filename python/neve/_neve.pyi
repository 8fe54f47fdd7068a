from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy.typing

import neve.types


version: str = '0.1.0'

class Memory:
    """
    Memory that keeps the data of arrays alive; their `base`. Nothing to be called.
    """

class Lookup:
    """
    What a lookup gave: a hit, or the reason there is none, and what it cost.
    """

    @property
    def hit(self) -> bool:
        """Whether there is an entry."""

    @property
    def reason(self) -> str:
        """
        Why there is none: 'absent', 'expired', 'half', 'torn', 'corrupt', 'foreign', 'unsupported' or 'unavailable'; 'none' for a hit.
        """

    @property
    def detail(self) -> str:
        """What exactly was wrong, for a person; empty for plain hits and misses."""

    @property
    def tier(self) -> str:
        """Name of the cache that answered."""

    @property
    def recipe(self) -> str:
        """The key's ingredients as JSON text, if they were stored with it."""

    @property
    def lookup_s(self) -> float:
        """Seconds the lookup took."""

    @property
    def compute_s(self) -> float:
        """Seconds the computation of a hit took, 0 if unknown."""

    @property
    def stored_bytes(self) -> int:
        """Bytes read from the store for a hit."""

    @property
    def expires_at(self) -> float | None:
        """
        When a hit expires, in seconds since 1970 as `time.time()` counts them; None: never.
        """

    @property
    def meta(self) -> dict[str, Any]:
        """The metadata of a hit; empty otherwise."""

    @property
    def arrays(self) -> dict[str, numpy.typing.NDArray[Any]]:
        """The arrays of a hit, read-only; empty otherwise."""

    def __repr__(self) -> str: ...

class Lease:
    """
    The right to compute a key among all who use the cache, until `release`.
    """

    def release(self) -> None: ...

    def say_unkept(self) -> None:
        """
        Tells those who wait that what was computed is kept nowhere. To be said before `release`; a store under the lease says it by itself.
        """

class LeaseWatch:
    """What one who waits for a key hears of whoever has the lease."""

    def listen(self) -> Literal["nothing", "unkept", "gone"]:
        """
        `unkept`: waiting is in vain, the result is not kept. `gone`: the lease was given up. Never waits.
        """

def redacted_urls(urls: str) -> str:
    """
    The URLs with `***` in the place of every password: the only form that may be printed.
    """

class Cache:
    def __init__(self, url: str, *, raise_failures: bool = False) -> None: ...

    @property
    def name(self) -> str:
        """'disk', 'memory', 'redis', or those of a chain joined by '+'."""

    @property
    def _url(self) -> str: ...

    @property
    def _raise_failures(self) -> bool: ...

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""

    def keys(self) -> list[str]:
        """
        Every key, in no order. Raises UnsupportedError unless the cache has a folder.
        """

    def _keys_of(self, node: str) -> list[str]: ...

    def _try_lease(self, key: str) -> Lease | None: ...

    def _watch_lease(self, key: str) -> LeaseWatch | None: ...

    def clear(self) -> int:
        """
        Removes every entry from the folder, and of a chain from every tier; the number of files. Raises UnsupportedError unless there is a folder, and if there is a server, which may be others' too.
        """

    def stats(self) -> dict[str, Any]:
        """
        What this object was asked and what came of it: hits, misses by reason, bytes, seconds saved, latencies in seconds; in `tiers` the same of each tier, nearest first, with `errors_by_kind` and, of one that may be away, `breaker` and `last_error`.
        """

    def usage(self) -> neve.types.Usage:
        """How many entries and bytes it holds."""

    def close(self) -> None:
        """
        Lets go of files and connections. Arrays that were handed out stay valid.
        """

    def get(self, key: str, *, writable: bool = False, mapped: bool = False) -> neve.types.Entry | None:
        """
        The entry under `key` as `{"meta": dict, "arrays": dict}`, or None: a damaged entry is a miss too; `lookup` says why.

        Arrays are read-only views of the memory the entry was read into, which they keep alive; `writable` copies them. `mapped` leaves those of 4 MB and more in their file, verified once: for folders where nobody truncates files in place.

        Raises InvalidArgumentError for what is no key or no flag, and if the cache is closed. A store that cannot be reached is a miss, or of a cache opened with `on_failure="raise"` an UnavailableError, TimeoutError or IoError.
        """

    def lookup(self, key: str, *, mapped: bool = False) -> Lookup:
        """
        As `get`, with the reason for a miss, what it cost and what is known of the entry. Raises as `get`.
        """

    def lookup_many(self, keys: Sequence[str], *, mapped: bool = False) -> list[Lookup]:
        """
        One lookup per key, in order; a Redis cache is asked once for all of them. Raises as `get`.
        """

    def _store(self, key: str, meta: object, arrays: object, ttl_s: float | None, compute_s: float, recipe: str, lenient: bool, lease: Lease | None = None) -> neve.types.Stored: ...

    def exists(self, key: str) -> bool:
        """
        Whether `get` would probably hit: looks for the entry without reading it. Raises as `get`.
        """

    def delete(self, key: str) -> bool:
        """
        Forgets the entry; whether there was one. Raises InvalidArgumentError as `get`; UnavailableError, TimeoutError or IoError if the store cannot be reached or refuses, however the cache was opened.
        """

    def copy(self, key: str, to: Cache) -> neve.types.Copied:
        """
        Copies the entry, with its expiry and what it cost, into the cache `to` unless that has one under the key, which stays as it is; says what became of it. Raises as `delete`, and InvalidArgumentError for what is no cache.
        """

    def touch(self, key: str, ttl_s: float | None) -> bool:
        """
        Gives the entry `ttl_s` seconds from now, None: for ever; whether there is one. Raises as `delete`, and InvalidArgumentError for seconds that are not above 0.
        """

def value_digest(value: object | None, describe: object) -> str:
    """
    SHA-256 of the value's encoded form; raises UnsupportedError for what has none.
    """

def encode_value(value: object, describe: object) -> tuple[Any, dict[str, numpy.typing.NDArray[Any]]]:
    """The value as JSON and arrays: docs/formats/python-values.md."""

def decode_value(json: object, arrays: dict[str, Any], restore: object) -> Any:
    """The value that encode_value took apart."""

def explain_difference(before: str, after: str) -> list[str]:
    """What differs between two recipes, a line each."""

class CallTable:
    """The stored calls of one function."""

    def __init__(self, cache: Cache, name: str, version: str, fixed: dict[str, Any], describe: object, restore: object) -> None: ...

    def key(self, arguments: dict[str, Any]) -> str: ...

    def recipe(self, arguments: dict[str, Any]) -> str: ...

    def lookup(self, arguments: dict[str, Any], writable: bool, mapped: bool) -> tuple[bool, Any, str, str]: ...

    def stored(self, key: str, writable: bool, mapped: bool) -> tuple[bool, Any]: ...

    def compute(self, key: str, recipe: str, compute: object, objection: object, ttl_s: float | None, writable: bool) -> tuple[Any, str]: ...

    def recompute(self, key: str, recipe: str, compute: object, objection: object, ttl_s: float | None, writable: bool) -> tuple[Any, str]: ...

def compact_json(value: object | None) -> bytes:
    """The JSON bytes that keys are computed from."""

def spaced_json(value: object | None) -> bytes:
    """The JSON bytes that an entry's JSON file holds."""

def parse_json(text: bytes) -> Any:
    """What Python's json.loads accepts, within 64 bits."""

def python_repr(value: float) -> str:
    """A float as Python's repr prints it, made by neve."""

def config_digest(config: object | None) -> str:
    """The cfg_hash of a key; raises UnsupportedError for NaN and infinities."""

def array_digest(array: object | None) -> str:
    """The array digest that phys-pipeline's keys contain."""

def state_digest(meta: object | None, arrays: object | None) -> str:
    """The digest of a state: all of it."""

def file_digest(path: bytes) -> str:
    """
    SHA-256 of what a file holds. Raises InvalidArgumentError if there is none or it is a folder, IoError.
    """

def record_key(record: object) -> str:
    """The key of a record of the eight members that are hashed."""

def recipe_key(recipe: object) -> str:
    """The key of a recipe, every digest in it recomputed."""

def encode_entry(key: str, meta: object, arrays: object, recipe: str = '') -> tuple[bytes, bytes]:
    """The two files of an entry: JSON and NPZ."""

def decode_entry(key: str, json: bytes, npz: bytes) -> tuple[dict[str, Any], dict[str, numpy.typing.NDArray[Any]]]:
    """
    Metadata and arrays from an entry's two files; raises CorruptError and UnsupportedError.
    """

class StageContext:
    """A stage's line to the run it is part of; valid while the stage runs."""

    def metric(self, name: str, value: float) -> None:
        """
        Sets a scalar of the result; units belong into the name, as in `energy_j`. Raises InvalidArgumentError for what is no number or no name.
        """

    def save(self, name: str, value: Any) -> None:
        """
        Adds an array or a JSON document to the result, and to the recording folder if there is one. Raises InvalidArgumentError for a value that JSON cannot hold exactly and for a name that was used or is none, UnsupportedError for an array of objects.
        """

    def image(self, name: str, png: bytes) -> None:
        """
        Adds a finished PNG file to the result. Raises InvalidArgumentError if it is none, or the name was used.
        """

    def warn(self, text: str) -> None:
        """
        Tells whoever reads the run's report what is amiss with the result. Part of the result: a hit says it again, so the same inputs must give the same text. Raises InvalidArgumentError for what is no text.
        """

    def progress(self, fraction: float, text: str = '') -> None:
        """
        Tells observers how far the stage is, 0 to 1. No part of the result. Raises InvalidArgumentError for what is no number.
        """

    def checkpoint(self) -> None:
        """
        Raises CancelledError or TimeoutError if the work should stop: call it in every outer loop. A stage that never asks is interrupted by StageStopped instead.
        """

    @property
    def stop_requested(self) -> bool:
        """Whether the work should stop."""

    @property
    def policy(self) -> dict[str, Any] | None:
        """The run's policy; None if there is none."""

    @property
    def node(self) -> str:
        """The stage's id in its pipeline."""

    @property
    def inputs(self) -> list[str]:
        """Names of the inputs, in order."""

    @property
    def cpu(self) -> int:
        """How many threads were granted."""

class Stage:
    """A stage that pipelines can hold."""

    @property
    def op_name(self) -> str:
        """What it does."""

    @property
    def version(self) -> str:
        """Which way of doing it; enters the key."""

    @property
    def config(self) -> dict[str, Any]:
        """Every setting, defaults filled in."""

    @property
    def input_count(self) -> int | None:
        """How many inputs it takes; None: any number."""

def python_stage(adapter: object, op_name: str, version: str | Callable[[], str], input_count: int | None) -> Stage: ...

def compiled_stage(name: str, config: object) -> Stage: ...

def stage_names() -> list[str]:
    """The compiled stages there are."""

def stage_fields(name: str) -> list[dict[str, Any]]:
    """
    The settings of a compiled stage: name, type, default, unit, constraints. Raises InvalidArgumentError with the nearest name for what it does not have.
    """

class RunResult:
    """What a run gave. Its arrays are read-only."""

    @property
    def ok(self) -> bool:
        """Whether every stage succeeded."""

    @property
    def pipeline(self) -> str:
        """The pipeline's name."""

    @property
    def output_node(self) -> str:
        """Id of the last stage; empty if there is no single one."""

    @property
    def nodes(self) -> list[str]:
        """Ids of the stages that succeeded."""

    @property
    def failures(self) -> list[dict[str, str]]:
        """
        Stages that failed: node, label of the sweep point, code and message, in the order it happened.
        """

    @property
    def metrics(self) -> dict[str, float]:
        """All metrics as `pipeline.stage.metric`."""

    @property
    def provenance(self) -> dict[str, dict[str, Any]]:
        """By stage: versions, hashes, seconds, and how the cache took part."""

    @property
    def report(self) -> dict[str, Any]:
        """What the run did and what the cache saved, stage by stage and in all."""

    def _state(self, node: str) -> tuple[dict[str, Any], dict[str, Any]]: ...

    def stage_metrics(self, node: str) -> dict[str, float]:
        """The metrics of one stage."""

    def artifacts(self, node: str) -> dict[str, dict[str, Any]]:
        """
        The artifacts of one stage by name: kind, document, preview, arrays, file.
        """

    def table(self) -> str:
        """The report as text, for a terminal."""

class SweepResult:
    """What a sweep gave: one run per point."""

    @property
    def ok(self) -> bool:
        """Whether every stage succeeded."""

    @property
    def _runs(self) -> list[RunResult]: ...

    @property
    def _labels(self) -> list[str]: ...

    @property
    def rows(self) -> list[dict[str, Any]]:
        """
        One dict per point: its number, the settings and the metrics; None where a stage failed.
        """

    @property
    def report(self) -> dict[str, Any]:
        """Every stage that ran, once."""

    def csv(self) -> str:
        """The rows as CSV."""

class Graph:
    """Stages and what each needs."""

    def __init__(self, name: str) -> None: ...

    def add(self, id: str, stage: Stage, needs: Sequence[str], how: dict[str, Any]) -> None: ...

    def add_graph(self, id: str, inner: Graph, needs: Sequence[str]) -> None: ...

    def set_output(self, id: str) -> None: ...

    def set(self, path: str, value: object | None) -> None: ...

    def check(self) -> None: ...

    @property
    def name(self) -> str: ...

    @property
    def policy(self) -> dict[str, Any] | None: ...

    @property
    def swept(self) -> list[str]: ...

    @property
    def stages(self) -> dict[str, Stage]: ...

    def run(self, how: dict[str, Any]) -> RunResult: ...

    def why(self, how: dict[str, Any]) -> dict[str, dict[str, Any]]: ...

    def run_sweep(self, axes: object, how: dict[str, Any]) -> SweepResult: ...

def load_pipeline_file(path: str, settings: Sequence[str], sweeps: Sequence[Sequence[str]], points: str, until: str, environment: Mapping[str, str], temporary_folder: str) -> Graph: ...
