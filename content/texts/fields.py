"""Fields of requests."""

from rest_framework import serializers


class Text(serializers.CharField):
    """A text and nothing else: no number that looks like one."""

    def to_internal_value(self, data) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)
