"""Rasa custom actions: thin. Imported as a package by `rasa run actions` and `waymark serve`."""
