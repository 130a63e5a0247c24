"""Text as the two versions of the API have it: plain in version 2, Atlassian Document Format in version 3."""

from typing import Any

from sandbox.jira.refusal import JiraRefusal

LONGEST = 32767
NODES = frozenset(
    {
        "doc", "paragraph", "text", "hardBreak", "heading", "bulletList", "orderedList", "listItem", "codeBlock",
        "blockquote", "rule", "panel", "table", "tableRow", "tableHeader", "tableCell", "mention", "emoji",
        "inlineCard", "expand", "date", "status",
    }
)  # fmt: skip
BLOCKS = NODES - {"text", "hardBreak", "mention", "emoji", "inlineCard", "date", "status"}


def taken(field: str, value: Any, version: str) -> dict[str, Any] | None:
    """The document that is kept. Raises: JiraRefusal when it has not this version's form."""
    if value is None:
        return None
    if version == "3":
        if not isinstance(value, dict):
            form = "an Atlassian Document (see the Atlassian Document Format)"
            raise JiraRefusal(400, fields={field: f"Operation value must be {form}"})
        _check(value)
        document: dict[str, Any] = value
    else:
        if not isinstance(value, str):
            raise JiraRefusal(400, fields={field: "Operation value must be a string"})
        document = from_text(value)
    if len(to_text(document)) > LONGEST:
        text = "The entered text is too long. It exceeds the allowed limit of 32,767 characters."
        raise JiraRefusal(400, fields={field: text})
    return document


def shown(document: dict[str, Any] | None, version: str) -> Any:
    if document is None:
        return None
    return document if version == "3" else to_text(document)


def from_text(text: str) -> dict[str, Any]:
    paragraphs = [_paragraph(part) for part in text.split("\n\n") if part.strip()]
    return {"type": "doc", "version": 1, "content": paragraphs}


def to_text(node: dict[str, Any]) -> str:
    if node.get("type") == "text":
        return str(node["text"])
    if node.get("type") == "hardBreak":
        return "\n"
    parts = [to_text(child) for child in node.get("content", [])]
    blocks = any(child.get("type") in BLOCKS for child in node.get("content", []))
    return ("\n\n" if node.get("type") == "doc" else "\n" if blocks else "").join(parts)


def _paragraph(text: str) -> dict[str, Any]:
    content: list[dict[str, Any]] = []
    for place, line in enumerate(text.split("\n")):
        if place:
            content.append({"type": "hardBreak"})
        if line:
            content.append({"type": "text", "text": line})
    return {"type": "paragraph", "content": content}


def _check(document: dict[str, Any]) -> None:
    if document.get("type") != "doc" or document.get("version") != 1:
        raise JiraRefusal(400, "INVALID_INPUT")
    if not isinstance(document.get("content"), list):
        raise JiraRefusal(400, "INVALID_INPUT")
    for child in document["content"]:
        _check_node(child)


def _check_node(node: Any) -> None:
    """Jira takes no text node without text: https://developer.atlassian.com/cloud/jira/platform/apis/document/nodes/text."""
    if not isinstance(node, dict) or node.get("type") not in NODES - {"doc"}:
        raise JiraRefusal(400, "INVALID_INPUT")
    if node["type"] == "text" and not (isinstance(node.get("text"), str) and node["text"]):
        raise JiraRefusal(400, "INVALID_INPUT")
    for child in node.get("content", []):
        _check_node(child)
