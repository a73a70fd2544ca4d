"""Products, orders, payments, mails and the customer's pages.

Uses content.articles through its services, queues to ask for work. Nothing imports this app but config.
"""
