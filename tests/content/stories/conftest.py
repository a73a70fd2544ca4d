from tests.aiproviders.conftest import fake, fake_servers, openai

__all__ = ["fake", "fake_servers", "openai"]
