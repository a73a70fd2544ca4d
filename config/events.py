"""Celery's task events, which Flower shows: none is lost when several threads of a worker report at once.

Celery 5.6 sends its buffers and then empties them: what another thread has added in between is gone, and Flower shows
a finished task as running for ever. The same happens to what waits for a broker that is still away.
"""

from collections import deque

from celery.app.events import Events
from celery.events.dispatcher import EventDispatcher


class Dispatcher(EventDispatcher):
    def flush(self, errors: bool = True, groups: bool = True) -> None:
        """Send what has gathered, and take from the buffers exactly that."""
        with self.mutex:
            if errors:
                waiting, self._outbound_buffer = self._outbound_buffer, deque()
                for event, routing_key, _ in waiting:
                    self._publish(event, self.producer, routing_key)
            for group, events in list(self._group_buffer.items()) if groups else []:
                if count := len(events):
                    self._publish(events[:count], self.producer, f"{group}.multi")
                    del events[:count]


class ThreadSafeEvents(Events):
    dispatcher_cls = Dispatcher
