"""What the tests of `neve serve` share: a server of their own on a free port, and requests."""

import json
import os
import resource
import signal
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request
from pathlib import Path

PROGRAM = os.environ.get("NEVE_PROGRAM", "neve")
ORDERS = "customer,month,revenue\nAda,2024-01,60\nBob,2024-01,30\nCy,2024-02,10\n"


class Server:
    """`neve serve` on a free port, stopped at the end of the block. It may open so many `descriptors`. What standard error gets (`log="-"`) is not read meanwhile."""

    def __init__(self, folder, *words, descriptors=None, log=None):
        self.log = Path(folder) / "log" if log is None else log
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--listen", "127.0.0.1:0", "--store", "store", "--log", str(self.log), *words],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=descriptors and (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))),
        )
        line = self.process.stdout.readline()
        if "http://" not in line:
            raise RuntimeError(f"it does not start: {line}{self.process.stderr.read()}")
        self.started = json.loads(line) if "--json" in words else {"address": line.strip().rsplit(" ", 1)[1]}
        self.url = self.started["address"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()
        self.process.stdout.close()
        self.process.stderr.close()

    def stop(self, number=signal.SIGTERM):
        """Its exit status after the signal."""
        self.process.send_signal(number)
        return self.process.wait(timeout=60)

    def ask(self, method, path, body=None, headers=None):
        """Status, headers and body."""
        request = urllib.request.Request(
            self.url + path, method=method, headers=headers or {}, data=body.encode() if isinstance(body, str) else body
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read()

    def json(self, method, path, body=None, headers=None):
        status, _, content = self.ask(method, path, body, headers)
        return status, json.loads(content)


class ServeTest(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="neve-serve-")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)

    def neve(self, *words, before=None):
        """The command, ended by itself; in its process `before` is called first."""
        return subprocess.run(
            [PROGRAM, *words],
            cwd=self.folder,
            text=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=False,
            preexec_fn=before,
        )
