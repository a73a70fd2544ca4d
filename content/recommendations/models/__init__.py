from content.recommendations.models.budgets import MarketBudget

__all__ = ["MarketBudget"]
