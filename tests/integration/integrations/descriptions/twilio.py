"""The resources of Twilio's REST API that we use, from https://www.twilio.com/docs/voice/api (and Twilio's OpenAPI
description, https://github.com/twilio/twilio-oai)."""

from tests.integration.integrations.descriptions.described import each, method, number, one_of, others, text

_DOCS = "https://www.twilio.com/docs/voice/api"
_ACCOUNT = "/twilio/2010-04-01/Accounts/{Sid}"
_NUMBER, _URL = text(16, r"\+[1-9]\d{1,14}"), text(4_000, r"https?://[^/]+/.*")
_CALL = (
    "sid date_created date_updated parent_call_sid account_sid to to_formatted from from_formatted phone_number_sid"
    " status start_time end_time duration price price_unit direction answered_by api_version forwarded_from group_sid"
    " caller_name queue_time trunk_sid uri subresource_uris"
)
_PAGE = "first_page_uri next_page_uri previous_page_uri page page_size start end uri"
_MORE = "Url Method FallbackUrl FallbackMethod TimeLimit"

TWILIO = {
    f"POST {_ACCOUNT}/Calls.json": method(
        f"{_DOCS}/call-resource#create-a-call-resource",
        {
            "To": _NUMBER,
            "From": _NUMBER,
            "Twiml": text(4_000, "<.*</Response>"),
            "StatusCallback": _URL,
            "StatusCallbackEvent": each(one_of("initiated", "ringing", "answered", "completed")),
            "StatusCallbackMethod": one_of("GET", "POST"),
            "Timeout": number(1, 600),
            **others(f"{_MORE} ApplicationSid SendDigits Record MachineDetection AsyncAmd CallerId Trim"),
        },
        _CALL,
        "To From",
    ),
    f"GET {_ACCOUNT}/Calls.json": method(
        f"{_DOCS}/call-resource#read-multiple-call-resources",
        {
            "To": _NUMBER,
            "From": _NUMBER,
            "PageSize": number(1, 1000),
            **others("ParentCallSid Status StartTime EndTime Page PageToken"),
        },
        " ".join([*(f"calls.{name}" for name in _CALL.split()), _PAGE]),
    ),
    f"GET {_ACCOUNT}/Calls/{{CallSid}}.json": method(f"{_DOCS}/call-resource#fetch-a-call-resource", {}, _CALL),
    f"POST {_ACCOUNT}/Calls/{{CallSid}}.json": method(
        f"{_DOCS}/call-resource#update-a-call-resource",
        {"Status": one_of("canceled", "completed"), **others(f"{_MORE} Twiml StatusCallback StatusCallbackMethod")},
        _CALL,
    ),
    f"GET {_ACCOUNT}/Recordings/{{RecordingSid}}.wav": method(
        f"{_DOCS}/recording#fetch-a-recording-media-file", others("RequestedChannels"), ""
    ),
    f"GET {_ACCOUNT}.json": method(
        "https://www.twilio.com/docs/iam/api/account#fetch-an-account-resource",
        {},
        "auth_token date_created date_updated friendly_name owner_account_sid sid status subresource_uris type uri",
    ),
}
