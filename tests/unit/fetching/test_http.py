"""HTTP: what is known is not sent again, cut downloads go on, tokens stay with their host."""

from __future__ import annotations

import pytest

from sources.fetching.trouble import Limits
from sources.ledger import read_ledger
from tests.support.fetching import Answer, Http, http_server
from tests.unit.fetching.conftest import FAST, Get, arrived
from warehouse.paths import Home

BODY = "统计月份,发电量\n2026-03,1.50\n".encode()


def test_a_file_comes_once_and_again_when_it_changed(home: Home, http: Http, get: Get) -> None:
    now = {"body": BODY, "etag": '"1"'}

    def say(_: str, headers: dict[str, str]) -> Answer:
        same = headers.get("if-none-match") == now["etag"]
        return Answer(304) if same else Answer(200, now["body"], {"ETag": now["etag"]})

    http.say = say
    first = get(type="api", location=http.url("/a/发电.csv"))
    assert first.wrong == () and arrived(home) == {first.files[0]: BODY}
    assert first.files[0].startswith("grid_2026-04-05_发电_") and first.files[0].endswith(".csv")
    again = get(type="api", location=http.url("/a/发电.csv"))
    assert (again.files, again.unchanged, len(http.asked)) == ((), 1, 2)
    now["etag"] = '"2"'  # another sign, the same bytes
    assert get(type="api", location=http.url("/a/发电.csv")).files == ()
    assert get(type="api", location=http.url("/a/发电.csv")).unchanged == 1
    assert http.asked[-1][1]["if-none-match"] == '"2"'
    now |= {"body": BODY + b"2026-04,2\n", "etag": '"3"'}
    (name,) = get(type="api", location=http.url("/a/发电.csv")).files
    assert arrived(home)[name] == now["body"] and len(arrived(home)) == 2
    assert len(get(type="api", location=http.url("/a/发电.csv"), force=True).files) == 1


