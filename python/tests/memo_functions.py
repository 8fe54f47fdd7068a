"""Functions of a module of their own, as processes and pickles need them."""

import dataclasses
import enum
import os
import pathlib

import numpy as np
import pydantic

import neve

PLACE = neve.open(pathlib.Path(os.environ["NEVE_TEST_FOLDER"])) if "NEVE_TEST_FOLDER" in os.environ else None


@dataclasses.dataclass(frozen=True)
class Fiber:
    length_m: float
    betas: list = dataclasses.field(default_factory=list)


class Grid(pydantic.BaseModel):
    points: int = 8
    name: str = "grid"


class Color(enum.Enum):
    RED = 1


class Opaque:
    pass


def computed_in(folder, *what):
    """Leaves a mark for each computation, whichever process makes it."""
    path = pathlib.Path(folder) / "computed"
    with path.open("a") as file:
        print(*what, file=file)


if PLACE is not None:

    @neve.memo(PLACE, version="1")
    def slow_square(x):
        import time

        computed_in(os.environ["NEVE_TEST_FOLDER"] + ".marks", x)
        time.sleep(0.2)
        return np.asarray(x) ** 2


class Counted:
    """Counts the computations of a function."""

    def __init__(self):
        self.calls = []

    def __call__(self, *args):
        self.calls.append(args)


counted = Counted()  # a global of those who import it
neve.register(Counted, lambda counted: None, None)  # what it has counted changes no result


def computed_and_found(cache, value):
    """What a call gives that computes `value`, and what one gives that finds it."""

    @neve.memo(cache)
    def give(number):
        counted(number)
        return value

    counted.calls.clear()
    first, second = give(1), give(1)
    assert len(counted.calls) == 1
    return first, second


def kept(cache, function, **options):
    """The function with its results kept, as the decorator has it."""
    return neve.memo(cache, **options)(function)
