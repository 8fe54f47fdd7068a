"""Pipelines, their runs and sweeps."""
