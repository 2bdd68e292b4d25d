"""What every subject stands on: the database, time, words, errors, events, the queue."""
