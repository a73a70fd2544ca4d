"""What can stand in the way of a run."""

from uuid import UUID


class AlreadyRunning(Exception):
    """This user's run goes on; `job_id` names it. One at a time."""

    def __init__(self, job_id: UUID) -> None:
        super().__init__("One of your runs goes on already. Stop it, or wait for its end.")
        self.job_id = job_id


class NotRunning(Exception):
    """There is nothing to stop: the run has ended as `state` says."""

    def __init__(self, state: str) -> None:
        super().__init__("There is nothing to stop: this run has ended.")
        self.state = state
