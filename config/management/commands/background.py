import argparse

import click
from celery.bin.base import CLIContext
from celery.bin.beat import beat
from celery.bin.worker import worker
from django.core.management.base import BaseCommand

from config.celery import app


class Command(BaseCommand):
    """Importing Celery's command line imports every command there is for it: Flower, and two shells."""

    help = "Celery's worker or beat with its own options, started faster and smaller than by `celery --app config`."
    requires_system_checks = []  # they import every page, which no job needs

    def add_arguments(self, parser):
        parser.add_argument("words", nargs=argparse.REMAINDER, metavar="worker|beat [options]")

    def handle(self, *, words: list[str], **options):
        commands(words, prog_name="manage.py background", auto_envvar_prefix="CELERY")


@click.group(commands=[worker, beat])
@click.pass_context
def commands(context: click.Context) -> None:
    context.obj = CLIContext(app=app, no_color=False, workdir=None, quiet=True)
