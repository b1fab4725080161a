"""What the server of `watch` answers, and to whom."""

import socket
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from mnist_sweeps.report.live_page import LivePage
from mnist_sweeps.report.page_server import PageServer


class Page(LivePage):
    """A page that needs no sweep."""

    def current(self) -> str:
        if self.page == "damaged":
            raise ValueError("sweep.yaml is not the plan of a sweep")
        return "<p>größer</p>"

    def is_newer_than(self, version: str) -> bool:
        self.current()
        return version != "7"


@pytest.fixture
def server() -> Iterator[PageServer]:
    with PageServer(Page(Path()), 0) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def ask(server: PageServer, path: str = "/", host: str = "", method: str = "GET") -> tuple[HTTPResponse, str]:
    connection = HTTPConnection("127.0.0.1", server.server_port)
    connection.request(method, path, headers={"Host": host or f"127.0.0.1:{server.server_port}"})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer, text


def test_the_page_is_served(server: PageServer) -> None:
    answer, text = ask(server)
    assert (answer.status, text) == (200, "<p>größer</p>")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Refresh" not in answer.headers  # the page asks by itself


def test_a_browser_with_an_older_page_is_sent_to_the_newer_one(server: PageServer) -> None:
    answer, _ = ask(server, "/newer-than/6")
    assert (answer.status, answer.headers["Location"]) == (303, "/")


def test_a_browser_with_the_newest_page_keeps_it(server: PageServer) -> None:
    answer, text = ask(server, "/newer-than/7")
    assert (answer.status, text) == (204, "")
    server.live.page = "damaged"
    assert ask(server, "/newer-than/6")[0].status == 204


@pytest.mark.parametrize("path", ["/report.html", "/newer-than", "/?", "/../run.json", "/sweep.yaml", "/favicon.ico"])
def test_nothing_else_is_served(server: PageServer, path: str) -> None:
    answer, text = ask(server, path)
    assert (answer.status, text) == (404, f"the page is {server.url}")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1:1", "127.0.0.1", "localhost.evil"])
def test_another_host_is_turned_away(server: PageServer, host: str) -> None:
    answer, text = ask(server, host=host.format(port=server.server_port))
    assert answer.status == 421
    assert "größer" not in text


def test_localhost_is_this_machine(server: PageServer) -> None:
    assert ask(server, host=f"localhost:{server.server_port}")[0].status == 200


def test_a_request_without_a_host_is_turned_away(server: PageServer) -> None:
    with socket.create_connection(("127.0.0.1", server.server_port)) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert connection.makefile("rb").readline().split()[1] == b"421"


def test_it_listens_on_this_machine_only(server: PageServer) -> None:
    assert server.socket.getsockname()[0] == "127.0.0.1"


def test_head_is_answered_without_content(server: PageServer) -> None:
    answer, text = ask(server, method="HEAD")
    assert (answer.status, text, answer.headers["Content-Length"]) == (200, "", "15")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_refused(server: PageServer, method: str) -> None:
    assert ask(server, method=method)[0].status == 501


def test_a_damaged_sweep_is_said_and_tried_again(server: PageServer) -> None:
    server.live.page = "damaged"
    answer, text = ask(server)
    assert (answer.status, text) == (503, "sweep.yaml is not the plan of a sweep")
    assert "Refresh" in answer.headers
