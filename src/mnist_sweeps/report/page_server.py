"""Serves a live page to browsers on this machine, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType

from mnist_sweeps.report.live_page import SECONDS_TO_RELOAD, LivePage
from mnist_sweeps.runtime.messages import LOGGER

ADDRESS = "127.0.0.1"
NAMES = (ADDRESS, "localhost")
NEWER_THAN = "/newer-than/"  # and a version: where a page asks


class PageServer(ThreadingHTTPServer):
    """Answers `/` with the page, which asks every few seconds for a newer one until the sweep has finished.

    Where there is one it is sent to `/`; its view, the fragment of its address, goes with it. Where there is none it
    gets no content, so that the browser keeps what it shows.
    """

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
        """The `Host` headers of a browser on this machine; others come from pages that send requests here."""
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
        elif self.path.startswith(NEWER_THAN):
            if self._is_newer_than(self.path.removeprefix(NEWER_THAN)):
                self._send(HTTPStatus.SEE_OTHER, self.server.url, with_content, {"Location": "/"})
            else:
                self._send(HTTPStatus.NO_CONTENT, "", with_content)
        elif self.path != "/":
            self._send(HTTPStatus.NOT_FOUND, f"the page is {self.server.url}", with_content)
        else:
            try:
                page = self.server.live.current()
            except (OSError, ValueError) as error:
                again = {"Refresh": str(SECONDS_TO_RELOAD)}
                self._send(HTTPStatus.SERVICE_UNAVAILABLE, str(error), with_content, again)
            else:
                self._send(HTTPStatus.OK, page, with_content, kind="text/html")

    def _is_newer_than(self, version: str) -> bool:
        try:
            return self.server.live.is_newer_than(version)
        except (OSError, ValueError) as error:
            LOGGER.debug(f"the page stays as it is: {error}")
            return False

    def _send(
        self,
        status: HTTPStatus,
        text: str,
        with_content: bool,
        headers: Mapping[str, str] = MappingProxyType({}),
        kind: str = "text/plain",
    ) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        if status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", "frame-ancestors 'none'")  # the rest stands in the page
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if with_content:
            self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        """To the logger, for `--verbose`."""
        LOGGER.debug(format % arguments)
