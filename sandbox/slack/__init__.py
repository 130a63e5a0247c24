"""A Slack on localhost: its Web API, the deliveries to the app, and what people do in it."""

from sandbox.slack.stand_in import build

__all__ = ["build"]
