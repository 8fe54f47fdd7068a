"""Functions whose results are kept."""
