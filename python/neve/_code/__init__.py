"""Functions, classes and modules as parts of keys, and what they read: docs/decisions/what-a-python-key-sees.md, what-a-function-reads.md."""
