"""Requests over a real socket: pages, data, events, and what is refused."""

import json
import socket
from http.client import HTTPConnection
from pathlib import Path

import pytest

from pathway_compiler.driver import evaluate, load
from pathway_compiler.engine.to_json import outcome_to_json
from pathway_compiler.serve.api import LARGEST_PATIENT
from serving import PATIENT, Served


def test_the_front_page_and_the_pages_of_pathways_are_served(shared: Served) -> None:
    assert shared.get("/").body == shared.get("/index.html").body
    page = shared.get("/pathways/bone.html")
    assert page.status == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "A year of monthly treatment?" in page.text


def test_every_page_carries_the_preview_and_nothing_else_does(shared: Served) -> None:
    assert '<script src="/-/preview.js"' in shared.get("/cases.html").text
    assert "/-/preview" not in shared.get("/static/site.js").text
    assert "/-/preview" not in shared.get("/diagrams/bone.svg").text


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("/static/site.css", "text/css; charset=utf-8"),
        ("/static/site.js", "text/javascript; charset=utf-8"),
        ("/diagrams/bone.svg", "image/svg+xml; charset=utf-8"),
        ("/-/preview.js", "text/javascript; charset=utf-8"),
        ("/-/preview.css", "text/css; charset=utf-8"),
    ],
)
def test_files_have_their_types(shared: Served, path: str, type_: str) -> None:
    answer = shared.get(path)
    assert (answer.status, answer.headers["Content-Type"]) == (200, type_)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_what_has_not_changed_is_not_sent_again(shared: Served) -> None:
    tag = shared.get("/static/site.css").headers["ETag"]
    again = shared.get("/static/site.css", If_None_Match=tag)
    assert (again.status, again.body) == (304, b"")


def test_a_question_for_the_head_has_no_body(shared: Served) -> None:
    answer = shared.ask("HEAD", "/pathways/bone.html")
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["ETag"] == shared.get("/pathways/bone.html").headers["ETag"]


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/pathways/../../bone.pathway",
        "//etc/passwd", "/etc/passwd", "/..%2fbone.pathway", "/%00", "/index.html%00", "/.site.json",
        "/-/", "/-/../server.py", "/-/server.py", "/pathways", "/pathways/", "/%ff", "/C:/Windows/win.ini",
        "/..\\..\\bone.pathway", "/bone.pathway", "/proof_process.py",
    ],
)  # fmt: skip
def test_nothing_but_the_files_of_the_site_can_be_had(shared: Served, path: str) -> None:
    answer = shared.get(path)
    assert answer.status == 404
    assert "There is no such page" in answer.text


def test_a_foreign_host_or_origin_is_refused_everywhere(shared: Served) -> None:
    for path in ("/", "/-/events", "/api/guideline", "/nothing"):
        answer = shared.get(path, Host="evil.example")
        assert answer.status == 403
        assert answer.data["error"]["code"] == "foreign-request"
        assert shared.get(path, Origin="http://evil.example").status == 403
    answer = shared.ask(
        "POST", "/api/run", PATIENT, Content_Type="application/json", Origin="http://evil.example"
    )
    assert answer.status == 403
    own = shared.ask(
        "POST",
        "/api/run",
        PATIENT,
        Content_Type="application/json",
        Origin=f"http://{shared.host}",
    )
    assert own.status == 200


