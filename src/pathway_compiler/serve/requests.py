"""Which requests are answered: those of a browser on a page of ours, and of programs on this machine.

A foreign page may have its own name point to this machine (DNS rebinding) and would then read the
guideline as if it were its own. Such a request names that page's host; ours name this machine.
"""

import ipaddress

__all__ = ["is_loopback", "refusal"]


def refusal(host: str | None, origin: str | None, bound: str, names: frozenset[str]) -> str | None:
    """Why a request with these headers is not answered; None when it is.

    `bound` is the address that is listened at, `names` are those by which this machine may be called.

    >>> refusal("localhost:8000", None, "127.0.0.1", frozenset({"localhost"}))
    >>> refusal("evil.example", None, "127.0.0.1", frozenset({"localhost"}))
    'the host `evil.example` is not this machine'
    """
    if host is None:
        return "a request without a host is not answered"
    name = _name(host)
    if name is None or not _is_ours(name, bound, names):
        return f"the host `{host[:100]}` is not this machine"
    if origin is not None and origin.lower() != f"http://{host.lower()}":
        return f"a page of `{origin[:100]}` may not ask this"
    return None


def is_loopback(address: str) -> bool:
    """Whether only this machine reaches an address."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _is_ours(name: str, bound: str, names: frozenset[str]) -> bool:
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name in names
    # Nobody can have a number point elsewhere. One who listens on this machine only has no other number.
    return address.is_loopback or not is_loopback(bound)


def _name(host: str) -> str | None:
    """The host of a `Host` header without its port, in lower case."""
    host = host.lower()
    if host.startswith("["):
        name, bracket, port = host[1:].partition("]")
        return name if bracket and (not port or _is_port(port)) else None
    name, colon, port = host.partition(":")
    return name if name and (not colon or _is_port(f":{port}")) else None


def _is_port(text: str) -> bool:
    return text[0] == ":" and text[1:].isdecimal() and text.isascii()
