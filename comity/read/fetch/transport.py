"""Connections that go to judged network numbers only, each with a deadline over all that is sent and received."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpcore2
import httpx2

from comity.errors import FetchTooSlow
from comity.read.fetch.guard import Guard

Connector = Callable[[str, int, float], httpcore2.NetworkStream]
"""Network number, port and seconds to a connection."""


def connect(address: str, port: int, seconds: float) -> httpcore2.NetworkStream:
    """Connect to a network number."""
    return httpcore2.SyncBackend().connect_tcp(address, port, timeout=seconds)


class Deadline:
    """A moment after which nothing more is waited for."""

    def __init__(self, seconds: float, about: str) -> None:
        self.at = time.monotonic() + seconds
        self.about = about

    def left(self, most: float | None = None) -> float:
        """Seconds left, at most ``most``; raises `FetchTooSlow` when none are."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise FetchTooSlow("it took too long", about=self.about, fix="try again later, or raise total_seconds")
        return left if most is None else min(left, most)


class _Stream(httpcore2.NetworkStream):
    """A connection whose every wait ends at the deadline."""

    def __init__(self, inner: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _Stream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore2.NetworkBackend):
    """Connects one request: judges the numbers of its host and takes the first that answers."""

    def __init__(self, guard: Guard, connector: Connector, deadline: Deadline) -> None:
        self._guard = guard
        self._connector = connector
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        addresses = self._guard.addresses(host, port, self._deadline.left(timeout))
        for address in addresses[:-1]:
            try:
                return _Stream(self._connector(address, port, self._deadline.left(timeout)), self._deadline)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        return _Stream(self._connector(addresses[-1], port, self._deadline.left(timeout)), self._deadline)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore2.NetworkStream:
        raise httpcore2.ConnectError("no local sockets")


class _Body(httpx2.SyncByteStream):
    """The body of a response; closing it closes its connection."""

    def __init__(self, response: httpcore2.Response, pool: httpcore2.ConnectionPool) -> None:
        self._response = response
        self._pool = pool

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()
        self._pool.close()


class GuardedTransport(httpx2.BaseTransport):
    """One connection a request: every hop is judged anew, none is shared or kept."""

    def __init__(self, guard: Guard, connector: Connector, seconds: float) -> None:
        self._guard = guard
        self._connector = connector
        self._seconds = seconds
        self._ssl: ssl.SSLContext | None = None

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request; raises `ForbiddenAddress`, `FetchTooSlow` and the errors of httpcore."""
        deadline = Deadline(self._seconds, str(request.url))
        if request.url.scheme == "https" and self._ssl is None:
            self._ssl = httpx2.create_ssl_context(trust_env=False)
        pool = httpcore2.ConnectionPool(
            ssl_context=self._ssl,
            max_connections=1,
            network_backend=_Backend(self._guard, self._connector, deadline),
        )
        try:
            response = pool.handle_request(_core(request))
        except BaseException:
            pool.close()
            raise
        return httpx2.Response(response.status, headers=response.headers, stream=_Body(response, pool), request=request)


def _core(request: httpx2.Request) -> httpcore2.Request:
    url = request.url
    return httpcore2.Request(
        method=request.method,
        url=httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        headers=request.headers.raw,
        content=None,
        extensions=request.extensions,
    )
