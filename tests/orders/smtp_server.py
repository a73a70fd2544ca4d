"""A real SMTP server on loopback whose answers a test chooses."""

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope


class Mailbox:
    """Takes every mail, or answers RCPT with `answer`, or takes the mail and drops the line."""

    def __init__(self):
        self.received: list[Envelope] = []
        self.answer = "250 OK"
        self.drops_the_line = False

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  aiosmtpd's name
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.received.append(envelope)
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
