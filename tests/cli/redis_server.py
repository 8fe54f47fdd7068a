"""A redis-server of the test's own on a unix socket and a free port; gone with the test."""

import shutil
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path


def have_redis():
    return shutil.which("redis-server") is not None


class RedisServer:
    def __init__(self, test: unittest.TestCase, *settings):
        holder = tempfile.TemporaryDirectory(prefix="neve-redis-")
        test.addCleanup(holder.cleanup)
        folder = Path(holder.name)
        self.path = folder / "s"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"unixsocket {self.path}",
            f"dir {folder}",
            'save ""',
            "appendonly no",
            *settings,
        ]
        (folder / "redis.conf").write_text("\n".join(lines) + "\n")
        self.process = subprocess.Popen(["redis-server", str(folder / "redis.conf")], stdout=subprocess.DEVNULL)
        test.addCleanup(self.kill)
        while not self.accepts():
            if self.process.poll() is not None:
                raise RuntimeError("redis-server does not start; is the package redis-server installed?")
            time.sleep(0.005)

    def accepts(self):
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.path)) == 0

    def kill(self):
        self.process.kill()
        self.process.wait()

    def url(self, query=""):
        # Real servers on a busy machine may take their time.
        return f"unix://{self.path}?timeout=20s&connect_timeout=20s{query}"

    def command(self, *words):
        done = subprocess.run(["redis-cli", "-s", str(self.path), *words], capture_output=True, text=True, check=True)
        return done.stdout.strip()
