"""Why a price history cannot be used, or nothing can be proposed."""


class Unusable(Exception):
    """This history says nothing about risk. `reason` is short, flat, invalid or jump; the message is a sentence."""

    def __init__(self, reason: str, message: str):
        super().__init__(message)
        self.reason = reason


class NothingUsable(Exception):
    """No instrument has a usable history; another try would find the same."""

    kind, permanent = "no_prices", True
