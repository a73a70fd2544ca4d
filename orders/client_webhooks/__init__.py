"""Webhooks to API clients, as https://www.standardwebhooks.com describes them: what happened to their orders."""
