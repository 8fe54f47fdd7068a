"""Warnings about results, shown at the line of the user's program that asked for them."""

from __future__ import annotations

import os
import sys
import warnings

from neve._public import public

_PACKAGE = os.path.dirname(os.path.abspath(__file__)) + os.sep


@public
class NotDeterministicWarning(UserWarning):
    """A function gave another result for the arguments of a stored call."""


@public
class NotStoredWarning(UserWarning):
    """A result was returned without being kept: it has no exact form, the cache did not take it, or the call changed what its
    key was made of, as one that writes into an argument."""


@public
class NotCountedWarning(UserWarning):
    """A function reads a global variable that has no exact form: a change of it does not change the keys of its calls."""


def warn(warning: Warning) -> None:
    """Warns at the innermost line outside this package."""
    level, frame = 2, sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        level, frame = level + 1, frame.f_back
    warnings.warn(warning, stacklevel=level)
