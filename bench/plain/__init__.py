"""Plain Rasa: its own environment, a project made from Waymark's data, and its action server."""
