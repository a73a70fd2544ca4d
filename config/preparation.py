"""What must be there before the first request: tables, somebody who can log in, something to order."""

import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command

from orders.models import Order
from orders.services import create_demo_products

ADMIN = "admin"


def prepare() -> str | None:
    """Migrate, make the superuser and the demo products. Returns the superuser's password when it was made now."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    create_demo_products()
    users = get_user_model().objects
    if users.filter(is_superuser=True).exists():
        return None
    password = secrets.token_urlsafe(12)
    users.create_superuser(ADMIN, f"{ADMIN}@copydesk.example", password)
    return password


def has_orders() -> bool:
    """Whether anybody ordered here before."""
    return Order.objects.exists()
