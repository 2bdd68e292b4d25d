"""One machine: start, watch and stop every process of Splot."""
