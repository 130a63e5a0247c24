"""Which verbs may stand where and which attributes they take, from https://www.twilio.com/docs/voice/twiml."""

MESSAGING = "Response to a text message"
"""https://www.twilio.com/docs/messaging/twiml has verbs of its own."""
_RECORDING = frozenset(
    {"recordingStatusCallback", "recordingStatusCallbackMethod", "recordingStatusCallbackEvent", "trim"}
)
_PROGRESS = frozenset({"statusCallback", "statusCallbackMethod", "statusCallbackEvent"})

CHILDREN: dict[str, frozenset[str]] = {
    "Response": frozenset({"Say", "Play", "Pause", "Gather", "Record", "Dial", "Redirect", "Reject", "Hangup"}),
    MESSAGING: frozenset({"Message", "Redirect"}),
    "Gather": frozenset({"Say", "Play", "Pause"}),
    "Dial": frozenset({"Number", "Conference"}),
    "Message": frozenset({"Body", "Media"}),
    **{
        leaf: frozenset()
        for leaf in ("Play", "Pause", "Record", "Redirect", "Reject", "Hangup", "Number", "Conference", "Body", "Media")
    },
}
PROSE = frozenset({"Say"})
NOT_HERE = frozenset(
    {"Enqueue", "Connect", "Start", "Stop", "Pay", "Refer", "Leave", "Sms", "Prompt", "Queue", "Sip", "Client", "Sim"}
)
ATTRIBUTES: dict[str, frozenset[str]] = {
    "Say": frozenset({"voice", "language", "loop"}),
    "Play": frozenset({"loop", "digits"}),
    "Pause": frozenset({"length"}),
    "Gather": frozenset(
        {
            "action",
            "method",
            "input",
            "numDigits",
            "timeout",
            "finishOnKey",
            "actionOnEmptyResult",
            "speechTimeout",
            "language",
            "hints",
            "speechModel",
            "enhanced",
            "profanityFilter",
            "partialResultCallback",
            "partialResultCallbackMethod",
            "bargeIn",
            "debug",
            "maxSpeechTime",
        }
    ),
    "Record": _RECORDING
    | {
        "action",
        "method",
        "timeout",
        "finishOnKey",
        "maxLength",
        "playBeep",
        "transcribe",
        "transcribeCallback",
        "recordingTrack",
    },
    "Dial": _RECORDING
    | {
        "action",
        "method",
        "timeout",
        "timeLimit",
        "callerId",
        "hangupOnStar",
        "answerOnBridge",
        "ringTone",
        "record",
        "sequential",
    },
    "Number": _PROGRESS | {"url", "method", "sendDigits", "byoc", "machineDetection"},
    "Conference": _PROGRESS
    | _RECORDING
    | {
        "startConferenceOnEnter",
        "endConferenceOnExit",
        "beep",
        "muted",
        "waitUrl",
        "waitMethod",
        "maxParticipants",
        "record",
        "coach",
        "participantLabel",
        "region",
        "eventCallbackUrl",
    },
    "Redirect": frozenset({"method"}),
    "Reject": frozenset({"reason"}),
    "Hangup": frozenset(),
    "Message": frozenset({"to", "from", "action", "method", "statusCallback"}),
    "Body": frozenset(),
    "Media": frozenset(),
}
