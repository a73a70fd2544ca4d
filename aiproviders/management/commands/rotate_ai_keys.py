from django.core.management.base import BaseCommand, CommandError

from aiproviders import rotation


class Command(BaseCommand):
    help = (
        "Seal all stored AI keys and webhook secrets under the first of AI_KEY_ENCRYPTION_KEYS. "
        "May be repeated and interrupted."
    )

    def handle(self, **options):
        done = rotation.rotate()
        for line in done.unreadable:
            self.stderr.write(f"cannot be read, left as it is: {line}")
        self.stdout.write(
            f"{done.resealed} sealed anew, {done.current} already were, {len(done.unreadable)} cannot be read"
        )
        if done.unreadable:
            raise CommandError("Keep the earlier encryption keys until no row needs them.", returncode=2)
