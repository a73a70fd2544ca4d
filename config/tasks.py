"""Where Celery and the engine look for the kinds of jobs of this app."""

from config.ai_settings.tasks import check_ai_key, refresh_ai_models
from config.api.tasks import forget_answers

__all__ = ["check_ai_key", "forget_answers", "refresh_ai_models"]
