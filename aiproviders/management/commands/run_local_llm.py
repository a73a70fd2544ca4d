import os
import signal
import socket
import threading

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from aiproviders import local_model

HOST = "127.0.0.1"
CONTEXT_TOKENS = 4096


class Command(BaseCommand):
    help = "Serve the built-in language model on loopback, in OpenAI's wire format. LOCAL_LLM_KEY is its API key."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, required=True)

    def handle(self, *, port: int, **options):
        # Waiting threads that spin starve each other as soon as anything else runs: 2 tokens a second instead of 30.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # read when the library is loaded, so before everything
        reason = local_model.unavailable_reason()
        if reason:
            raise CommandError(f"the built-in model cannot run: {reason}", returncode=3)
        reason = _port_reason(port)
        if reason:
            raise CommandError(f"cannot listen on {HOST}:{port}: {reason}", returncode=4)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)  # nothing to save: die at once
        try:
            server = _serve(port)
        except RuntimeError as error:
            raise CommandError(f"the model server did not start: {error}", returncode=5) from None
        self.stdout.write(f"{local_model.ALIAS} ({local_model.model_path().name}) at {server.listening_address}/v1")
        self.stdout.flush()
        threading.Event().wait()


def _port_reason(port: int) -> str | None:
    """The server only says "failed to init", so the port is tried first."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            return getattr(error, "strerror", None) or str(error)
    return None


def _serve(port: int):
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(local_model.model_path())
    params.model_alias = {local_model.ALIAS}
    params.hostnames = [HOST]
    params.port = port
    params.api_keys = [settings.LOCAL_LLM_KEY] if settings.LOCAL_LLM_KEY else []
    params.n_ctx = CONTEXT_TOKENS
    params.n_parallel = 1  # the context is divided among the slots
    params.cache_ram_mib = 0  # the default is 8 GB
    params.ui = False
    params.cors_origins = ""  # no web page may ask it anything
    params.endpoint_slots = False  # it shows prompts
    params.verbosity = 0
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = os.cpu_count() or 1
    return xllamacpp.Server(params)
