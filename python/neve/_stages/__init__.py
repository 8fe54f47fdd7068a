"""Functions and objects as stages."""
