"""Who changed what, before and after."""
