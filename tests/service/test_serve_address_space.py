"""`neve serve` where the address space has a limit. A sanitizer's program does not start there."""

import resource
import unittest

from serve_test_case import ServeTest


class ServeAddressSpace(ServeTest):
    def test_too_few_threads_are_an_error_and_no_server_that_answers_nobody(self):
        def leave_room_for_nine_stacks():
            resource.setrlimit(resource.RLIMIT_STACK, (4 << 30, resource.getrlimit(resource.RLIMIT_STACK)[1]))
            resource.setrlimit(resource.RLIMIT_AS, (40 << 30, 40 << 30))

        words = ["serve", "--listen", "127.0.0.1:0", "--store", "store", "--log", "none"]
        done = self.neve(*words, before=leave_room_for_nine_stacks)
        self.assertEqual(done.returncode, 6, done.stderr)
        self.assertRegex(done.stderr, r"cannot start \d+ threads for the service.*--threads.*ulimit")


if __name__ == "__main__":
    unittest.main()
