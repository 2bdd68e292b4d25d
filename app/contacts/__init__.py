"""Contacts: persons and companies, how they are found, written, imported and exported."""
