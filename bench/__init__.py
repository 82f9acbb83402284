"""Measures Waymark beside plain Rasa, on the same machine and the same data. See `make bench`."""
