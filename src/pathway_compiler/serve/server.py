"""HTTP of the preview. Pages come out of memory by their exact names: no request names a file on disk."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from urllib.parse import unquote

from pathway_compiler.serve.api import LARGEST_PATIENT, Answer, as_bytes, error
from pathway_compiler.serve.board import Board
from pathway_compiler.serve.pages import OURS, content_type, missing_page, our_file, with_preview
from pathway_compiler.serve.requests import is_loopback, refusal
from pathway_compiler.serve.state import Page, State, state_to_json

__all__ = ["PreviewServer", "Serving"]

MOST_CONNECTIONS = 100
"""A browser opens six for each origin; more than this is no author with her pages."""
IDLE_SECONDS = 60
HEARTBEAT_SECONDS = 15
"""So often a connection that waits for news shows that it is still there."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What the server needs to answer."""

    board: Board
    folder: str
    """That of the guideline, as it is called in findings."""
    run: Callable[[bytes, str], Answer]
    """A patient and options to an outcome; called from any thread."""
    complain: Callable[[str], None]
    """For what went wrong in us. Nothing that came with a request is told."""


_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; form-action 'none'"
)
_DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""A drawing that is looked at by itself carries its style sheet within it."""


class PreviewServer(ThreadingHTTPServer):
    """A thread for each connection; closing it ends them all."""

    daemon_threads = False
    block_on_close = True
    allow_reuse_address = True
    request_queue_size = MOST_CONNECTIONS

    def __init__(self, host: str, port: int, serving: Serving) -> None:
        self.serving = serving
        self.bound = host
        names = {"localhost", host.lower()}
        if not is_loopback(host):
            names.add(socket.gethostname().lower())
        self.names = frozenset(names)
        self._open: set[socket.socket] = set()
        self._guard = Lock()
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        self.address_family, _, _, _, address = found[0]
        super().__init__((str(address[0]), int(address[1])), _Handler)

    def server_bind(self) -> None:
        """Bind without asking a name server for our own name, as the standard library would."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = self.bound, self.server_address[1]

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it."""
        host = self.bound
        if host in ("0.0.0.0", "::", ""):
            host = "localhost"
        return f"http://{f'[{host}]' if ':' in host else host}:{self.server_port}/"

    def process_request(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        assert isinstance(request, socket.socket)
        with self._guard:
            full = len(self._open) >= MOST_CONNECTIONS
            if not full:
                self._open.add(request)
        if full:
            self.shutdown_request(request)
        else:
            super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        assert isinstance(request, socket.socket)
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """A connection that broke off is nobody's mistake; anything else was told where it happened."""

    def close_all(self) -> None:
        """Stop listening, cut every connection and wait for its thread."""
        self.serving.board.close()
        self.shutdown()
        with self._guard:
            waiting = list(self._open)
        for connection in waiting:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: PreviewServer
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS

    def version_string(self) -> str:
        return "pathway"

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: what is asked for can tell of a patient."""

    def do_GET(self) -> None:
        if "Content-Length" in self.headers or "Transfer-Encoding" in self.headers:
            self.close_connection = True  # nobody reads what may come after the question
        self._answer(self._get)

    def do_HEAD(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def _answer(self, answer: Callable[[str, str], None]) -> None:
        headers = self.headers
        why = refusal(
            headers.get("Host"), headers.get("Origin"), self.server.bound, self.server.names
        )
        path, _, query = self.path.partition("?")
        try:
            if why is not None:
                self.close_connection = True
                self._document(error(403, "foreign-request", why))
            else:
                answer(unquote(path, errors="replace").removeprefix("/"), query)
        except OSError:  # the browser has gone
            self.close_connection = True
        except Exception as wrong:
            self.close_connection = True
            self.server.serving.complain(f"a request failed: {_where(wrong)}")
            with contextlib.suppress(OSError):
                self._document(error(500, "bug", "this is a bug of ours, please report it"))

    # --- GET ----------------------------------------------------------------------------------------------

    def _get(self, path: str, query: str) -> None:
        state = self.server.serving.board.state
        if path == f"{OURS}events":
            self._events()
        elif path == "api/guideline":
            self._document(Answer(200, state_to_json(state, self.server.serving.folder)))
        elif path == "api/run":
            self._document(error(405, "method", "a patient is sent by POST"), allow="POST")
        elif path.startswith("api/"):
            self._document(error(404, "not-found", "there is no such thing to ask"))
        elif path.startswith(OURS) and (ours := our_file(path.removeprefix(OURS))):
            self._page(path, ours)
        else:
            self._site(path or "index.html", state)

    def _site(self, name: str, state: State) -> None:
        pages = state.shown.pages if state.shown is not None else {}
        page = pages.get(name)
        if page is not None:
            self._page(name, page)
        elif state.shown is None:
            title, sentence = "Nothing to show yet", "The guideline has errors since the start."
            if not state.stale:
                title, sentence = "One moment", "The guideline is being read."
            self._send(
                200 if name.endswith(".html") else 404, "html", missing_page(title, sentence)
            )
        else:
            sentence = "The guideline has no such page, or has it no longer."
            self._send(404, "html", missing_page("There is no such page", sentence))

    def _page(self, name: str, page: Page) -> None:
        tag = f'"{page.tag}"'
        if self.headers.get("If-None-Match") == tag:
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self.send_header("ETag", tag)
            self.end_headers()
            return
        kind = name.rpartition(".")[2]
        self._send(200, kind, with_preview(page) if kind == "html" else page.content, tag=tag)

    def _events(self) -> None:
        """The state, and every state after it, until the page or the preview is closed."""
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self._guarding_headers("events")
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "HEAD":
            return
        board = self.server.serving.board
        self._write(b"retry: 1000\n\n")
        seen = -1
        while not board.closed:
            state = board.after(seen, HEARTBEAT_SECONDS)
            if state is None:
                self._write(b": still there\n\n")
                continue
            seen = state.number
            text = json.dumps(state_to_json(state, self.server.serving.folder), ensure_ascii=False)
            self._write(f"event: state\nid: {seen}\ndata: {text}\n\n".encode(errors="replace"))

    # --- POST ---------------------------------------------------------------------------------------------

    def _post(self, path: str, query: str) -> None:
        if path != "api/run":
            self.close_connection = True
            self._document(error(404, "not-found", "patients are sent to /api/run"))
            return
        length = self.headers.get("Content-Length", "")
        if "Transfer-Encoding" in self.headers or not (length.isascii() and length.isdecimal()):
            self.close_connection = True
            self._document(error(411, "no-length", "the request does not say how long it is"))
            return
        if len(length) > 12 or int(length) > LARGEST_PATIENT:
            self.close_connection = True
            message = f"a patient has at most {LARGEST_PATIENT:,} bytes"
            self._document(error(413, "too-large", message))
            return
        kind = self.headers.get_content_type()
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            self.close_connection = True
            return
        if kind != "application/json":
            self._document(
                error(415, "not-json", "a patient is sent with `Content-Type: application/json`")
            )
            return
        serving = self.server.serving
        self._document(serving.run(body, query))

    # --- sending ------------------------------------------------------------------------------------------

    def _document(self, answer: Answer, *, allow: str = "") -> None:
        self._send(answer.status, "json", as_bytes(answer.document), allow=allow)

    def _send(
        self, status: int, kind: str, content: bytes, *, tag: str = "", allow: str = ""
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type(f".{kind}"))
        self.send_header("Content-Length", str(len(content)))
        if tag:
            self.send_header("ETag", tag)
        if allow:
            self.send_header("Allow", allow)
        self._guarding_headers(kind)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self._write(content)

    def _guarding_headers(self, kind: str) -> None:
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        # A foreign page may neither read ours nor run the data in them as a script.
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Content-Security-Policy", _DRAWING_POLICY if kind == "svg" else _POLICY)

    def _write(self, content: bytes) -> None:
        self.wfile.write(content)
        self.wfile.flush()


def _where(wrong: Exception) -> str:
    """What kind of mistake it was and where, without its words: they may be a patient's."""
    place = wrong.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    if place is None:
        return type(wrong).__name__
    code = place.tb_frame.f_code
    return f"{type(wrong).__name__} in {code.co_qualname}, line {place.tb_lineno}"