def test_a_request_without_a_host_or_in_no_known_form_is_refused(shared: Served) -> None:
    assert shared.raw(b"GET / HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 403")
    assert b"Error code: 400" in shared.raw(b"nonsense\r\n\r\n")
    assert b"Error code: 505" in shared.raw(b"GET / HTTP/9.0\r\n\r\n")
    assert b" 501 " in shared.raw(b"DELETE / HTTP/1.1\r\nHost: localhost\r\n\r\n").split(b"\n")[0]
    assert b" 414 " in shared.raw(b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n").split(b"\n")[0]


def test_several_requests_go_over_one_connection(shared: Served) -> None:
    connection = HTTPConnection(shared.host, timeout=30)
    for path in ("/", "/cases.html", "/api/guideline", "/nothing.html"):
        connection.request("GET", path)
        connection.getresponse().read()
    assert connection.sock is not None
    connection.close()


def test_what_follows_a_question_with_a_body_is_no_second_question(shared: Served) -> None:
    inner = b"GET /api/guideline HTTP/1.1\r\nHost: localhost\r\n\r\n"
    head = b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(inner)
    assert shared.raw(head + inner).count(b"HTTP/1.1 ") == 1


# --- what is known of the guideline ----------------------------------------------------------------------


def test_the_guideline_tells_its_hash_version_and_findings(shared: Served) -> None:
    data = shared.get("/api/guideline").data
    compiled = load(shared.folder)
    assert data["shown"] == {
        "name": "bone_example",
        "title": "Bone metastases (example)",
        "version": "1",
        "content_hash": compiled.guideline.content_hash,
    }
    assert (data["format"], data["status"], data["proof"]) == ("pathway-preview/1", "good", "done")
    assert data["findings"]["counts"] == {"error": 0, "warning": 0, "note": 0}


# --- patients ----------------------------------------------------------------------------------------------


def test_a_patient_gets_the_document_that_pathway_run_gives(shared: Served) -> None:
    answer = shared.run()
    compiled = load(shared.folder)
    facts = json.loads(PATIENT)
    expected = outcome_to_json(evaluate(compiled, facts["facts"], as_of=facts["as_of"]), compiled)
    expected["patient"] = facts["id"]
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.data == json.loads(json.dumps(expected))


def test_the_day_the_pathway_and_plain_answers_can_be_asked_for(shared: Served) -> None:
    patient = json.dumps({"metastatic_sites": ["bone"], "contraindications": []})
    answer = shared.run(patient, "?as_of=2020-02-02&pathway=bone&exact=no")
    assert answer.status == 200
    assert (answer.data["as_of"], answer.data["exactness"]) == ("2020-02-02", "kleene")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?as_of=yesterday", "not a full date"),
        ("?as_of=2019", "not a full date"),
        ("?pathway=bones", "did you mean `bone`"),
        ("?exact=perhaps", "yes or no"),
        ("?asof=2019-03-01", "did you mean `as_of`"),
        ("?reading=x=y", "no reading `x`"),
        ("?" + "&".join(f"a{n}=1" for n in range(200)), "cannot be read"),
    ],
)
def test_a_wrong_option_is_a_wrong_request(shared: Served, query: str, words: str) -> None:
    answer = shared.run(PATIENT, query)
    assert (answer.status, answer.data["error"]["code"]) == (400, "bad-option")
    assert words in answer.data["error"]["message"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not-json"),
        (b"{", "not-json"),
        (b"[1, 2", "not-json"),
        (b"[" * 100_000, "not-json"),
        (b'{"a": ' + b"1" * 50_000 + b"}", None),
        (b'{"a": NaN}', None),
        (b'{"as_of": "2019-03-01", "as_of": "2020-03-01"}', None),
        (b"\xff\xfe", "not-utf-8"),
        (b"[]", "not-one-patient"),
        (b'[{"id": "a"}, {"id": "b"}]', "not-one-patient"),
        (b'{"id": "a"}\n{"id": "b"}', "not-json"),
    ],
)
def test_what_is_no_patient_is_a_wrong_request(
    shared: Served, body: bytes, code: str | None
) -> None:
    answer = shared.run(body)
    assert answer.status == (400 if code else 422)
    assert answer.data["error"]["code"] == (code or "data-refused")


def test_data_that_are_refused_come_back_with_codes_and_places(shared: Served) -> None:
    answer = shared.run(
        '{"id": "p", "as_of": "2019-03-01", "facts": {"metastatic_sites": ["bones"]}}'
    )
    assert answer.status == 422
    assert answer.data["format"] == "pathway-error/1"
    assert answer.data["patient"] == "p"
    (found,) = answer.data["diagnostics"]
    assert found["code"].startswith("data-")
    assert "bones" in found["message"]
    assert found["place"]["start"] == {"line": 1, "column": 67}


def test_a_patient_without_a_day_is_refused(shared: Served) -> None:
    answer = shared.run("{}")
    assert answer.status == 422
    assert [d["code"] for d in answer.data["diagnostics"]] == ["data-date"]


def test_a_patient_that_is_too_large_is_not_even_read(shared: Served) -> None:
    head = b"POST /api/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    for length in (str(LARGEST_PATIENT + 1).encode(), b"9" * 50):
        answer = shared.raw(head + b"Content-Length: " + length + b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 413")
        assert b'"too-large"' in answer


@pytest.mark.parametrize("length", [b"", b"-1", b"1e3", b"0x10", "٣".encode()])
def test_a_patient_without_a_proper_length_is_not_read(shared: Served, length: bytes) -> None:
    head = b"POST /api/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    assert shared.raw(head + b"Content-Length: " + length + b"\r\n\r\n{}").startswith(
        b"HTTP/1.1 411"
    )
    chunked = head + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    assert shared.raw(chunked).startswith(b"HTTP/1.1 411")


