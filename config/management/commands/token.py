"""`manage.py token NAME [--staff] [--rights review refund]`: prints a new API bearer token, alone on its line."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from config.models import ApiToken
from orders.rights import BY_NAME


class Command(BaseCommand):
    help = "Print a new API bearer token for NAME; the user is made if need be. --data DIR chooses the data folder."

    def add_arguments(self, parser) -> None:
        parser.add_argument("name")
        parser.add_argument("--staff", action="store_true", help="the user may use staff endpoints")
        parser.add_argument(
            "--rights", nargs="+", choices=BY_NAME, default=[], help="the same, with these rights at the desk of orders"
        )

    def handle(self, *, name: str, staff: bool, rights: list[str], **options) -> None:
        User = get_user_model()  # noqa: N806
        try:
            User.username_validator(name)
        except ValidationError as error:
            raise CommandError(f"name: {error.messages[0]}") from None
        if not 1 <= len(name) <= 150:
            raise CommandError("name: 1 to 150 characters")
        user, created = User.objects.get_or_create(username=name)
        if created:
            user.set_unusable_password()
        user.is_staff = user.is_staff or staff or bool(rights)
        user.save()
        codenames = [BY_NAME[right].partition(".")[2] for right in rights]
        user.user_permissions.add(*Permission.objects.filter(content_type__app_label="orders", codename__in=codenames))
        self.stdout.write(ApiToken.objects.issue(user=user, label="manage.py token"))
