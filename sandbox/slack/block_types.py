"""What Slack demands of each block type, as a table. https://docs.slack.dev/reference/block-kit/blocks"""

from sandbox.slack.elements import (
    CLICKED,
    EITHER,
    ENTERED,
    PLACED_IN_SECTION,
    TEXTS,
    Anything,
    Element,
    Flag,
    ListOf,
    Rule,
    String,
    Table,
    Text,
)


def _block(required: str = "", **fields: Rule) -> Table:
    return Table({"block_id": String(255), **fields}, frozenset(required.split()))


BLOCKS: dict[str, Table] = {
    "section": _block(
        text=Text(3000, EITHER),
        fields=ListOf(1, 10, text=Text(2000, EITHER)),
        accessory=Element(PLACED_IN_SECTION),
        expand=Flag(),
    ),
    "header": _block("text", text=Text(150)),
    "divider": _block(),
    "context": _block("elements", elements=ListOf(1, 10, types=("image", *TEXTS))),
    "actions": _block("elements", elements=ListOf(1, 25, types=CLICKED)),
    "image": _block("alt_text", image_url=String(3000), alt_text=String(2000), title=Text(2000), slack_file=Anything()),
    "input": _block(
        "label element",
        label=Text(2000),
        element=Element(ENTERED),
        hint=Text(2000),
        optional=Flag(),
        dispatch_action=Flag(),
    ),
    "markdown": _block("text", text=String(12000)),
    "rich_text": _block("elements", elements=Anything()),
    "file": _block("external_id source", external_id=String(255), source=String(10, ("remote",))),
    "video": _block(
        "alt_text title thumbnail_url video_url",
        alt_text=String(2000),
        title=Text(200),
        title_url=String(3000),
        thumbnail_url=String(3000),
        video_url=String(3000),
        author_name=String(50),
        provider_name=String(255),
        provider_icon_url=String(3000),
        description=Text(200),
    ),
    "table": _block("rows", rows=Anything(), column_settings=Anything()),
}
MESSAGE_ONLY = ("table", "markdown", "file")
