"""Who is answered."""

import pytest

from pathway_compiler.serve.requests import is_loopback, refusal

HERE = frozenset({"localhost"})


@pytest.mark.parametrize(
    "host",
    [
        "localhost:8000",
        "127.0.0.1:8000",
        "127.0.0.1",
        "[::1]:8000",
        "[::1]",
        "LOCALHOST:9",
        "127.1.2.3",
    ],
)
def test_this_machine_is_answered_by_any_of_its_own_names_and_ports(host: str) -> None:
    assert refusal(host, None, "127.0.0.1", HERE) is None
    assert refusal(host, f"http://{host}", "127.0.0.1", HERE) is None


@pytest.mark.parametrize(
    "host",
    [
        None, "", ":8000", "evil.example", "evil.example:8000", "localhost.evil.example", "192.168.0.7",
        "localhost:8000:1", "localhost:", "localhost:x", "[::1", "[::1]x", "127.0.0.1.evil.example",
        "localhost@evil.example", "localhost/",
    ],
)  # fmt: skip
def test_a_foreign_host_is_not_answered(host: str | None) -> None:
    assert refusal(host, None, "127.0.0.1", HERE) is not None


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example", "null", "http://localhost:8001", "https://localhost:8000",
        "http://localhost:8000.evil.example", "", "file://",
    ],
)  # fmt: skip
def test_a_page_of_another_origin_is_not_answered(origin: str) -> None:
    assert refusal("localhost:8000", origin, "127.0.0.1", HERE) is not None


def test_who_listens_to_the_network_is_called_by_number_or_by_the_given_name() -> None:
    names = frozenset({"localhost", "ward-3"})
    assert refusal("192.168.0.7:8000", None, "0.0.0.0", names) is None
    assert refusal("ward-3:8000", None, "0.0.0.0", names) is None
    assert refusal("rebound.example:8000", None, "0.0.0.0", names) is not None


def test_a_refusal_does_not_repeat_endless_names() -> None:
    assert len(refusal("e" * 10_000, None, "127.0.0.1", HERE) or "") < 200


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("ward-3", False),
    ],
)
def test_loopback_addresses(address: str, is_one: bool) -> None:
    assert is_loopback(address) is is_one
