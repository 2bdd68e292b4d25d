"""Stored files: what may be stored, where the bytes lie, how they leave again."""
