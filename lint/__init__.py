"""Checks of house rules that no ready linter knows."""
