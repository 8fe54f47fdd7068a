#!/usr/bin/env python3
"""How many requests a second does a cached answer give, beside nginx serving the same bytes as a file?

Needs nginx and wrk (Debian: nginx-light, wrk); says so and ends well where they are absent. Both servers run one after the
other in each round, on the same machine as wrk; ratios of one run count, absolute numbers do not.
usage: bench/service/compare.py NEVE [SECONDS]
"""

import json
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

CONNECTIONS = 32
ROUNDS = 3
QUESTION = json.dumps({"group_by": "customer", "value": "revenue"})
POST = f"""
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{QUESTION}'
"""
NGINX = """
worker_processes auto; daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{ access_log off; keepalive_requests 100000000; sendfile on; open_file_cache max=10;
  server {{ listen 127.0.0.1:{port}; root {folder}/www; }} }}
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def requests_per_s(url, seconds, script=None):
    words = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", url] + (["-s", str(script)] if script else [])
    text = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        raise RuntimeError(text)
    return float(re.search(r"Requests/sec:\s+([0-9.]+)", text).group(1))


def main():
    print("\nA cached answer over HTTP")
    for tool in ("nginx", "wrk"):
        if shutil.which(tool) is None:
            print(f"  {tool}: absent; a cached answer is compared with nginx by wrk (Debian: nginx-light, wrk)")
            return 0
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 4
    with tempfile.TemporaryDirectory(prefix="neve-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # nginx drops its privileges
        neve = subprocess.Popen(
            [sys.argv[1], "serve", "--listen", "127.0.0.1:0", "--store", str(folder / "store"), "--log", "none"],
            stdout=subprocess.PIPE,
            text=True,
        )
        nginx = None
        try:
            base = neve.stdout.readline().strip().rsplit(" ", 1)[1]
            rows = "".join(f"customer {i * 7919 % 500},{i % 97 + 1}\n" for i in range(5000))
            add = urllib.request.Request(base + "/api/v1/datasets?id=orders", data=b"customer,revenue\n" + rows.encode())
            urllib.request.urlopen(add).close()
            url = base + "/api/v1/datasets/orders/analyses/concentration"
            ask = urllib.request.Request(url, data=QUESTION.encode(), headers={"Content-Type": "application/json"})
            urllib.request.urlopen(ask).close()
            with urllib.request.urlopen(ask) as answer:
                assert answer.headers["X-Cache"] == "hit", "the answer is not cached"
                body = answer.read()
            (folder / "www").mkdir()
            (folder / "www" / "answer.json").write_bytes(body)
            (folder / "post.lua").write_text(POST)
            port = free_port()
            (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
            nginx = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)])
            file = f"http://127.0.0.1:{port}/answer.json"
            while True:
                try:
                    with urllib.request.urlopen(file) as answer:
                        assert answer.read() == body
                    break
                except urllib.error.URLError:
                    if nginx.poll() is not None:
                        raise
            pairs = [(requests_per_s(file, seconds), requests_per_s(url, seconds, folder / "post.lua")) for _ in range(ROUNDS)]
        finally:
            for process in (neve, nginx):
                if process is not None:
                    process.terminate()
                    process.wait()
    for of_nginx, of_neve in pairs:
        print(f"  nginx, file {of_nginx:9.0f}/s   neve, cached answer {of_neve:9.0f}/s   ratio {of_neve / of_nginx:.2f}")
    ratio = statistics.median(of_neve / of_nginx for of_nginx, of_neve in pairs)
    print(
        f"  {'+' if ratio >= 0.5 else '-'} claim a cached answer of {len(body)} bytes against nginx, {CONNECTIONS} connections: "
        f"{ratio:.2f}x (wanted 0.5x)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
