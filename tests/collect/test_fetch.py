"""Fetching documents of the registry from a real server on this machine, and all that can go wrong on the way."""

import io
import socket
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline.collect import addresses
from pipeline.collect.fetch import fetch
from pipeline.collect.limits import Limits
from pipeline.collect.registry import Entry
from pipeline.collect.sources import check_sources, read_sources
from pipeline.domain.errors import UserError

from .faulty_server import Server, compressed_bomb, drip, drip_header, html, pdf, sha256

PRIVATE = [
    *("10.1.2.3", "127.0.0.1", "0.0.0.0", "169.254.1.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "224.0.0.1"),
    *("255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:192.168.0.1"),
    *("2002:7f00:1::", "64:ff9b::a00:1", "2001:db8::1"),
]
LIMITS = Limits(
    size=2**20, seconds=20, silence=10, tries=3, back_off=0.01, delay=0, private_hosts=frozenset({"127.0.0.1"})
)


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    return tmp_path / "corpus" / "sources.csv"


def entry(address: str, **given: Any) -> Entry:
    cells: dict[str, Any] = {
        "id": "xva-nap-2021",
        "country": "XVA",
        "kind": "nap",
        "title": "Plan de gouvernement ouvert",
        "year": 2021,
        "language": "fr",
        "format": "pdf",
    }
    return Entry(**(cells | {"address": address} | given))


def run(sources: Path, *entries: Entry, again: bool = False, **limits: Any) -> pd.DataFrame:
    return fetch(list(entries), sources, sources.parents[1] / "downloads", replace(LIMITS, **limits), again)


def reason(sources: Path, address: str, **given: Any) -> str:
    """Why the only document at `address` failed; nothing of it may be in the corpus."""
    limits = {name: given.pop(name) for name in list(given) if name in Limits.__dataclass_fields__}
    table = run(sources, entry(address, **given), **limits)
    assert list(table["status"]) == ["failed"]
    assert not sources.exists() and not (sources.parent / "documents").exists()
    told = table["reason"][0]
    assert told and "\n" not in told
    return str(told)


def test_document_enters_the_corpus_with_its_facts_and_checksum(server: Server, sources: Path) -> None:
    body = pdf()
    address = server.file("/plan.pdf", body)
    table = run(sources, entry(address, kind="ai_policy"))
    assert table.to_dict("records") == [
        {
            "id": "xva-nap-2021",
            "address": address,
            "status": "fetched",
            "reason": "",
            "path": "documents/xva-nap-2021.pdf",
            "bytes": str(len(body)),
            "sha256": sha256(body),
        }
    ]
    row = check_sources(sources).to_dict("records")[0]
    assert (row["status"], row["id"], row["address"], row["sha256"]) == ("ok", "xva-nap-2021", address, sha256(body))
    assert (row["country"], row["year"], row["kind"], row["language"]) == ("XVA", "2021", "digital_policy", "fr")
    assert (sources.parent / row["path"]).read_bytes() == body
    assert not list((sources.parents[1] / "downloads").iterdir())


def test_document_of_an_international_body_has_no_country(server: Server, sources: Path) -> None:
    assert list(run(sources, entry(server.file("/plan.pdf", pdf()), country=""))["status"]) == ["fetched"]
    assert list(check_sources(sources)["status"]) == ["ok"]


def test_second_run_asks_nothing(server: Server, sources: Path) -> None:
    one = entry(server.file("/plan.pdf", pdf()))
    run(sources, one)
    before = sources.read_bytes()
    assert list(run(sources, one)["status"]) == ["present"]
    assert server.paths() == ["/plan.pdf"]
    assert sources.read_bytes() == before


def test_failure_does_not_end_the_run(server: Server, sources: Path) -> None:
    gone = entry(server.address + "/gone.pdf", id="xva-gone")
    there = entry(server.file("/there.pdf", pdf()), id="xva-there")
    table = run(sources, gone, there)
    assert list(table["status"]) == ["failed", "fetched"]
    assert "answers 404 Not Found; look the document up" in table["reason"][0]
    assert server.paths() == ["/gone.pdf", "/there.pdf"]  # a 404 is not asked twice


def test_changed_document_is_told_and_not_replaced(server: Server, sources: Path) -> None:
    one = entry(server.file("/plan.pdf", pdf()))
    run(sources, one)
    server.file("/plan.pdf", pdf(41))
    table = run(sources, one, again=True)
    assert list(table["status"]) == ["changed"]
    assert sha256(pdf(41)) in table["reason"][0] and "downloads/xva-nap-2021.pdf" in table["reason"][0]
    assert list(check_sources(sources)["status"]) == ["ok"]
    assert (sources.parent / "documents/xva-nap-2021.pdf").read_bytes() == pdf()


def test_unchanged_document_stays_when_fetched_again(server: Server, sources: Path) -> None:
    one = entry(server.file("/plan.pdf", pdf()))
    run(sources, one)
    assert list(run(sources, one, again=True)["status"]) == ["present"]
    assert len(server.requests) == 2


def test_lost_file_comes_back_only_if_it_is_the_same(server: Server, sources: Path) -> None:
    one = entry(server.file("/plan.pdf", pdf()))
    run(sources, one)
    file = sources.parent / "documents/xva-nap-2021.pdf"
    file.unlink()
    assert list(run(sources, one)["status"]) == ["fetched"]
    assert file.read_bytes() == pdf()
    file.unlink()
    server.file("/plan.pdf", pdf(41))
    assert list(run(sources, one)["status"]) == ["changed"]
    assert not file.exists()


def test_file_edited_in_the_corpus_is_told(server: Server, sources: Path) -> None:
    one = entry(server.file("/plan.pdf", pdf()))
    run(sources, one)
    (sources.parent / "documents/xva-nap-2021.pdf").write_bytes(pdf(3))
    table = run(sources, one)
    assert list(table["status"]) == ["changed"] and "restore or delete" in table["reason"][0]
    assert len(server.requests) == 1


def test_cut_download_continues_where_it_broke(server: Server, sources: Path) -> None:
    body = pdf(4000)
    one = entry(server.resumable("/plan.pdf", body, 100_000, ['"v1"']))
    assert list(run(sources, one)["status"]) == ["fetched"]
    assert server.requests[1][2]["Range"] == "bytes=100000-"
    assert (sources.parent / "documents/xva-nap-2021.pdf").read_bytes() == body


def test_next_run_continues_what_the_last_one_left(server: Server, sources: Path) -> None:
    body = pdf(4000)
    one = entry(server.resumable("/plan.pdf", body, 100_000, ['"v1"']))
    assert list(run(sources, one, tries=1)["status"]) == ["failed"]
    assert list(run(sources, one, tries=1)["status"]) == ["fetched"]
    assert server.requests[1][2]["Range"] == "bytes=100000-"
    assert (sources.parent / "documents/xva-nap-2021.pdf").read_bytes() == body


def test_other_version_is_not_glued_to_the_first_half(server: Server, sources: Path) -> None:
    body = pdf(4000)
    one = entry(server.resumable("/plan.pdf", body, 100_000, ['"v1"', '"v2"']))
    assert list(run(sources, one)["status"]) == ["fetched"]
    assert server.requests[1][2]["If-Range"] == '"v1"'
    assert (sources.parent / "documents/xva-nap-2021.pdf").read_bytes() == body


def test_weak_mark_is_no_ground_to_continue(server: Server, sources: Path) -> None:
    body = pdf(4000)
    one = entry(server.resumable("/plan.pdf", body, 100_000, ['W/"v1"']))
    assert list(run(sources, one)["status"]) == ["fetched"]
    assert "Range" not in server.requests[1][2]
    assert (sources.parent / "documents/xva-nap-2021.pdf").read_bytes() == body


def test_server_that_lies_about_ranges_is_asked_from_the_start(server: Server, sources: Path) -> None:
    body = pdf(4000)
    half = len(body) // 2

    def cut(handler: Any) -> None:
        handler.start(200, len(body), ETag='"v1"')
        handler.wfile.write(body[:half])

    address = server.answers(
        "/plan.pdf",
        cut,
        lambda handler: handler.reply(206, body[7:], ETag='"v1"', Content_Range=f"bytes 7-{len(body) - 1}/{len(body)}"),
        lambda handler: handler.reply(200, body),
    )
    assert list(run(sources, entry(address))["status"]) == ["fetched"]
    assert (sources.parent / "documents/xva-nap-2021.pdf").read_bytes() == body


def test_server_that_always_cuts_is_given_up(server: Server, sources: Path) -> None:
    def cut(handler: Any) -> None:
        handler.start(200, 10_000)
        handler.wfile.write(b"%PDF-1.4 half")

    told = reason(sources, server.route("/plan.pdf", cut))
    assert told == "127.0.0.1 broke the connection off (tried 3 times); run the command again later"
    assert len(server.requests) == 3


def test_pdf_without_its_end_is_refused(server: Server, sources: Path) -> None:
    def close_early(handler: Any) -> None:
        handler.start(200, None)  # no length: the end of the connection is the end of the file
        handler.wfile.write(pdf()[:500])

    assert "cut off" in reason(sources, server.route("/plan.pdf", close_early))


@pytest.mark.parametrize("serve", [drip, drip_header])
def test_slow_server_is_left_at_the_time_cap(serve: Any, server: Server, sources: Path) -> None:
    address = server.route("/plan.pdf", serve(30))
    begin = time.monotonic()
    assert "took longer than 1 seconds" in reason(sources, address, seconds=1)
    assert time.monotonic() - begin < 15
    assert len(server.requests) == 1


def test_silent_server_is_tried_again(server: Server, sources: Path) -> None:
    address = server.answers("/plan.pdf", lambda handler: time.sleep(2), lambda handler: handler.reply(200, pdf()))
    assert list(run(sources, entry(address), silence=0.5)["status"]) == ["fetched"]


def test_nobody_listens(sources: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/plan.pdf"
    assert "no connection to 127.0.0.1 (tried 3 times)" in reason(sources, address)


def test_wrong_type_is_refused_before_the_body(server: Server, sources: Path) -> None:
    assert "sends text/html instead of PDF" in reason(sources, server.file("/plan.pdf", html(), "text/html; charset=x"))


@pytest.mark.parametrize(
    ("body", "form", "kind", "told"),
    [
        (html(), "pdf", "application/pdf", "an HTML page"),
        (html(), "csv", "text/csv", "an HTML page instead of CSV"),
        (pdf(), "html", "text/html", "PDF instead of HTML"),
        (pdf(), "docx", "application/octet-stream", "PDF instead of DOCX"),
        (b"PK\x03\x04 cut off", "docx", "application/zip", "damaged archive"),
        (b"", "pdf", "application/pdf", "empty"),
    ],
)
def test_bytes_decide(body: bytes, form: str, kind: str, told: str, server: Server, sources: Path) -> None:
    assert told in reason(sources, server.file("/plan", body, kind), format=form)


@pytest.mark.parametrize(
    ("body", "form", "kind"), [(html(), "html", "text/html"), (b"title,text\nA,B\n", "csv", "text/csv; charset=utf-8")]
)
def test_other_formats_are_fetched(body: bytes, form: str, kind: str, server: Server, sources: Path) -> None:
    table = run(sources, entry(server.file("/plan", body, kind), format=form))
    assert list(table["path"]) == [f"documents/xva-nap-2021.{form}"]


def test_office_bomb_is_refused(server: Server, sources: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w/>" + b" " * (130 * 2**20))
    assert "too large to read safely" in reason(
        sources, server.file("/plan.docx", made.getvalue(), "application/zip"), format="docx"
    )


def test_announced_size_over_the_cap(server: Server, sources: Path) -> None:
    told = reason(sources, server.file("/plan.pdf", pdf(20_000)))
    assert told.startswith("is larger than 1 MiB; raise --size-limit")


def test_endless_body_stops_at_the_size_cap(server: Server, sources: Path) -> None:
    sent = []

    def endless(handler: Any) -> None:
        handler.start(200, None)
        for _ in range(1000):
            handler.wfile.write(b"%PDF-" * 20_000)
            sent.append(100_000)

    assert "larger than 1 MiB" in reason(sources, server.route("/plan.pdf", endless))
    time.sleep(0.2)
    assert sum(sent) < 50_000_000
    assert not list((sources.parents[1] / "downloads").iterdir())


def test_compressed_bomb_stops_at_the_size_cap(server: Server, sources: Path) -> None:
    address = server.file("/plan.pdf", compressed_bomb(64), Content_Encoding="gzip")
    assert "larger than 1 MiB" in reason(sources, address)


def test_compressed_though_asked_not_to(server: Server, sources: Path) -> None:
    import gzip

    address = server.file("/plan.pdf", gzip.compress(pdf(400)), Content_Encoding="gzip")
    assert list(run(sources, entry(address))["status"]) == ["fetched"]
    assert server.requests[0][2]["Accept-Encoding"] == "identity"
    assert (sources.parent / "documents/xva-nap-2021.pdf").read_bytes() == pdf(400)


def test_unknown_and_damaged_compression(server: Server, sources: Path) -> None:
    assert "compressed (br)" in reason(sources, server.file("/a.pdf", pdf(), Content_Encoding="br"))
    assert "damaged compressed data" in reason(sources, server.file("/b.pdf", pdf(), Content_Encoding="gzip"))


def test_too_many_requests_waits_as_asked(server: Server, sources: Path) -> None:
    address = server.answers(
        "/plan.pdf",
        lambda handler: handler.reply(429, Retry_After=1),
        lambda handler: handler.reply(200, pdf()),
    )
    assert list(run(sources, entry(address))["status"]) == ["fetched"]
    first, second = (moment for moment, _, _ in server.requests)
    assert 1.0 <= second - first < 8


def test_host_that_asks_for_an_hour_is_left_alone_in_this_run(server: Server, sources: Path) -> None:
    busy = entry(server.route("/busy.pdf", lambda handler: handler.reply(503, Retry_After=3600)), id="xva-busy")
    other = entry(server.file("/other.pdf", pdf()), id="xva-other")
    table = run(sources, busy, other)
    assert list(table["status"]) == ["failed", "failed"]
    assert all("asks to be left alone for 3600 seconds" in told for told in table["reason"])
    assert server.paths() == ["/busy.pdf"]


def test_back_off_doubles(server: Server, sources: Path) -> None:
    told = reason(sources, server.route("/plan.pdf", lambda handler: handler.reply(500)), back_off=0.4)
    assert "127.0.0.1 answers 500 Internal Server Error (tried 3 times)" in told
    first, second, third = (moment for moment, _, _ in server.requests)
    assert second - first >= 0.4 and third - second >= 0.8


def test_requests_to_one_host_keep_their_distance(server: Server, sources: Path) -> None:
    entries = [entry(server.file(f"/{number}.pdf", pdf(40 + number)), id=f"xva-plan-{number}") for number in range(3)]
    run(sources, *entries, delay=0.3)
    moments = [moment for moment, _, _ in server.requests]
    assert all(later - earlier >= 0.28 for earlier, later in zip(moments, moments[1:], strict=False))


def test_redirect_is_followed(server: Server, sources: Path) -> None:
    server.file("/new/plan.pdf", pdf())
    address = server.redirect("/old.pdf", "new/plan.pdf")
    assert list(run(sources, entry(address))["status"]) == ["fetched"]
    assert list(read_sources(sources)["address"]) == [address]


def test_redirects_in_a_circle(server: Server, sources: Path) -> None:
    server.redirect("/b", "/a")
    assert "redirects in a circle" in reason(sources, server.redirect("/a", "/b"))
    assert server.paths() == ["/a", "/b"]


def test_endless_redirects(server: Server, sources: Path) -> None:
    for number in range(20):
        server.redirect(f"/{number}", f"/{number + 1}")
    assert "redirects more than 10 times" in reason(sources, server.address + "/0")
    assert len(server.requests) == 11


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("file:///etc/hostname", "leads to file, not to http or https"),
        ("http:////3lf4].", "redirects to an address that cannot be read"),
        ("http://@//:f5[]9/", "redirects to an address that cannot be read"),
        ("http://host:port/", "redirects to an address that cannot be read"),
        ("ftp://127.0.0.1/plan.pdf", "leads to ftp, not to http or https"),
        ("http://name:word@127.0.0.1/plan.pdf", "user name"),
        ("http://localhost/plan.pdf", "localhost is an address of this machine or of a private network"),
        ("http://[::1]/plan.pdf", "private network"),
        ("http://169.254.169.254/latest", "private network"),
        ("http://[::ffff:10.0.0.1]/", "private network"),
        ("http://0x7f000001/", "private network"),
    ],
)
def test_redirect_to_where_it_may_not_lead(location: str, told: str, server: Server, sources: Path) -> None:
    assert told in reason(sources, server.redirect("/plan.pdf", location))
    assert server.paths() == ["/plan.pdf"]


def test_this_machine_is_refused_unless_allowed(server: Server, sources: Path) -> None:
    assert "refused" in reason(sources, server.file("/plan.pdf", pdf()), private_hosts=frozenset())
    assert server.requests == []


@pytest.mark.parametrize(
    "address",
    PRIVATE,
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not addresses.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "193.0.6.139", "2001:67c:2e8::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses(address: str) -> None:
    assert addresses.is_public(address)


def names(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Lets every name resolve to `answers`; gives the list of names that were asked for."""
    asked = []

    def resolver(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answer, port)) for answer in answers]

    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, port, *given, **named: (
            resolver(host, port) if host.endswith(".example") else real(host, port, *given, **named)
        ),
    )
    return asked


def test_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch, sources: Path) -> None:
    names(monkeypatch, "93.184.216.34", "127.0.0.1")
    assert "plans.example is an address of this machine" in reason(sources, "http://plans.example/plan.pdf")


def test_name_is_resolved_once_and_sent_on(monkeypatch: pytest.MonkeyPatch, server: Server, sources: Path) -> None:
    server.file("/plan.pdf", pdf())
    asked = names(monkeypatch, "127.0.0.1")
    address = server.address.replace("127.0.0.1", "plans.example") + "/plan.pdf"
    table = run(sources, entry(address), private_hosts=frozenset({"plans.example"}))
    assert list(table["status"]) == ["fetched"]
    assert asked == ["plans.example"]
    assert server.requests[0][2]["Host"].startswith("plans.example:")


def test_unknown_name(monkeypatch: pytest.MonkeyPatch, sources: Path) -> None:
    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "the name plans.example cannot be resolved" in reason(sources, "http://plans.example/plan.pdf")


@pytest.mark.parametrize("language", ["sr", "zh", "uk"])
def test_a_language_outside_the_codebook_does_not_stop_a_download(server: Server, sources: Path, language: str) -> None:
    table = run(sources, entry(server.file("/plan.pdf", pdf()), language=language))
    assert table["status"].tolist() == ["fetched"] and table["reason"].tolist() == [""]
    checked = check_sources(sources)
    assert checked["language"].tolist() == [language] and checked["status"].tolist() == ["ok"]


def test_a_language_that_is_no_code_is_told(server: Server, sources: Path) -> None:
    assert "language 'serbian' is unknown" in reason(sources, server.file("/plan.pdf", pdf()), language="serbian")


def test_same_document_under_two_addresses_is_listed_once(server: Server, sources: Path) -> None:
    first = entry(server.file("/a.pdf", pdf()), id="xva-a")
    second = entry(server.file("/b.pdf", pdf()), id="xva-b")
    table = run(sources, first, second)
    assert list(table["status"]) == ["fetched", "failed"]
    assert "is already listed as 'xva-a'" in table["reason"][1]


def test_folder_that_cannot_be_made(server: Server, sources: Path) -> None:
    (sources.parents[1] / "downloads").write_text("in the way")
    with pytest.raises(UserError, match="downloads: .*then run again"):
        run(sources, entry(server.file("/plan.pdf", pdf())))


def test_command_lists_failures_and_exits_with_one(
    monkeypatch: pytest.MonkeyPatch, server: Server, tmp_path: Path
) -> None:
    from pipeline.commands import app

    monkeypatch.chdir(tmp_path)
    rows = [
        f"xva-nap-2021,XVA,nap,Plan,2021,fr,pdf,{server.file('/plan.pdf', pdf())}",
        f"xva-nap-2022,XVA,nap,Plan,2022,fr,pdf,{server.address}/gone.pdf",
        f"xvb-ai-2022,XVB,ai_policy,Strategy,2022,en,pdf,{server.address}/never.pdf",
    ]
    Path("registry.csv").write_text("id,country,kind,title,year,language,format,address\n" + "\n".join(rows) + "\n")
    options = ["--registry", "registry.csv", "--allow-private-host", "127.0.0.1", "--delay", "0", "--country", "xva"]
    listed = CliRunner().invoke(app, ["fetch", *options, "--year", "2022", "--dry-run"])
    assert listed.exit_code == 0 and listed.output == f"xva-nap-2022\t{server.address}/gone.pdf\n"
    result = CliRunner().invoke(app, ["fetch", *options])
    assert result.exit_code == 1
    assert "1 failed, 1 fetched" in result.output and "xva-nap-2022: 127.0.0.1 answers 404" in result.output
    table = pd.read_csv("data/fetched.csv", keep_default_na=False)
    assert list(table["status"]) == ["fetched", "failed"]
    assert list(read_sources(Path("corpus/sources.csv"))["id"]) == ["xva-nap-2021"]
    again = CliRunner().invoke(app, ["fetch", *options, "--year", "2021"])
    assert again.exit_code == 0 and "1 present" in again.output
