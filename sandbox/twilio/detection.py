"""Answering machine detection: https://www.twilio.com/docs/voice/answering-machine-detection."""

from sandbox.twilio.player import Player

DETECTED_MILLISECONDS = "2100"


def detect(player: Player) -> None:
    """With AsyncAmd the result is sent beside the call; without, the TwiML request carries it."""
    call = player.call
    asked = call.instructions.detect_machine
    if asked is None:
        return
    machine = "machine_end_beep" if asked == "DetectMessageEnd" else "machine_start"
    found = machine if call.party.machine else "human"
    callback = call.instructions.detect_callback
    if not call.instructions.detect_beside:
        call.answered_by = found
    elif callback is not None:
        told = call.parameters() | {"AnsweredBy": found, "MachineDetectionDuration": DETECTED_MILLISECONDS}
        player.sandbox.spawn(player.webhook.send(callback, "POST", told))
