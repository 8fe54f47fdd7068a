"""Functions, classes and modules as parts of keys, and what they read around them.

docs/decisions/what-a-python-key-sees.md, docs/decisions/what-a-function-reads.md
"""
