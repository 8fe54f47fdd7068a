"""What the tests of quantities ask of a value."""

import neve
from neve import _neve
from neve._values.describe import describe


def key_of(value):
    return _neve.value_digest(value, describe)


def kept(cache, make):
    """What a hit gives for what `make` gives."""
    memo = neve.memo(cache, version="1", source=False)(make)
    memo()
    found = memo()
    assert memo.stats()["hits"] == 1
    return found
