"""The outside world: adapters that know no case and no database."""
