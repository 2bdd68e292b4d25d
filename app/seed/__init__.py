"""Rows that an installation begins with."""
