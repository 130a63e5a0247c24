"""Which function runs which verb."""

from collections.abc import Mapping

from sandbox.twilio.dialing import dial
from sandbox.twilio.ending import hangup, redirect, reject
from sandbox.twilio.gathering import gather
from sandbox.twilio.player import RunVerb
from sandbox.twilio.speaking import pause, play, say
from sandbox.twilio.taping import record

VERBS: Mapping[str, RunVerb] = {
    "Say": say,
    "Play": play,
    "Pause": pause,
    "Gather": gather,
    "Record": record,
    "Dial": dial,
    "Redirect": redirect,
    "Reject": reject,
    "Hangup": hangup,
}
