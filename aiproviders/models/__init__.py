"""Tables of the language models' door, one noun a file."""

from aiproviders.models.budgets import Budget
from aiproviders.models.calls import AICall
from aiproviders.models.catalogue import LanguageModel
from aiproviders.models.keys import AIKey
from aiproviders.models.settings import AISettings

__all__ = ["AICall", "AIKey", "AISettings", "Budget", "LanguageModel"]
