"""The page on which a person allows or declines an installation."""

from collections.abc import Iterable, Mapping
from html import escape

from sandbox.world import Team

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><link rel="stylesheet" href="/page/base.css"></head>
<body><main><h1>{title}</h1>{body}</main></body></html>
"""


def asking_page(asked: Mapping[str, str], scopes: Iterable[str], teams: Iterable[Team]) -> str:
    wanted = asked.get("team")
    shown = [team for team in teams if wanted in (None, "", team.id)]
    choices = "".join(f'<option value="{team.id}">{escape(team.name)}</option>' for team in shown)
    rights = "".join(f"<li><code>{escape(scope)}</code></li>" for scope in sorted(scopes))
    return PAGE.format(
        title="Tocsin asks for permission to access a workspace",
        body=(
            f"<p>In this sandbox nothing real is installed. It asks for:</p><ul>{rights}</ul>"
            f'<form method="post"><p><label>Workspace <select name="team">{choices}</select></label></p>'
            '<button name="decision" value="allow">Allow</button> '
            '<button name="decision" value="cancel">Cancel</button></form>'
        ),
    )


def refusing_page(why: str) -> str:
    return PAGE.format(title="Something went wrong when authorizing this app", body=f"<p>{escape(why)}</p>")
