"""The sweep of stored files."""

from app.files.store import remove_orphans


def sweep_files() -> None:
    """Periodic job: remove bytes that no row names."""
    remove_orphans()
