"""A site's webhook endpoint on loopback, which answers as a test tells it to."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Request:
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass
class Receiver:
    """``answer`` gives the status, and headers, of the answer to each request."""

    url: str = ""
    requests: list[Request] = field(default_factory=list)
    answer: Callable[[Request], tuple[int, dict[str, str]]] = lambda _: (204, {})
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def take(self, request: Request) -> tuple[int, dict[str, str]]:
        with self.arrived:
            self.requests.append(request)
        answer = self.answer(request)
        with self.arrived:
            self.arrived.notify_all()
        return answer

    def wait_for(self, count: int, *, at_most_s: float = 60) -> bool:
        """Wait until so many requests have come, and say whether they did."""
        return self.wait_until(lambda: len(self.requests) >= count, at_most_s=at_most_s)

    def wait_until(self, holds: Callable[[], bool], *, at_most_s: float = 60) -> bool:
        """Wait until something holds, looking at every request that comes."""
        with self.arrived:
            return self.arrived.wait_for(holds, at_most_s)


class _Server(ThreadingHTTPServer):
    # Two workers with 16 places each may connect at the same moment.
    request_queue_size = 128


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Listen until the block ends."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, extra = receiver.take(Request(self.path, headers, body))
            try:
                self.send_response(status)
                for name, value in extra.items():
                    self.send_header(name, value)
                self.end_headers()
            except OSError:
                pass  # the sender was killed, or lost its patience

        def log_message(self, *_: object) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
