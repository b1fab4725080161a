"""Serves a live page to browsers on this machine, and nothing else."""

from __future__ import annotations

from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from mnist_sweeps.report.live_page import LivePage
from mnist_sweeps.runtime.messages import LOGGER

ADDRESS = "127.0.0.1"
NAMES = (ADDRESS, "localhost")
SECONDS_TO_RELOAD = 5


class PageServer(ThreadingHTTPServer):
    """Answers `/` with the page; the browser loads it again every few seconds until the sweep has finished."""

    daemon_threads = True  # a browser that keeps its connection open does not keep the command

    def __init__(self, page: LivePage, port: int) -> None:
        """Opens the port.

        Args:
            page: The page.
            port: 0 takes a free one.

        Raises:
            OSError: The port is in use, or needs privileges.
        """
        self.live = page
        super().__init__((ADDRESS, port), _Handler)

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://{ADDRESS}:{self.server_port}/"

    @property
    def hosts(self) -> set[str]:
        """What a browser that was sent here by nobody else names as the host."""
        with_port = {f"{name}:{self.server_port}" for name in NAMES}
        return with_port | set(NAMES) if self.server_port == 80 else with_port


class _Handler(BaseHTTPRequestHandler):
    server: PageServer
    server_version, sys_version = "mnist-sweeps", ""

    def do_GET(self) -> None:
        self._answer(with_content=True)

    def do_HEAD(self) -> None:
        self._answer(with_content=False)

    def _answer(self, with_content: bool) -> None:
        # A page of somebody else may give its own name this address (DNS rebinding), to read what is served here.
        if self.headers.get("Host") not in self.server.hosts:
            self._send(HTTPStatus.MISDIRECTED_REQUEST, f"this is {self.server.url}", with_content)
        elif self.path != "/":
            self._send(HTTPStatus.NOT_FOUND, f"the page is {self.server.url}", with_content)
        else:
            try:
                finished = self.server.live.finished()  # before the page, which then has all runs
                page = self.server.live.current()
            except (OSError, ValueError) as error:
                self._send(HTTPStatus.SERVICE_UNAVAILABLE, str(error), with_content, reload=True)
            else:
                self._send(HTTPStatus.OK, page, with_content, reload=not finished, kind="text/html")

    def _send(
        self, status: HTTPStatus, text: str, with_content: bool, reload: bool = False, kind: str = "text/plain"
    ) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", "frame-ancestors 'none'")  # the rest stands in the page
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        if reload:
            self.send_header("Refresh", str(SECONDS_TO_RELOAD))
        self.end_headers()
        if with_content:
            self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        """To the logger, for `--verbose`."""
        LOGGER.debug(format % arguments)
