"""Campaigns: the theme of a set of cases, with its script and its people."""
