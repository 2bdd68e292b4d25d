"""Forms: their definitions and versions, the kinds of fields, checking and storing answers, rendering."""
