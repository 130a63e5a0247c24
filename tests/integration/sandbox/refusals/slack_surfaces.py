"""What Slack refuses of blocks, views, triggers, response URLs and late apps."""

from slack_sdk import WebClient

from tests.integration.sandbox.refusals.asking_slack import Json, blocks, late, post, response_url, sdk, typed, view
from tests.integration.sandbox.refusals.case import Case, World
from tests.integration.sandbox.refusals.slack_methods import DOCS, METHODS

BLOCKS = f"{DOCS}/reference/block-kit/blocks"
ELEMENTS = f"{DOCS}/reference/block-kit/block-elements"
MODALS = f"{DOCS}/surfaces/modals"
HANDLING = f"{DOCS}/interactivity/handling-user-interaction"
BAD = "invalid_blocks [ERROR]"


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str = "x", **more: object) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(**more: object) -> Json:
    return {"type": "button", "action_id": "a", "text": plain("Go"), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def menu(count: int) -> Json:
    options = [{"text": plain(f"o{n}"), "value": str(n)} for n in range(count)]
    return {"type": "static_select", "action_id": "m", "options": options}


def modal(*inside: Json, **more: object) -> Json:
    return {"type": "modal", "title": plain("Declare"), "blocks": list(inside), **more}


def opened_twice(slack: WebClient, trigger: str) -> None:
    for _ in range(2):
        slack.views_open(trigger_id=trigger, view=modal())


def changed_by_two(slack: WebClient, trigger: str) -> None:
    shown = slack.views_open(trigger_id=trigger, view=modal())["view"]
    for _ in range(2):
        slack.views_update(view_id=shown["id"], hash=shown["hash"], view=modal())


def late_click(world: World) -> Json:
    slack = WebClient("xoxb-sandbox", base_url=f"{world.sandbox.address}/slack/api/")
    ts = post(slack, blocks=[actions(button(value="42"))])
    asked = {"user": "bea", "channel": "incidents", "ts": ts, "action_id": "a"}
    said: Json = world.sandbox.post("/control/slack/click", **asked)
    return said


def late_event(world: World) -> Json:
    said: Json = world.sandbox.post("/control/slack/message", user="ana", channel="general", text="hello")
    return said


CASES = [
    Case("block too long", "a section of 3,001 letters", blocks(section("x" * 3001)),
         f"{BAD} must be less than 3001 characters [json-pointer:/blocks/0/text/text]", f"{BLOCKS}/section-block"),
    Case("block too long", "a header of 151", blocks({"type": "header", "text": plain("h" * 151)}),
         f"{BAD} must be less than 151 characters [json-pointer:/blocks/0/text/text]", f"{BLOCKS}/header-block"),
    Case("block too long", "a button of 76", blocks(actions(button(text=plain("b" * 76)))),
         f"{BAD} must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
         f"{ELEMENTS}/button-element"),
    Case("too many in it", "51 blocks", blocks(*[{"type": "divider"}] * 51),
         f"{BAD} no more than 50 items allowed [json-pointer:/blocks]", BLOCKS),
    Case("too many in it", "26 buttons", blocks(actions(*[button(action_id=str(n)) for n in range(26)])),
         f"{BAD} no more than 25 items allowed [json-pointer:/blocks/0/elements]", f"{BLOCKS}/actions-block"),
    Case("too many in it", "101 options", blocks(actions(menu(101))),
         f"{BAD} no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]",
         f"{ELEMENTS}/select-menu-element"),
    Case("blocks too long together", "five long sections", blocks(*[section("x" * 2900)] * 5),
         "msg_blocks_too_long", "https://github.com/slackapi/bolt-js/issues/2509"),
    Case("no such block", "a type that is not", blocks({"type": "banner"}),
         f"{BAD} unsupported type: banner [json-pointer:/blocks/0/type]", BLOCKS),
    Case("no such block", "a property that is not", blocks(section(colour="red")),
         f"{BAD} invalid additional property: colour [json-pointer:/blocks/0]", f"{BLOCKS}/section-block"),
    Case("no such block", "a button in a context", blocks({"type": "context", "elements": [button()]}),
         f"{BAD} unsupported type: button [json-pointer:/blocks/0/elements/0/type]", f"{BLOCKS}/context-block"),
    Case("the same id twice", "two blocks of one id", blocks(section(block_id="b"), section(block_id="b")),
         f"{BAD} `block_id` b already exists [json-pointer:/blocks/1/block_id]", BLOCKS),
    Case("the same id twice", "two buttons of one id", blocks(actions(button(), button())),
         f"{BAD} `action_id` a already exists for another element in this block [json-pointer:/blocks/0/elements]",
         f"{BLOCKS}/actions-block"),
    Case("something is missing", "a button without text", blocks(actions({"type": "button", "action_id": "a"})),
         f"{BAD} missing required field: text [json-pointer:/blocks/0/elements/0]", f"{ELEMENTS}/button-element"),
    Case("something is missing", "a picture without words", blocks({"type": "image", "image_url": "https://x.test/y.png"}),
         f"{BAD} missing required field: alt_text [json-pointer:/blocks/0]", f"{BLOCKS}/image-block"),
    Case("something is missing", "a section of nothing", blocks({"type": "section"}),
         f"{BAD} must have at least one of text, fields [json-pointer:/blocks/0]", f"{BLOCKS}/section-block"),
    Case("view", "a title of 25 letters",
         view(lambda s, t: s.views_open(trigger_id=t, view=modal(title=plain("t" * 25)))),
         "invalid_arguments [ERROR] must be less than 25 characters [json-pointer:/view/title/text]",
         f"{DOCS}/reference/views/modal-views"),
    Case("view", "101 blocks", view(lambda s, t: s.views_open(trigger_id=t, view=modal(*[{"type": "divider"}] * 101))),
         "invalid_arguments [ERROR] no more than 100 items allowed [json-pointer:/view/blocks]",
         f"{DOCS}/reference/views/modal-views"),
    Case("view", "one that the app has not got", view(lambda s, t: s.views_update(view_id="V0", view=modal())),
         "not_found", f"{METHODS}/views.update"),
    Case("trigger", "one that nobody pulled", sdk(lambda s: s.views_open(trigger_id="1.2.3", view=modal())),
         "invalid_trigger_id", f"{METHODS}/views.open"),
    Case("trigger", "the same twice", view(opened_twice), "exchanged_trigger_id", f"{METHODS}/views.open"),
    Case("somebody was faster", "a view of yesterday's hash", view(changed_by_two), "hash_conflict",
         f"{MODALS}#handling_race_conditions"),
    Case("response URL", "a sixth answer", response_url(*[{"text": "x"}] * 6),
         '404 {"ok": false, "error": "used_url"}', f"{HANDLING}#message_responses"),
    Case("response URL", "one that nobody was given",
         response_url({"text": "x"}, url=lambda world: f"{world.sandbox.address}/slack/response/T0/1/x"),
         '404 {"ok": false, "error": "invalid_url"}', f"{HANDLING}#message_responses"),
    Case("response URL", "an answer of nothing", response_url({"response_type": "in_channel"}),
         '400 {"ok": false, "error": "no_text"}',
         f"{DOCS}/messaging/sending-messages-using-incoming-webhooks#handling_errors"),
    Case("late answer", "to a command", late(typed),
         'http_timeout /incident failed with the error "operation_timeout"',
         f"{DOCS}/interactivity/implementing-slash-commands#responding_to_commands"),
    Case("late answer", "to a click", late(late_click), "http_timeout This app is not responding. Try again?",
         f"{HANDLING}#acknowledgment_response"),
    Case("late answer", "to an event", late(late_event), "http_timeout", f"{DOCS}/apis/events-api#error-handling"),
]  # fmt: skip
