"""What the tests share: cache folders, and a Redis server of their own."""

import importlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest

import neve

# Whoever starts the tests in the background may have left them deaf to Ctrl-C, of which some are about.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def cache(tmp_path):
    with neve.open(tmp_path / "cache") as opened:
        yield opened


@pytest.fixture
def world(tmp_path, monkeypatch):
    """Modules of the user's, written and loaded anew: `world("params", "N = 1")` gives the module. One without a text
    is a package."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    times = iter(range(10**9, 2 * 10**9))
    names = set()

    def write(name, text):
        path = tmp_path.joinpath(*name.split(".")).with_suffix(".py")
        if not text:
            path = path.with_suffix("") / "__init__.py"
            path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        os.utime(path, (next(times),) * 2)
        importlib.invalidate_caches()
        names.add(name)
        return path

    def load(name, text):
        write(name, text)
        if name in sys.modules:
            return importlib.reload(sys.modules[name])
        return importlib.import_module(name)

    load.write = write
    monkeypatch.setattr("neve._code.surroundings._told", set())
    yield load
    for name in list(sys.modules):
        if name.partition(".")[0] in names:
            del sys.modules[name]


# For tests that want an answer from a server: on a machine that is busy with other things it may take its time.
PATIENT = "timeout=20s&connect_timeout=20s"


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory):
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed")
    folder = tmp_path_factory.mktemp("redis")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [program, "--port", str(port), "--save", "", "--appendonly", "no", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
    yield f"redis://127.0.0.1:{port}"
    server.terminate()
    server.wait()


def run_python(script, *arguments):
    """Runs a script in an interpreter of its own; what it printed."""
    import sys

    done = subprocess.run([sys.executable, "-c", script, *map(str, arguments)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout
