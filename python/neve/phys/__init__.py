"""The drop-in for phys-pipeline 2: its backends and its DagCache, over neve's caches.

    executor = phys_pipeline.DagExecutor(cache=neve.phys.DagCache("disk:.neve"))

The backends keep the same files and Redis keys as the originals, and read what those wrote. The DagCache keeps states
as JSON and arrays and never unpickles anything.
"""

from __future__ import annotations

from neve.phys._backends import DiskCache, RedisCache, SharedDiskCache, build_cache_backend
from neve.phys._dag_cache import DagCache, DagCacheEntry, PickledEntryWarning

__all__ = [
    "DagCache",
    "DagCacheEntry",
    "DiskCache",
    "PickledEntryWarning",
    "RedisCache",
    "SharedDiskCache",
    "build_cache_backend",
]
