"""The methods of Slack's Web API that we use, from https://docs.slack.dev/reference/methods."""

from tests.integration.integrations.descriptions.described import (
    Described,
    Rule,
    each,
    flag,
    method,
    number,
    others,
    text,
)

_DOCS = "https://docs.slack.dev/reference/methods"
_CHANNEL, _USER, _TS = text(20, "[CGD][A-Z0-9]+"), text(20, "[UW][A-Z0-9]+"), text(20, r"\d+\.\d{6}")
_READ: dict[str, Rule] = {
    "channel": _CHANNEL,
    "cursor": text(),
    "include_all_metadata": flag,
    "inclusive": flag,
    "limit": number(1, 999),
    "oldest": _TS,
    **others("latest"),
}
_MESSAGES = "ok messages has_more pin_count response_metadata.next_cursor"
_SAID: dict[str, Rule] = {
    "channel": _CHANNEL,
    "text": text(40_000),
    "blocks": lambda value: isinstance(value, list) and len(value) <= 50,
    "metadata": lambda value: (
        set(value) == {"event_type", "event_payload"} and isinstance(value["event_payload"], dict)
    ),
}


def _method(name: str, asked: dict[str, Rule], answered: str, required: str = "") -> tuple[str, Described]:
    return f"POST /slack/api/{name}", method(f"{_DOCS}/{name}", asked, answered, required)


METHODS = dict(
    [
        _method("auth.test", {}, "ok url team user team_id user_id bot_id is_enterprise_install"),
        _method(
            "conversations.create",
            {"name": text(80, "[a-z0-9_-]+"), **others("is_private team_id")},
            "ok channel.id channel.name channel.creator",
            "name",
        ),
        _method("conversations.invite", {"channel": _CHANNEL, "users": each(_USER), **others("force")}, "ok channel"),
        _method("conversations.join", {"channel": _CHANNEL}, "ok channel warning", "channel"),
        _method("conversations.setTopic", {"channel": _CHANNEL, "topic": text(250)}, "ok channel", "channel topic"),
        _method(
            "chat.postMessage",
            {
                **_SAID,
                "thread_ts": _TS,
                "unfurl_links": flag,
                "unfurl_media": flag,
                **others(
                    "attachments as_user icon_emoji icon_url link_names markdown_text mrkdwn parse reply_broadcast"
                ),
            },
            "ok channel ts message",
            "channel text",
        ),
        _method(
            "chat.update",
            {
                **_SAID,
                "ts": _TS,
                "text": text(4_000),
                **others("attachments as_user file_ids link_names markdown_text parse reply_broadcast"),
            },
            "ok channel ts text message",
            "channel ts",
        ),
        _method("pins.add", {"channel": _CHANNEL, "timestamp": _TS}, "ok", "channel timestamp"),
    ]
)
LOOKS = {
    "POST /slack/api/conversations.list": method(
        f"{_DOCS}/conversations.list",
        {
            "types": text(100, "public_channel"),
            "exclude_archived": flag,
            "limit": number(1, 999),
            "cursor": text(),
            **others("team_id"),
        },
        "ok channels.id channels.name channels.creator channels.is_archived response_metadata.next_cursor",
    ),
    "POST /slack/api/conversations.history": method(f"{_DOCS}/conversations.history", _READ, _MESSAGES, "channel"),
    "POST /slack/api/conversations.replies": method(
        f"{_DOCS}/conversations.replies", {**_READ, "ts": _TS}, _MESSAGES, "channel ts"
    ),
    "POST /slack/api/usergroups.list": method(
        f"{_DOCS}/usergroups.list",
        {"include_users": flag, **others("include_count include_disabled team_id")},
        "ok usergroups.id usergroups.handle usergroups.name usergroups.users usergroups.date_delete",
    ),
    "POST /slack/api/users.info": method(
        f"{_DOCS}/users.info",
        {"user": text(), "include_locale": flag},
        "ok user.name user.real_name user.profile.display_name",
        "user",
    ),
}
SLACK = METHODS | LOOKS
