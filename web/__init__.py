"""REST, and all doors in one WSGI app."""
