"""Functions, classes and modules as parts of keys: docs/decisions/what-a-python-key-sees.md."""
