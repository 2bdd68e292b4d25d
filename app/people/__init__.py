"""Users, teams, roles, and how they get in: verbs with history. What one may do with whom is checked by the doors."""
