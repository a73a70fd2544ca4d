"""What can be wrong with what is asked of a post."""


class AlreadyWritten(Exception):
    """There is a post about this title; `post_id` names it. No second one is written."""

    kind = "already_written"
    permanent = True

    def __init__(self, post_id: object) -> None:
        super().__init__("There is a post about this title already.")
        self.post_id = post_id


class WrongState(Exception):
    """The post is in `state`, from which this cannot be done."""

    def __init__(self, state: str, message: str) -> None:
        super().__init__(message)
        self.state = state