def test_a_cut_download_goes_on_where_it_was_cut(home: Home, http: Http, get: Get) -> None:
    body = bytes(range(256)) * 500

    def say(_: str, headers: dict[str, str]) -> Answer:
        known = {"ETag": '"v"', "Accept-Ranges": "bytes"}
        if "range" not in headers:
            return Answer(200, body, known, cut=70_000)
        assert headers["if-range"] == '"v"'
        start = int(headers["range"].removeprefix("bytes=").rstrip("-"))
        known["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        return Answer(206, body[start:], known, cut=None if start > 70_000 else 30_000)

    http.say = say
    ended = get(type="api", location=http.url("/big.csv"))
    assert ended.wrong == () and arrived(home)[ended.files[0]] == body
    assert any("range" in headers for _, headers in http.asked)
    assert not list(home.fetching.glob("*.part"))


def test_a_file_that_changed_while_it_was_cut_comes_anew(home: Home, http: Http, get: Get) -> None:
    old, new = b"a" * 90_000, b"b" * 90_000

    def say(_: str, headers: dict[str, str]) -> Answer:
        is_first = len(http.asked) == 1
        tag = {"ETag": '"1"' if is_first else '"2"', "Accept-Ranges": "bytes"}
        return Answer(200, old, tag, cut=60_000) if is_first else Answer(200, new, tag)

    http.say = say
    ended = get(type="api", location=http.url("/big.csv"))
    assert arrived(home)[ended.files[0]] == new


def test_trouble_is_tried_again_and_refusals_are_not(home: Home, http: Http, get: Get) -> None:
    answers = [
        Answer(503, headers={"Retry-After": "0"}),
        Answer(500),
        Answer(429, headers={"Retry-After": "²"}),
        Answer(200, BODY),
    ]
    http.say = lambda *_: answers[len(http.asked) - 1]
    assert len(get(type="api", location=http.url("/a.csv")).files) == 1 and len(http.asked) == 4
    for status in (401, 403, 404, 400):
        http.asked.clear()
        http.say = lambda *_, status=status: Answer(status)
        ended = get(type="api", location=http.url(f"/{status}.csv"))
        assert len(http.asked) == 1 and str(status) in ended.wrong[0]
    http.asked.clear()
    http.say = lambda *_: Answer(503, headers={"Retry-After": "3600"})
    assert get(type="api", location=http.url("/later.csv")).wrong and len(http.asked) == 1


def test_each_period_is_asked_for_and_one_that_is_not_there_yet_is_no_failure(http: Http, get: Get) -> None:
    http.say = lambda path, _: Answer(200, BODY) if path == "/2026/02.csv" else Answer(404)
    ended = get(type="api", location=http.url("/{date:%Y}/{date:%m}.csv"), periods=3)
    assert [path for path, _ in http.asked] == ["/2026/01.csv", "/2026/02.csv", "/2026/03.csv"]
    assert (len(ended.files), ended.absent, ended.wrong) == (1, 2, ())


@pytest.mark.parametrize("header", ["Authorization", "X-Api-Key"])
def test_a_token_goes_to_its_own_host_alone(
    home: Home, http: Http, get: Get, monkeypatch: pytest.MonkeyPatch, header: str
) -> None:
    secret = "tok-7f3a"
    monkeypatch.setenv("PEAK_TEST_TOKEN", secret)
    with http_server() as other:
        other.say = lambda *_: Answer(200, BODY)
        http.say = lambda *_: Answer(302, headers={"Location": other.url("/elsewhere.csv")})
        ended = get(type="api", location=http.url("/a.csv"), token="env:PEAK_TEST_TOKEN", tokenHeader=header)
        assert len(ended.files) == 1
        assert secret in http.asked[0][1][header.lower()]
        assert secret not in str(other.asked)


def test_no_message_and_no_record_holds_a_secret(
    home: Home, http: Http, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PEAK_TEST_TOKEN", "tok-7f3a")
    leak = http.url("/x?signature=abcdef&t=tok-7f3a")
    http.say = lambda path, _: Answer(302, headers={"Location": leak}) if path == "/a.csv" else Answer(500)
    ended = get(type="api", location=http.url("/a.csv"), token="env:PEAK_TEST_TOKEN")
    monkeypatch.setenv("PEAK_TEST_TOKEN", "")
    unset = get(type="api", location=http.url("/a.csv"), token="env:PEAK_TEST_TOKEN")
    assert "500" in ended.wrong[0] and "PEAK_TEST_TOKEN" in unset.wrong[0]
    assert (ended.is_news, unset.is_news) == (True, False)
    written = home.ledger.read_bytes() + b"".join(p.read_bytes() for p in home.root.glob("ledger*"))
    for text in ("tok-7f3a", "abcdef"):
        assert text not in str(ended) and text.encode() not in written


def test_pages_are_joined_and_the_end_is_found(home: Home, http: Http, get: Get) -> None:
    pages = {"1": b"a,b\r\n1,2\r\n", "2": b"a,b\r\n3,4", "3": b"a,b\r\n"}
    http.say = lambda path, _: Answer(200, pages[path.rpartition("page=")[2]])
    ended = get(type="api", location=http.url("/r.csv?x=1"), paging="parameter", pageParameter="page")
    assert arrived(home)[ended.files[0]] == b"a,b\r\n1,2\r\n3,4\n"
    assert get(type="api", location=http.url("/r.csv?x=1"), paging="parameter", pageParameter="page").unchanged == 1
    links = {"/j": (b'{"a": 1}', {"Link": '</j2>; rel="next", </j>; rel="first"'}), "/j2": (b'{"a": 2}\n', {})}
    http.say = lambda path, _: Answer(200, *links[path])
    ended = get(type="api", location=http.url("/j"), paging="link")
    assert arrived(home)[ended.files[0]] == b'{"a": 1}\n{"a": 2}\n'
    assert "paging" in get(type="api", location=http.url("/j")).wrong[0]  # never the first page alone
    pages["2"] = b"a,c\r\n3,4"
    http.say = lambda path, _: Answer(200, pages[path.rpartition("page=")[2]])
    other = get(type="api", location=http.url("/s.csv"), paging="parameter", pageParameter="page")
    assert "表头不同" in other.wrong[0]


def test_a_file_that_is_too_large_leaves_nothing(home: Home, http: Http, get: Get) -> None:
    http.say = lambda *_: Answer(200, b"x" * 5000)
    ended = get(Limits(**{**FAST.__dict__, "max_bytes": 4000}), type="api", location=http.url("/a.csv"))
    assert "4000" in ended.wrong[0] and arrived(home) == {} and not list(home.fetching.glob("*.part"))


@pytest.mark.parametrize("name", ["../../evil.csv", "..\\..\\evil.csv", "/etc/evil.csv", ".evil.csv", "~$evil.csv"])
def test_names_from_elsewhere_lead_nowhere(home: Home, http: Http, get: Get, name: str) -> None:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    http.say = lambda *_: Answer(200, BODY, disposition)
    ended = get(type="api", location=http.url("/a"))
    assert list(arrived(home)) == list(ended.files) and "evil" in ended.files[0]
    assert ended.files[0].startswith("grid_2026-04-05_")
    assert not list(home.root.parent.glob("evil*")) and not list(home.root.glob("**/evil*"))


def test_the_try_is_remembered(home: Home, http: Http, get: Get) -> None:
    from sources.ledger import last_received, last_tries

    http.say = lambda *_: Answer(200, BODY, {"Last-Modified": "Sun, 05 Apr 2026 00:00:00 GMT"})
    get(type="api", location=http.url("/a.csv"))
    reading = read_ledger(home)
    assert reading is not None
    with reading as ledger:
        (entry,) = last_received(ledger, "yueyang-etz", "power_generation", "grid").values()
        assert (entry.result, entry.size_bytes, entry.source) == ("fetched", len(BODY), http.url("/a.csv"))
        assert entry.modified == "Sun, 05 Apr 2026 00:00:00 GMT"
        assert [item.result for item in last_tries(ledger)] == ["ended"]


def test_a_secret_may_come_from_a_block_of_prefect(http: Http, get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    from prefect.blocks.system import Secret

    def load(name: str) -> Secret:
        if name != "grid-token":
            raise ValueError(f"nothing named {name}: tok-7f3a")
        return Secret(value="tok-7f3a")

    monkeypatch.setattr(Secret, "load", load)
    http.say = lambda *_: Answer(200, BODY)
    assert get(type="api", location=http.url("/a.csv"), token="block:grid-token").wrong == ()
    assert http.asked[0][1]["authorization"] == "Bearer tok-7f3a"
    (wrong,) = get(type="api", location=http.url("/a.csv"), token="block:other").wrong
    assert "other" in wrong and "tok-7f3a" not in wrong
