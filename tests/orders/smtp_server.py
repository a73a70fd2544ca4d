"""A real SMTP server on loopback whose answers a test chooses."""

import asyncio
import threading
from email import message_from_bytes
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope


class Mailbox:
    """Takes every mail, or answers RCPT or DATA with `answer` or `data_answer`, or takes the mail and drops the line.

    The mail number `hold_at` is taken, and its sender waits for an answer that does not come before `release()`.
    """

    def __init__(self):
        self.received: list[Envelope] = []
        self.answer = self.data_answer = "250 OK"
        self.drops_the_line = False
        self.hold_at = 0
        self.held: Envelope | None = None
        self._released = threading.Event()

    def ids(self) -> list[str]:
        """The Message-ID of every mail that was taken, in their order."""
        return [message_from_bytes(envelope.content, policy=default)["Message-ID"] for envelope in self.received]

    def release(self) -> None:
        self._released.set()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  aiosmtpd's name
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if not self.data_answer.startswith("250"):
            return self.data_answer
        self.received.append(envelope)
        if len(self.received) == self.hold_at:
            self.held = envelope
            while not self._released.is_set():
                await asyncio.sleep(0.02)
        if self.drops_the_line:
            server.transport.abort()
        return "250 Taken"


class LoopbackController(Controller):
    def _trigger_server(self):
        # The library connects to the port that it was asked for; ours is chosen by the system.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def start(mailbox: Mailbox) -> LoopbackController:
    controller = LoopbackController(mailbox, hostname="127.0.0.1", port=0)
    controller.start()
    return controller
