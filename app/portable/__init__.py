"""Scripts as files: written, read, brought in without taking anything away; and the gallery of ready ones."""
