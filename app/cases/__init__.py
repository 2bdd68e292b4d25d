"""Cases: opening, status, owner, saving, notes, files, moving; and what they announce.

Locks are taken in one order by every verb: the row of the case first (`changes.hold`), then what belongs to it
(callback, answers, draft), and several cases by rising id. So two verbs wait for each other, and never both.
"""
