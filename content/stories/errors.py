"""What can be wrong with an answer about a story."""


class InvalidAnswer(Exception):
    """The model's answer breaks a rule; names the field and the rule, and quotes nothing of the answer."""

    kind = "invalid_answer"

    def __init__(self, field: str, fault: str):
        super().__init__(f"The answer's {field} {fault}.")
        self.field, self.fault = field, fault

    def __reduce__(self) -> tuple:
        """Celery pickles what a task raises; what cannot be made again it logs as a fault of the code."""
        return type(self), (self.field, self.fault)
