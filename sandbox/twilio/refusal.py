"""What Twilio refuses: a status, one of its error codes, and a sentence."""

from typing import Any


class TwilioRefusal(Exception):
    """Error bodies as in https://www.twilio.com/docs/usage/twilios-response#response-formats-exceptions."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def body(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


class CallError(Exception):
    """Something that ends a call with "an application error has occurred", under its code in Twilio's debugger."""

    def __init__(self, code: int, message: str, url: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.url = url

    def noted(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, "url": self.url}
