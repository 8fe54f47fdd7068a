"""`neve serve` as an operator meets it: starting, keys, exposure, two instances, stopping."""

import fcntl
import http.client
import json
import os
import re
import select
import signal
import socket
import unittest
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

from serve_test_case import ORDERS, Server, ServeTest

QUESTION = json.dumps({"group_by": "customer", "value": "revenue"})
JSON = {"Content-Type": "application/json"}
ROOT = Path(__file__).resolve().parent.parent.parent


def waits_for_a_lock(pid):
    """Whether the kernel lists the process among those that wait: `2: -> FLOCK ADVISORY WRITE 4711 ...`."""
    return any(" -> " in line and f" {pid} " in line for line in Path("/proc/locks").read_text().splitlines())


class Serve(ServeTest):
    def test_answers_and_stops_when_told_to(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with Server(self.folder) as server:
                self.assertEqual(server.json("GET", "/readyz")[1]["status"], "ready")
                self.assertEqual(server.stop(number), 0)

    def test_a_request_that_waits_for_ever_does_not_keep_the_server(self):
        with Server(self.folder, "--grace", "0s") as server:
            path = "/api/v1/datasets?filename=orders.csv"
            self.assertEqual(server.json("POST", path, ORDERS)[0], 201)
            with (self.folder / "store/.locks/orders").open("rb") as lock, ThreadPoolExecutor() as others:
                fcntl.flock(lock, fcntl.LOCK_EX)
                answer = others.submit(server.ask, "POST", path, ORDERS + "Dee,2024-02,1000\n")
                while not waits_for_a_lock(server.process.pid):
                    self.assertFalse(answer.done())
                self.assertEqual(server.stop(), 7)
                self.assertIsNotNone(answer.exception())
            self.assertIn("was left", server.log.read_text())

    def test_an_identical_question_of_many_takes_one_place(self):
        body = QUESTION.encode()
        head = "POST /api/v1/datasets/other/analyses/concentration HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        question = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
        with Server(self.folder, "--jobs", "1", "--queue", "1") as server, ExitStack() as open_sockets:
            for name in ("orders", "other"):
                self.assertEqual(server.json("POST", f"/api/v1/datasets?id={name}", ORDERS)[0], 201)
            with (self.folder / "store/.locks/orders").open("rb") as lock, ThreadPoolExecutor() as others:
                fcntl.flock(lock, fcntl.LOCK_EX)
                addition = others.submit(server.ask, "POST", "/api/v1/datasets?id=orders", ORDERS + "Dee,2024-02,9\n")
                while not waits_for_a_lock(server.process.pid):  # it has the only place of those that run
                    self.assertFalse(addition.done())
                host, port = server.url.removeprefix("http://").split(":")
                asking = [
                    open_sockets.enter_context(socket.create_connection((host, int(port)), timeout=60)) for _ in range(200)
                ]
                for client in asking:
                    client.sendall(question)
                while b"neve_http_in_flight 202\n" not in server.ask("GET", "/metrics")[2]:
                    self.assertEqual(select.select(asking, [], [], 0)[0], [], "it is not turned away")
                fcntl.flock(lock, fcntl.LOCK_UN)
                self.assertEqual(addition.result()[0], 200)
            answers = {client.makefile("rb").readline() for client in asking}
            self.assertEqual(answers, {b"HTTP/1.1 200 OK\r\n"})

    def test_a_dataset_outlives_its_server(self):
        with Server(self.folder) as server:
            self.assertEqual(server.json("POST", "/api/v1/datasets?filename=orders.csv", ORDERS)[0], 201)
            for name, dataset in (("First%20table", "first_table"), ("Second", "second")):
                status, added = server.json("POST", f"/api/v1/datasets?name={name}", ORDERS)
                self.assertEqual((status, added["dataset"]["id"], added["replaced"]), (201, dataset, False))
            _, first = server.json("POST", "/api/v1/datasets/orders/analyses/concentration", QUESTION, JSON)
        with Server(self.folder, "--cache", "none:") as server:
            _, headers, second = server.ask("POST", "/api/v1/datasets/orders/analyses/concentration", QUESTION, JSON)
            self.assertEqual(json.loads(second), first)
            self.assertEqual(headers["X-Cache-Tier"], "artifact")

    def test_two_instances_on_one_store_agree(self):
        with Server(self.folder) as one, Server(self.folder) as two:
            one.json("POST", "/api/v1/datasets?filename=orders.csv", ORDERS)
            path = "/api/v1/datasets/orders/analyses/concentration"
            first = one.json("POST", path, QUESTION, JSON)[1]
            self.assertEqual(two.json("POST", path, QUESTION, JSON)[1], first)
            two.json("POST", "/api/v1/datasets?filename=orders.csv", ORDERS + "Dee,2024-02,1000\n")
            changed = one.json("POST", path, QUESTION, JSON)[1]
            self.assertEqual(changed["generation"], 2)
            self.assertEqual(two.json("POST", path, QUESTION, JSON)[1], changed)

    def test_a_file_can_be_added_with_the_same_options_everywhere(self):
        words = set(re.findall(r"^ +(?:-\w,)?--([a-z-]+)", self.neve("dataset", "add", "--help").stdout, re.MULTILINE))
        of_the_command = {"store", "json", "help", "quiet", "max-size", "memory"}
        options = {word.replace("-", "_") for word in words - of_the_command}
        self.assertIn("totals", options)
        with Server(self.folder) as server:
            addition = server.json("GET", "/openapi.json")[1]["paths"]["/api/v1/datasets"]["post"]
            for name in options:
                _, problem = server.json("POST", f"/api/v1/datasets?{name if name != 'type' else 'type.a'}=%00", ORDERS)
                self.assertNotIn("is no parameter", problem.get("detail", ""), name)
        named = {parameter["name"] for parameter in addition["parameters"]}
        fields = set(addition["requestBody"]["content"]["multipart/form-data"]["schema"]["properties"])
        self.assertEqual(named - {"filename"}, options - {"type"})
        self.assertEqual(fields - {"file"}, options - {"type"})
        python = re.search(r"_ADD_OPTIONS = \((.*?)\)", (ROOT / "python/neve/datasets.py").read_text(), re.DOTALL)[1]
        self.assertEqual(set(re.findall(r'"(\w+)"', python)), options - {"type"} | {"types"})
        guide = (ROOT / "docs/guide/how-to-analyse-a-dataset.md").read_text()
        self.assertEqual({word for word in options if f"`--{word.replace('_', '-')}" not in guide}, set())
        service = (ROOT / "docs/guide/service.md").read_text()
        self.assertEqual({word for word in options if f"`{word}" not in service}, set())

    def test_a_log_into_a_pipe_that_nobody_reads_is_refused(self):
        os.mkfifo(self.folder / "pipe")
        done = self.neve("serve", "--listen", "127.0.0.1:0", "--store", "store", "--log", "pipe")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("start its reader before", done.stderr)

    def test_a_log_that_nobody_reads_any_more_holds_nobody_up(self):
        with Server(self.folder, log="-") as server:
            fcntl.fcntl(server.process.stderr, fcntl.F_SETPIPE_SZ, 4096)
            connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=60)
            with closing(connection):
                for _ in range(100):
                    connection.request("GET", "/healthz")
                    self.assertEqual(connection.getresponse().read(), b'{\n  "status": "ok"\n}\n')
                lines = os.read(server.process.stderr.fileno(), 1 << 20).splitlines(keepends=True)
                self.assertLess(len(lines), 100)
                connection.request("GET", "/nowhere")
                connection.getresponse().read()
            self.assertEqual(server.stop(), 0)
            rest = server.process.stderr.read().splitlines()
            events = [json.loads(line) for line in [*"".join(map(bytes.decode, lines)).splitlines(), *rest]]
        self.assertEqual([event["event"] for event in events if event["event"] != "request"][:2], ["started", "log"])
        self.assertEqual(events[-2]["path"], "/nowhere")
        self.assertEqual(events[-1]["event"], "stopped")
        lost = next(event["detail"] for event in events if event["event"] == "log")
        self.assertEqual(int(lost.split()[0]) + sum(event["event"] == "request" for event in events), 101)

    def test_connections_leave_descriptors_for_the_answers(self):
        connections = []
        with Server(self.folder, descriptors=64) as server:
            for _ in range(64):
                connections.append(http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=60))
                connections[-1].request("GET", "/healthz")
                answer = connections[-1].getresponse()
                if answer.status != 200:
                    break
                answer.read()
            self.assertEqual(answer.status, 503)
            self.assertIn(b"32 connections already", answer.read())
            connections[0].request("POST", "/api/v1/datasets?id=orders", ORDERS)
            answer = connections[0].getresponse()
            self.assertEqual(answer.status, 201, answer.read())
            for connection in connections:
                connection.close()

    def test_every_request_is_a_line_of_the_log(self):
        with Server(self.folder) as server:
            server.ask("GET", "/healthz", headers={"X-Request-Id": "mine"})
            server.ask("GET", "/nowhere")
            server.stop()
            lines = [json.loads(line) for line in server.log.read_text().splitlines()]
        self.assertEqual([line["event"] for line in lines], ["started", "request", "request", "stopped"])
        # Two connections have two threads, and a line is written when its answer has been sent.
        requests = {line["path"]: line for line in lines[1:3]}
        self.assertEqual(requests["/healthz"]["request_id"], "mine")
        self.assertEqual(requests["/nowhere"]["problem"], "urn:neve:problem:not-found")

    def test_keys_are_made_and_then_asked_for(self):
        made = self.neve("serve", "--store", "store", "--add-key", "ci")
        self.assertEqual(made.returncode, 0, made.stderr)
        key = made.stdout.strip()
        self.assertNotIn(key, (self.folder / "store" / ".keys").read_text())
        self.assertEqual(self.neve("serve", "--store", "store", "--add-key", "ci").returncode, 2)
        with Server(self.folder) as server:
            self.assertEqual(server.json("GET", "/api/v1/datasets")[0], 401)
            self.assertEqual(server.json("GET", "/api/v1/datasets", headers={"X-API-Key": key})[0], 200)
        with Server(self.folder, "--without-keys") as server:
            self.assertEqual(server.json("GET", "/api/v1/datasets")[0], 200)

    def test_programs_are_told_in_json(self):
        built_in = json.loads(self.neve("doctor", "--cache", "memory:", "--json").stdout)["built_in"]
        cache = "memory:1MiB" + (",redis://somebody:secret@127.0.0.1:1" if built_in["redis"] else "")
        with Server(self.folder, "--json", "--cache", cache) as server:
            self.assertEqual(set(server.started), {"address", "store", "cache"})
            self.assertEqual(server.started["store"], "store")
            self.assertIn("memory:1MiB", server.started["cache"])
            self.assertNotIn("secret", server.started["cache"])
            self.assertEqual(server.json("GET", "/healthz")[0], 200)
        made = json.loads(self.neve("serve", "--store", "store", "--add-key", "ci", "--json").stdout)
        self.assertEqual(made["name"], "ci")
        with Server(self.folder) as server:
            self.assertEqual(server.json("GET", "/api/v1/datasets", headers={"X-API-Key": made["key"]})[0], 200)

    def test_other_machines_are_not_let_in_without_keys(self):
        for listen in ("0.0.0.0:0", "[::]:0", ":0", "127.example.invalid:0"):
            refused = self.neve("serve", "--listen", listen, "--store", "store")
            self.assertEqual(refused.returncode, 2)
            self.assertIn("--add-key", refused.stderr)
            self.assertFalse((self.folder / "store").exists())

    def test_a_key_file_that_is_named_and_holds_no_key_lets_nobody_in(self):
        refused = self.neve("serve", "--listen", "127.0.0.1:0", "--store", "store", "--keys", "misspelt")
        self.assertEqual(refused.returncode, 2, refused.stdout)
        self.assertIn("'misspelt' is not there or holds no API key", refused.stderr)
        self.assertEqual(self.neve("serve", "--keys", "keys", "--add-key", "ci").returncode, 0)
        with Server(self.folder, "--keys", "keys") as server:
            self.assertEqual(server.json("GET", "/api/v1/datasets")[0], 401)

    def test_mistakes_are_told_at_once(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            self.assertEqual(self.neve("serve", "--listen", f"127.0.0.1:{port}", "--store", "s").returncode, 6)
        for name in (".secret", ".keys"):
            (self.folder / "piped").mkdir(exist_ok=True)
            os.mkfifo(self.folder / "piped" / name)
            refused = self.neve("serve", "--listen", "127.0.0.1:0", "--store", "piped")
            self.assertEqual(refused.returncode, 2, refused.stderr)
            self.assertIn(f"piped/{name}' is a pipe, not a regular file", refused.stderr)
            self.assertIn("remove it", refused.stderr)
            (self.folder / "piped" / name).unlink()
        for words in (
            ["--listen", "nonsense"],
            ["--listen", "::1:80"],
            ["--max-upload", "much"],
            ["--cache", "rediss"],
            ["--drain", "-1s"],
            ["--connections", "0"],
            ["--rate", "1e-12"],
        ):
            refused = self.neve("serve", *([] if "--listen" in words else ["--listen", "127.0.0.1:0"]), *words, "--store", "s")
            self.assertEqual(refused.returncode, 2, words)
            self.assertEqual(refused.stdout, "", "it is not said to serve")


if __name__ == "__main__":
    unittest.main()
