"""GET /api/docs: the API's description as a page, with Swagger UI's files from its wheel and nothing from elsewhere."""

from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Response, send_from_directory
from werkzeug.exceptions import NotFound

ASSETS = frozenset({"swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"})
START = "start.js"

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tocsin: API</title>
<link rel="icon" href="/api/docs/favicon-32x32.png">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
</head>
<body>
<main id="api"></main>
<noscript>This page needs JavaScript. The same as JSON: <a href="/api/openapi.json">/api/openapi.json</a>.</noscript>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
"""
SCRIPT = """SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  docExpansion: "list",
  tryItOutEnabled: true,
  validatorUrl: null,
});
"""

api_page = Blueprint("api_page", __name__)


@api_page.get("/api/docs")
def page() -> Response:
    return Response(PAGE, mimetype="text/html")


@api_page.get("/api/docs/<name>")
def asset(name: str) -> Response:
    if name == START:
        return Response(SCRIPT, mimetype="text/javascript")
    if name not in ASSETS:
        raise NotFound
    return send_from_directory(Path(str(files("flask_swagger_ui"))) / "dist", name)
