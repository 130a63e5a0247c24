"""What a person is told when a local server cannot run."""


class ServiceError(Exception):
    """One line that says what is wrong and what to do."""
