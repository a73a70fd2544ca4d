from content.recommendations.models.budgets import MarketBudget
from content.recommendations.models.recommendation import Recommendation

__all__ = ["MarketBudget", "Recommendation"]
