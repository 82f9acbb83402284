"""Waymark's own code: guidance, screening, routes, safety, channels and server."""

import os

# Rasa's action server (`rasa run actions`) listens on every address where nobody says otherwise
os.environ.setdefault("SANIC_HOST", "127.0.0.1")
