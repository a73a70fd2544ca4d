"""Each user's choice of models and keys: the page, the API and the jobs that check keys.

It joins aiproviders (which knows no job) and queues (which knows no provider), so it lives above both.
"""
