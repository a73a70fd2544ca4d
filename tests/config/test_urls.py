import subprocess
import sys

from django.contrib import admin
from django.core.checks import run_checks

from orders.models import Order
from tests.systems import REPOSITORY


def test_the_addresses_bring_the_desk_and_pass_djangos_checks():
    import config.urls  # noqa: F401  reads the admin modules

    assert admin.site.is_registered(Order)
    assert run_checks() == []


def test_a_process_that_serves_no_pages_loads_none():
    said = "import sys, config.celery as it; it.app.loader.import_default_modules(); print(*sys.modules, sep='\\n')"
    loaded = subprocess.run([sys.executable, "-c", said], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    modules = set(loaded.stdout.splitlines())
    assert "orders.tasks" in modules
    assert not modules & {"config.urls", "orders.admin", "orders.views", "rest_framework.views"}
