"""The commands as a user runs them: output, errors, exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

from comity.cli.main import app

ARTICLE = """Merkel and Macron meet in Berlin

Published: 12 March 2019

German Chancellor Angela Merkel met French President Emmanuel Macron in Berlin on Monday.
"We will stand together," Merkel said.
"""


def comity(*args: str, stdin: str | bytes = b"", **settings: str) -> subprocess.CompletedProcess[bytes]:
    data = stdin.encode() if isinstance(stdin, str) else stdin
    return subprocess.run(
        [sys.executable, "-m", "comity", *args], input=data, capture_output=True, check=False, env=os.environ | settings
    )


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE)
    return path


def test_json_keeps_the_contract(article: Path) -> None:
    run = comity("read", str(article), "--format", "json", "--quiet")
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    text = found["document"]["text"]
    assert found["document"]["published"] == "2019-03-12"
    (meeting,) = [e for e in found["events"] if (e["type"], e["status"]) == ("CONSULT", "occurred")]
    assert {*meeting["sources"], *meeting["targets"]} == {"DEU", "FRA"}
    assert meeting["status"] == "occurred"
    assert meeting["date"] == {"start": "2019-03-11", "end": "2019-03-11", "precision": "day"}
    assert text[meeting["evidence"]["start"] : meeting["evidence"]["end"]] == meeting["evidence"]["text"]
    assert meeting["place"]["name"] == "Berlin"
    (quote,) = [q for q in found["quotes"] if q["kind"] == "direct"]
    assert quote["speaker"]["name"] == "Angela Merkel"
    assert text[quote["start"] : quote["end"]] == quote["text"]


def test_out_writes_one_file_each(article: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = comity("read", str(article), "--format", "json", "--out", str(out))
    assert run.returncode == 0, run.stderr
    assert [p.name for p in out.iterdir()] == ["article.json"]
    assert json.loads((out / "article.json").read_text())["events"]


@pytest.mark.parametrize("settings", [{}, {"LC_ALL": "C", "PYTHONUTF8": "0"}])
def test_articles_with_names_of_any_bytes(tmp_path: Path, settings: dict[str, str]) -> None:
    folder, out, record = tmp_path / "articles", tmp_path / "out", tmp_path / "record"
    folder.mkdir()
    for name, day in (("\u00dcberall.txt".encode(), "Monday"), (b"caf\xe9.txt", "Sunday")):
        (folder / os.fsdecode(name)).write_text(ARTICLE.replace("Monday", day), encoding="utf-8")
    assert comity("read", str(folder), "--fast", "--out", str(out), **settings).returncode == 0
    assert sorted(os.fsencode(p.name).decode() for p in out.iterdir()) == ["caf\\xe9.json", "\u00dcberall.json"]
    run = comity("read", str(folder), "--fast", "--format", "jsonl", **settings)
    assert [json.loads(line)["document"]["name"] for line in run.stdout.splitlines()] == [
        f"{folder}/caf\\xe9.txt", f"{folder}/\u00dcberall.txt",
    ]  # fmt: skip
    added = comity("add", str(folder), "--record", str(record), "--json", **settings)
    assert added.returncode == 0 and json.loads(added.stdout)["kept"] == 2, added.stderr


def test_standard_input_and_brief() -> None:
    run = comity("read", "-", stdin=ARTICLE)
    assert run.returncode == 0, run.stderr
    brief = run.stdout.decode()
    assert "Germany <-> France" in brief
    assert "occurred" in brief
    assert "We will stand together" in brief


def test_some_are_shown_whole_and_the_others_in_a_line(tmp_path: Path) -> None:
    for name in ("one", "two", "three three"):
        (tmp_path / f"{name}.txt").write_text(ARTICLE)
    paths = [str(tmp_path / f"{name}.txt") for name in ("one", "two", "three three")]
    run = comity("read", *paths, "--whole", "1", "-q")
    assert run.returncode == 0, run.stderr
    brief = run.stdout.decode()
    assert brief.count("occurred") == 1
    *_, second, third = brief.splitlines()
    assert " event" in second and ", 1 quotation " in second and second.endswith(f"comity read {paths[1]}")
    assert third.endswith(f"comity read '{paths[2]}'"), "what stands there can be typed"
    assert comity("read", *paths, "--whole", "1", "--format", "json").returncode == 2


def test_explain_names_the_frame(article: Path) -> None:
    run = comity("read", str(article), "--explain")
    assert b"frame v.meet" in run.stdout


def test_same_input_same_output(article: Path) -> None:
    one, two = (comity("read", str(article), "--format", "json", "-q").stdout for _ in range(2))
    assert one == two


BAD = [
    ("empty.txt", b"", "C101"),
    ("binary.txt", bytes(range(256)) * 40, "C102"),
    ("french.txt", ("Le président a rencontré son homologue allemand à Paris pour parler de la paix. " * 5).encode(),
     "C106"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "code"), BAD)
def test_bad_file_is_named_and_the_run_goes_on(
    article: Path, tmp_path: Path, name: str, data: bytes, code: str
) -> None:
    bad = tmp_path / name
    bad.write_bytes(data)
    run = comity("read", str(bad), str(article), str(tmp_path / "missing.txt"), "--format", "jsonl")
    assert run.returncode == 1
    told = run.stderr.decode()
    assert code in told
    assert name in told
    assert "C107" in told
    assert len(run.stdout.splitlines()) == 1  # the good one was read


def test_deep_page(tmp_path: Path) -> None:
    page = tmp_path / "deep.html"
    page.write_text("<html><body>" + "<div>" * 10_000 + "text" + "</div>" * 10_000 + "</body></html>")
    run = comity("read", str(page))
    assert run.returncode == 1
    assert b"C105" in run.stderr


@pytest.mark.parametrize(
    "args",
    [
        ("read",),
        ("read", "x.txt", "--format", "xml"),
        ("read", "x.txt", "--published", "tomorrow"),
        ("nonsense",),
    ],
)
def test_wrong_usage(args: tuple[str, ...]) -> None:
    run = comity(*args)
    assert run.returncode == 2
    assert run.stderr


def test_any_language(tmp_path: Path) -> None:
    path = tmp_path / "french.txt"
    path.write_bytes(BAD[2][1])
    assert comity("read", str(path), "--any-language", "-q").returncode == 0


def test_dates() -> None:
    line = json.dumps({"text": "They met last Friday.", "published": "2021-12-16"})
    run = comity("dates", stdin=line)
    (found,) = json.loads(run.stdout)["dates"]
    assert found["value"] == "2021-12-10"
    assert found["text"] == "last Friday"


def test_classify() -> None:
    line = json.dumps(
        {"text": "France condemned Russia.", "source": "France", "target": {"start": 17, "end": 23}}
    )
    run = comity("classify", stdin=line)
    found = json.loads(run.stdout)
    assert found["type"] == "ACCUSE"
    assert found["status"] == "occurred"
    assert found["scores"]["ACCUSE"] == max(found["scores"].values())


def test_classify_names_a_span_that_is_not_there() -> None:
    run = comity("classify", stdin=json.dumps({"text": "A b.", "source": "X", "target": "b"}))
    assert run.returncode == 1
    assert json.loads(run.stdout)["error"]["code"] == "C109"


def test_a_terminal_of_ascii_loses_no_data_and_gets_the_brief(article: Path) -> None:
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0"}
    line = json.dumps({"text": "Tõkyō met Lomé ."})
    assert comity("parse", stdin=line, **ascii_only).stdout == comity("parse", stdin=line).stdout
    brief = comity("read", str(article), **ascii_only)
    assert brief.returncode == 0 and brief.stdout.isascii() and b"occurred" in brief.stdout


@pytest.mark.parametrize(("typed", "status"), [("gr\udcc3\udcb6\udcc3\udc9fer", 2), ("larger", None)])
def test_words_that_the_locale_has_no_letters_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str, status: int | None
) -> None:
    main = import_module("comity.cli.main")
    monkeypatch.setattr(main, "app", lambda: "\udcc3".encode())
    monkeypatch.setattr(sys, "argv", ["comity", "reject", "e-1", "--reason", typed])
    with pytest.raises(SystemExit if status else UnicodeEncodeError) as told:
        main.main()
    assert not isinstance(told.value, SystemExit) or told.value.code == status
    assert ("LC_ALL=C.UTF-8" in capsys.readouterr().err) == bool(status)


def test_parse_is_conllu() -> None:
    run = comity("parse", "--pretokenized", stdin=json.dumps({"text": "France met Germany ."}))
    rows = [
        line.split("\t") for line in run.stdout.decode().splitlines() if line and not line.startswith("#")
    ]
    assert [r[1] for r in rows] == ["France", "met", "Germany", "."]
    assert all(len(r) == 10 for r in rows)
    assert [r[6] for r in rows].count("0") == 1


def test_broken_json_line() -> None:
    run = comity("parse", stdin="not json")
    assert run.returncode == 2
    assert b"line 1" in run.stderr


def test_a_bad_line_is_told_and_the_next_are_read() -> None:
    good = json.dumps({"text": "They met last Friday.", "published": "2021-12-16"})
    bad = json.dumps({"text": "They met.", "published": "never"})
    run = comity("dates", stdin="\n".join(["not json", bad, "[]", good]))
    told = [json.loads(line) for line in run.stdout.splitlines()]
    assert run.returncode == 1 and [one.get("error", {}).get("line") for one in told] == [1, 2, 3, None]
    assert {one["error"]["code"] for one in told[:3]} == {"C201"} and told[3]["dates"][0]["value"] == "2021-12-10"


def test_own_actors(tmp_path: Path) -> None:
    table = tmp_path / "actors.csv"
    table.write_text("code,name,kind,aliases,adjectives,capital,leaders\nARN,Arnor,state,,Arnorian,Annuminas,Elrond\n"
                     "GON,Gondor,state,,Gondorian,Minas Tirith,Falastur\n")  # fmt: skip
    run = comity("read", "-", "--format", "json", "-q", "--actors", str(table), "--any-language",
                 stdin="Arnor condemned Gondor on Monday for the raid.")  # fmt: skip
    found = max(json.loads(run.stdout)["events"], key=lambda event: event["confidence"])
    assert (found["type"], found["sources"], found["targets"]) == ("ACCUSE", ["ARN"], ["GON"])


def test_every_command_has_help() -> None:
    for command in ("read", "dates", "classify", "parse", "evaluate", "bench"):
        run = comity(command, "--help")
        assert run.returncode == 0
        assert b"Usage" in run.stdout


def test_endless_text_is_refused_quickly(tmp_path: Path) -> None:
    path = tmp_path / "endless.txt"
    path.write_text("and the minister went on " * 800_000)
    run = comity("read", str(path))
    assert run.returncode == 1
    assert b"C104" in run.stderr


def test_a_command_keeps_to_one_thread_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    from comity.cli.main import main

    monkeypatch.setattr(sys, "argv", ["comity", "--version"])
    for given, then in ((None, "1"), ("4", "4")):
        monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
        if given:
            monkeypatch.setenv("OPENBLAS_NUM_THREADS", given)
        with pytest.raises(SystemExit):
            main()
        assert os.environ["OPENBLAS_NUM_THREADS"] == then
    monkeypatch.delenv("OPENBLAS_NUM_THREADS")


@pytest.mark.parametrize(
    "words",
    [["show", "--limit", "-1"], ["search", "envoy", "--limit", "-1"], ["pledges", "--limit", "-2"],
     ["export", "--as", "csv", "--out", "x.csv", "--limit", "-5"], ["bench", "--repeat", "0"]],
    ids=["show", "search", "pledges", "export", "bench"],
)  # fmt: skip
def test_numbers_below_the_least_are_refused(words: list[str]) -> None:
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 2 and "greater than or equal" in result.output


def test_a_full_disk_is_said_in_one_line(article: Path) -> None:
    if not Path("/dev/full").is_char_device():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run(
            [sys.executable, "-m", "comity", "read", str(article), "--format", "json", "--quiet"],
            stdout=full, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
    assert run.returncode == 1 and b"Traceback" not in run.stderr and b"cannot be written" in run.stderr


def test_another_language_is_named_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "french.txt").write_bytes(BAD[2][1])
    told = comity("read", str(tmp_path / "french.txt")).stderr.decode()
    assert "French (fr)" in told and "--any-language" in told


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("bad.json", b'{"a": '), ("half.json", b"[1,2"), ("one.json", b'{"title": "x"}'), ("rows.csv", b"a,b\n1,2\n"),
        ("lines.jsonl", b'{"text": "x"}\n{"text": "y"}'), ("feed.xml", b"<rss><channel></channel></rss>"),
        ("news.zip", b"PK\x03\x04" + b"x" * 60),
    ],
)  # fmt: skip
def test_what_holds_articles_is_no_article(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    run = comity("read", str(tmp_path / name))
    assert run.returncode == 1
    assert "C130" in run.stderr.decode() and "comity add" in run.stderr.decode()


def test_a_text_about_json_is_a_text(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text('[Reuters] "Russia attacked Ukraine," NATO said on Monday. ' * 3)
    assert comity("read", str(tmp_path / "note.txt")).returncode == 0


def test_nothing_to_measure_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from comity import evaluate
    from comity.errors import NothingToMeasure
    from comity.evaluate import bench

    run = CliRunner().invoke(app, ["evaluate", "--only", "zzz"])
    assert isinstance(run.exception, NothingToMeasure) and "articles" in run.exception.fix
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COMITY_SHARED", raising=False)
    for module in (evaluate, bench):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    for words in (["bench"], ["evaluate", "--shared", str(tmp_path / "none")], ["evaluate", "--json"]):
        assert isinstance(CliRunner().invoke(app, words).exception, NothingToMeasure)
