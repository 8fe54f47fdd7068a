"""Python values as JSON and arrays, exactly: docs/formats/python-values.md."""
