"""One exception class per error code of neve; all of them are `neve.Error`."""

from __future__ import annotations

import builtins


class Error(Exception):
    """What neve raises. `code` says what the caller can do; the text names the input, the place and the remedy."""

    code: str = "internal"


class InvalidArgumentError(Error, ValueError):
    """The caller's input is wrong; the message says what would be right."""

    code = "invalid_argument"


class CorruptError(Error):
    """Stored bytes contradict themselves."""

    code = "corrupt"


class UnsupportedError(Error, TypeError):
    """Well-formed, but outside what neve keeps exactly, or what this build can do."""

    code = "unsupported"


class TooLargeError(Error):
    """Beyond a stated limit."""

    code = "too_large"


class UnavailableError(Error, ConnectionError):
    """A server or resource cannot be reached now; trying later may help."""

    code = "unavailable"


class TimeoutError(Error, builtins.TimeoutError):  # noqa: A001 - it is Python's, too
    """A deadline passed."""

    code = "timeout"


class CancelledError(Error):
    """Somebody asked for the work to stop."""

    code = "cancelled"


class StageStopped(BaseException):
    """Raised inside a Python stage whose run is stopped, or whose time is up, wherever it is at that moment, unless it asks
    by `context.checkpoint()` or `context.stop_requested`.

    Like KeyboardInterrupt it is no Exception, so that code which goes on after any error does not go on after this one.
    Clean up and let it pass: what the stage returns is not used any more.
    """


def _step() -> None:
    """A step of Python code, in which an exception that another thread has sent is raised."""


class IoError(Error, OSError):
    """The operating system refused a file operation."""

    code = "io"


class StageFailedError(Error, RuntimeError):
    """A stage raised, or a stage's command failed."""

    code = "stage_failed"


class InternalError(Error, RuntimeError):
    """A defect in neve."""

    code = "internal"


BY_CODE: dict[str, type[Error]] = {
    each.code: each
    for each in (
        InvalidArgumentError,
        CorruptError,
        UnsupportedError,
        TooLargeError,
        UnavailableError,
        TimeoutError,
        CancelledError,
        IoError,
        StageFailedError,
        InternalError,
    )
}