def test_a_patient_that_breaks_off_is_not_run(shared: Served) -> None:
    head = b"POST /api/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    assert shared.raw(head + b"Content-Length: 100\r\n\r\n{}") == b""


def test_a_form_of_another_site_cannot_send_a_patient(shared: Served) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert shared.ask("POST", "/api/run", PATIENT, Content_Type=kind).status == 415
    assert shared.ask("POST", "/api/run", PATIENT).status == 415


def test_patients_are_posted_and_nothing_else_takes_them(shared: Served) -> None:
    answer = shared.get("/api/run")
    assert (answer.status, answer.headers["Allow"]) == (405, "POST")
    assert shared.ask("POST", "/", PATIENT).status == 404
    assert shared.get("/api/patients").status == 404


def test_hostile_text_in_a_patient_comes_back_as_data(shared: Served) -> None:
    hostile = "</script><script>alert(1)</script>{{ 7*7 }}"
    answer = shared.run(json.dumps({"id": hostile, "as_of": "2019-03-01", hostile: 1}))
    assert answer.status == 422
    assert answer.data["patient"] == hostile
    assert answer.headers["Content-Type"].startswith("application/json")


def test_nothing_of_a_patient_is_written_down(
    served: Served, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ValueError("Ana Secret, born 1970-01-01")

    served.run('{"id": "Ana Secret", "facts": {"x": 1}}', "?as_of=Ana+Secret")
    monkeypatch.setattr("pathway_compiler.serve.api.run_patient", fails)
    answer = served.run(PATIENT)
    assert (answer.status, answer.data["error"]["code"]) == (500, "bug")
    assert "Secret" not in answer.text
    assert served.complaints == [served.complaints[0]]
    assert served.complaints[0].startswith("a request failed: ValueError in ")
    assert "Secret" not in served.complaints[0]
    served.complaints.clear()
    written = capfd.readouterr()
    assert (written.out, written.err) == ("", "")


# --- while the guideline changes ---------------------------------------------------------------------------


def test_nobody_is_run_while_the_text_has_errors(served: Served) -> None:
    served.edit("12 months", "12 moths")
    served.until(lambda state: state.stale)
    answer = served.run()
    assert (answer.status, answer.data["error"]["code"]) == (503, "guideline-errors")
    assert {d["code"] for d in answer.data["diagnostics"]} == {"unknown-unit"}
    served.mend()
    served.until_proved()
    assert served.run().status == 200


def test_nobody_is_run_through_a_gap(served: Served) -> None:
    served.edit('otherwise "Not yet"', 'when months_monthly_antiresorptive < 11 months "No"')
    served.until_proved()
    answer = served.run()
    assert (answer.status, answer.data["error"]["code"]) == (503, "guideline-errors")
    assert [d["code"] for d in answer.data["diagnostics"]] == ["decision-gap"]


def test_a_patient_who_comes_while_the_decisions_are_proved_waits_for_them(served: Served) -> None:
    served.edit("12 months", "6 months")
    served.until_shown()
    answer = served.run()
    assert answer.status == 200
    assert answer.data["guideline"]["content_hash"] == load(served.folder).guideline.content_hash


def test_events_tell_the_state_at_once_and_after_every_change(served: Served) -> None:
    served.until_proved()
    connection = HTTPConnection(served.host, timeout=30)
    connection.request("GET", "/-/events")
    response = connection.getresponse()
    assert response.headers["Content-Type"] == "text/event-stream"

    def next_state() -> dict[str, object]:
        while True:
            line = response.readline().decode()
            if line.startswith("data: "):
                state: dict[str, object] = json.loads(line.removeprefix("data: "))
                return state

    assert next_state()["status"] == "good"
    served.edit("12 months", "12 moths")
    broken = next_state()
    assert broken["status"] == "broken"
    served.mend()
    assert next_state()["status"] == "good"
    connection.close()


def test_more_connections_than_anybody_needs_are_cut(shared: Served) -> None:
    host, port = shared.host.split(":")
    opened = [socket.create_connection((host, int(port)), timeout=30) for _ in range(130)]
    try:
        opened[-1].settimeout(30)
        assert opened[-1].recv(1) == b""
    finally:
        for connection in opened:
            connection.close()
    served_again = None
    for _ in range(100):
        try:
            served_again = shared.get("/")
            break
        except OSError:
            continue
    assert served_again is not None
    assert served_again.status == 200


def test_the_site_is_not_served_from_the_folder_of_the_guideline(
    served: Served, tmp_path: Path
) -> None:
    (served.folder / "secret.html").write_text("secret", encoding="utf-8")
    assert served.get("/secret.html").status == 404
