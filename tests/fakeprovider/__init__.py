"""Language-model providers on loopback that misbehave on demand: OpenAI, Anthropic and Gemini on the wire.

The fault is chosen by the model's name: see `faults.FAULTS` and `server`, for the ones with a number in them.
`python -m tests.fakeprovider --port 0` serves until killed and prints its OpenAI address.
"""

from tests.fakeprovider.server import FakeProvider

__all__ = ["FakeProvider"]
