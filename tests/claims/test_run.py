"""`archcalc verify` as people call it: what it finds, prints and ends with."""

from __future__ import annotations

import json
import os
import re
import xml.etree.ElementTree as Xml
from pathlib import Path

import pytest

from archcalc.claims.formats import FORMATS
from archcalc.cli.verify import FormatName
from tests.claims.claims_files import file_of
from tests.conftest import Run

RIGHT = "{network: vgg16, quantity: params, printed: '138,357,544', verdict: exact}"
WRONG = "{id: total, network: vgg16, quantity: params, printed: '138,423,208', at: table 2}"
BROKEN = "{network: vgg16, of: pool9, quantity: params, printed: 65664}"
BUDGET = "{network: mobilenet_v1, quantity: params, at_most: 5M}"


@pytest.fixture
def paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Write claims into paper.yaml of an empty folder, which becomes the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)

    def write(*claims: str) -> Path:
        path = tmp_path / "paper.yaml"
        path.write_text(file_of(*claims), encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(("claims", "status"), [
    ([RIGHT], 0), ([RIGHT, BUDGET], 0), ([RIGHT, WRONG], 1), ([RIGHT, BROKEN], 2), ([WRONG, BROKEN], 2),
    (["{network: mobilenet_v1, quantity: params, at_most: 4M}"], 1),
    (["{network: mobilenet_v1, quantity: params, at_least: 4M}"], 0),
])  # fmt: skip
def test_exit_status(run: Run, paper, claims: list[str], status: int) -> None:
    paper(*claims)
    assert run("verify", "paper.yaml").status == run("verify").status == run("verify", ".").status == status


def test_a_failure_shows_what_is_needed(run: Run, paper) -> None:
    paper(RIGHT, WRONG)
    out = run("verify").out
    assert "paper.yaml:5:60: error[ARC450] total: is 65,664 more than the computed value (0.05%)" in out
    caret, line = (next(at for at, text in enumerate(out.splitlines()) if part in text) for part in ("^^^", WRONG[:20]))
    lines = out.splitlines()
    assert lines[caret].index("^") == lines[line].index("'138,423,208'")
    assert "printed   138,423,208 (a paper, table 2)" in out
    assert "computed  138,357,544 (vgg16: params)" in out
    assert "would match if: pool2 (max_pool): charged as a convolution with bias" in out
    assert out.splitlines()[-1] == "2 claims: 1 hold (1 exact), 1 fail"


# Every way a claims file can be malformed, with what is said about it.
MALFORMED = [
    ("{network: vgg16, quantity: params, printed: apples}", "ARC410", "is not a figure"),
    ("{network: vgg16, quantity: parms, printed: 1}", "ARC430", "did you mean params"),
    ("{network: vgg61, quantity: params, printed: 1}", "ARC101", "did you mean vgg16?"),
    ("{quantity: params, printed: 1}", "ARC407", "names no network"),
    ("{network: vgg16, printed: 1}", "ARC407", "names no quantity"),
    ("{network: vgg16, quantity: params}", "ARC404", "exactly one of printed"),
    ("{network: vgg16, quantity: params, printed: 1, at_most: 2}", "ARC404", "exactly one of printed"),
    ("{network: vgg16, quantity: params, printed: 1, verdict: exactly}", "ARC408", "did you mean exact"),
    ("{network: vgg16, quantity: params, printed: 1, figures: many}", "ARC409", "significant digits"),
    ("{network: vgg16, quantity: params, printed: 1, qantity: x}", "ARC414", "did you mean quantity"),
    ("{network: vgg16, quantity: params, printed: 1, where: {alpha: 1}}", "ARC137", "no variable alpha"),
    ("{network: vgg16, quantity: params, printed: 1, where: {input: big}}", "ARC415", "input: 3x160x160"),
    ("{network: vgg16, quantity: params, printed: 1, where: 3}", "ARC413", "where is a mapping"),
    ("{network: vgg16, quantity: params, printed: 1, convention: mine}", "ARC150", "no convention mine"),
    ("{network: vgg16, quantity: params, printed: 1, where: {input: 3x4x4}}", "ARC203", "the window must fit"),
    ("{network: vgg16, quantity: output, at_most: 3}", "ARC430", "a bound is about one number"),
    ("{network: vgg16, quantity: params, printed: 138,357,544}", "ARC128", "put quotes around 138,357,544"),
    ("{network: vgg16, printed: 138,357 K, quantity: params}", "ARC128", "put quotes around 138,357 K"),
    ("{quantity: params, network: vgg16, at_most: 1,5 M}", "ARC128", "write 1.5 M, with a point"),
    ("{network: vgg16, rows: [a], columns: [b], table: {a: 1}}", "ARC413", "a table is a text"),
    ("{network: vgg16, rows: [a], columns: [b], table: [1]}", "ARC413", "a table is a text"),
    ("{network: vgg16, quantity: params, printed: 1, changed: {fc6: 5}}", "ARC413", "a mapping of fields to values"),
    ("{network: vgg16, quantity: params, printed: 1, changed: {fc6: {op: [1]}}}", "ARC430", "there is no layer kind"),
    ("{network: vgg16, quantity: params, printed: 1, changed: {fc6: {out_features: {a: 1}}}}", "ARC413", "a value is a number"),
    ("just text", "ARC413", "a claim is a mapping"),
    ("{network: vgg16, quantity: params, prnted: 1}", "ARC414", "did you mean printed"),
]


@pytest.mark.parametrize(("claim", "code", "part"), MALFORMED)
def test_bad_input_is_told_at_its_place_and_the_rest_is_checked(run: Run, paper, claim: str, code: str, part: str) -> None:
    paper(claim, RIGHT)
    result = run("verify", "paper.yaml")
    assert result.status == 2
    assert result.err.startswith("paper.yaml:4:")
    assert f"error[{code}]" in result.err
    assert part in result.err
    assert result.err.count("error[") == 1  # one mistake, one problem
    assert "ok      exact" in result.out


def test_files_that_are_no_claims(run: Run, paper, tmp_path: Path) -> None:
    assert run("verify", "nothing.yaml").status == 2
    assert run("verify").status == 2  # an empty folder
    assert run("verify", "--allow-empty").status == 0
    (tmp_path / "broken.yaml").write_text("archcalc-claims: 1\nclaims: [{", encoding="utf-8")
    result = run("verify")
    assert result.status == 2
    assert "broken.yaml:" in result.err
    (tmp_path / "broken.yaml").write_text("archcalc-claims: 2\ntitle: x\nclaims: []\n", encoding="utf-8")
    assert "ARC401" in run("verify").err


def test_foreign_files_among_several(run: Run, paper, tmp_path: Path) -> None:
    """Left out in silence, as in a folder; a single file that is named is meant."""
    paper(RIGHT)
    (tmp_path / "ci.yml").write_text("name: ci\nclaims: [sub]\n", encoding="utf-8")
    (tmp_path / "two.yaml").write_text("a: 1\n---\nb: 2\n", encoding="utf-8")
    (tmp_path / "claims.json.yaml").write_text(
        '{\n  "archcalc-claims": 1,\n  "claims":[{"network": "vgg16", "quantity": "params", "printed": "138 M"}]}',
        encoding="utf-8",
    )
    for names in (["paper.yaml", "ci.yml", "two.yaml", "claims.json.yaml"], ["."], []):
        result = run("verify", *names)
        assert (result.status, result.err) == (0, "")
        assert "2 claims: 2 hold" in result.out
    for name, code in (("ci.yml", "ARC401"), ("two.yaml", "ARC106")):
        result = run("verify", name)
        assert result.status == 2
        assert code in result.err
    (tmp_path / "pyproject.toml").write_text('[tool.archcalc]\nclaims = ["paper.yaml", "ci.yml"]\n', encoding="utf-8")
    assert "ARC401" in run("verify").err  # the project means it


def test_pipes_are_read_only_where_the_command_names_them(run: Run, paper, tmp_path: Path) -> None:
    """A pipe that nobody writes to would be waited for without end: not where a claim, a project or a folder has it."""
    os.mkfifo(tmp_path / "pipe.yaml")
    where = "pipe.yaml:1:1: error[ARC103] cannot be read: it is a pipe or a device"
    done = run("verify", str(paper(RIGHT, "{network: pipe.yaml, quantity: params, printed: 4}")))
    assert (done.status, "1 hold" in done.out, where in done.err) == (2, True, True)
    done = run("verify", str(paper("{network: '-', quantity: params, printed: 4}")))
    assert "there is no file - and no network" in done.err
    done = run("verify", str(tmp_path))
    assert where in done.err
    (tmp_path / "pyproject.toml").write_text("[tool.archcalc]\nclaims = ['pipe.yaml']\n")
    assert where in run("verify").err


def test_names_of_the_literature(run: Run, paper) -> None:
    assert "(the lecture)" in run.ok("verify", "lecture")
    assert "LeCun" in run.ok("verify", "lenet5")
    assert "did you mean lecture" in run("verify", "lectur").err
    assert re.search(r"1,?\d\d\d claims", run.ok("verify", "--zoo"))


def test_claims_in_a_networks_own_file(run: Run, paper, tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(
        "archcalc: 1\nname: Tiny\ninput: {shape: [1, 4, 4]}\nlayers:\n  - {id: c, op: conv, out_channels: 2, kernel_size: 3}\n"
        "claims:\n  - {quantity: params, printed: 20, verdict: exact}\n  - {of: c, quantity: output, printed: 2×2×2}\n",
        encoding="utf-8",
    )
    assert "2 claims: 2 hold" in run.ok("verify")
    assert "Tiny prints 20: exact" in run.ok("params", "net.yaml")
    # A description that extends it has no layers of its own, and its claims are its own: 3·3·1·2 + 2 = 20.
    (tmp_path / "wide.yaml").write_text("archcalc: 1\nextends: net.yaml\nclaims: [{quantity: params, printed: 20}]\n", "utf-8")
    assert "1 claim: 1 hold" in run.ok("verify", "wide.yaml")
    assert "prints 20: exact" in run.ok("params", "wide.yaml")
    (tmp_path / "wide.yaml").write_text("archcalc: 1\nextends: net.yaml\nclaims: [{quantity: params, printed: 21}]\n", "utf-8")
    failed = run("verify", "wide.yaml")
    assert failed.status == 1
    assert "1 claim: 0 hold, 1 fail" in failed.out


def test_a_projects_settings(run: Run, paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paper(WRONG)
    (tmp_path / "good").mkdir()
    (tmp_path / "good" / "claims.yaml").write_text(file_of(RIGHT), encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text('[tool.archcalc]\nclaims = ["good"]\n', encoding="utf-8")
    assert "1 claim: 1 hold" in run.ok("verify")
    monkeypatch.chdir(tmp_path / "good")
    assert "1 claim: 1 hold" in run.ok("verify")
    (tmp_path / "pyproject.toml").write_text("[tool.archcalc]\nclaims = 3\n", encoding="utf-8")
    assert "is a list of files and folders" in run("verify").err


def test_every_format_has_a_file() -> None:
    """The words of `--format` are the names of the files."""
    assert sorted(FormatName) == list(FORMATS.names)


def test_json(run: Run, paper) -> None:
    paper(RIGHT, WRONG, BROKEN)
    data = json.loads(run("verify", "-f", "json").out)
    assert data["schema"] == 1
    assert [one["status"] for one in data["claims"]] == ["holds", "fails", "broken"]
    wrong = data["claims"][1]
    assert (wrong["value"], wrong["computed"], wrong["difference"]) == (138_423_208, 138_357_544, 65_664)
    assert (wrong["path"], wrong["line"], wrong["id"]) == ("paper.yaml", 5, "total")
    assert data["problems"][0]["code"] == "ARC430"
    assert data["summary"]["fails"] == 1


BROKEN_NETWORK = """
archcalc: 1
input: {shape: [3, 8, 8]}
layers:
  - {id: a, op: convv, out_channels: 3}
"""
OF_IT = "{network: nets/bad, quantity: params, printed: 3}"


@pytest.fixture
def repository(paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A repository whose network is broken, with three claims about it, two of which call it by other names; one of its
    folders is the working folder.
    """
    (tmp_path / ".git").mkdir()
    (tmp_path / "nets").mkdir()
    (tmp_path / "nets" / "bad.yaml").write_text(BROKEN_NETWORK, encoding="utf-8")
    others = (OF_IT.replace("nets/bad", name) for name in ("nets/bad.yaml", "./nets/../nets/bad"))
    paper(RIGHT, OF_IT, *others, WRONG, BROKEN, "{network: nosuch, quantity: params, printed: 3}", "{network: vgg16}")
    monkeypatch.chdir(tmp_path / "nets")
    return tmp_path


def cases(run: Run, path: str) -> Xml.Element:
    root = Xml.fromstring(run("verify", path, "-f", "junit").out.split("\n", 1)[1])
    (suite,) = root
    for element in (root, suite):
        assert int(element.get("tests", "")) == len(suite)
        assert int(element.get("failures", "")) == sum(case.find("failure") is not None for case in suite)
        assert int(element.get("errors", "")) == sum(case.find("error") is not None for case in suite)
    return suite


def test_junit(run: Run, paper) -> None:
    """A case for each claim; one that cannot be computed is an error, and no case of its own beside it."""
    paper(RIGHT, WRONG, BROKEN)
    suite = cases(run, "paper.yaml")
    assert [[element.tag for element in case] for case in suite] == [[], ["failure"], ["error"]]
    failure, error = suite[1][0], suite[2][0]
    assert "computed  138,357,544" in (failure.text or "")
    assert "no layer pool9" in error.get("message", "")
    assert "error[ARC430]" in (error.text or "")


def test_junit_of_a_broken_network(run: Run, repository: Path) -> None:
    """Its problem has a case, as it is at its own place; each claim about it is an error, and so is one that is malformed."""
    suite = cases(run, "../paper.yaml")
    errors = [error.get("message") for case in suite if (error := case.find("error")) is not None]
    assert errors.count("not verified because ../nets/bad.yaml is broken") == 3
    assert errors.count("not verified because there is no network nosuch") == 1
    assert [case.get("file") for case in suite[7:]] == ["paper.yaml", "nets/bad.yaml"]
    assert suite[8].get("name") == "ARC118"
    assert len(suite) == 9


MALFORMED_CLAIMS = [
    "{network: vgg16, quantity: params, printd: 138 M}",
    "{network: vgg16, quantity: params, printed: 138 M, at_most: 140 M}",
    "{network: vgg16, quantity: params, printed: 138.4 MB}",
    '{network: vgg16, quantity: params, printed: "138,4 M"}',
    "{network: vgg61, quantity: params, printed: 138 M}",
]


@pytest.mark.parametrize("format", ["text", "concise", "markdown", "github", "json"])
def test_a_malformed_claim_counts_as_one(run: Run, paper, format: str) -> None:
    paper(RIGHT, *MALFORMED_CLAIMS)
    result = run("verify", "paper.yaml", "-f", format)
    assert result.status == 2
    assert "6 claims: 1 hold (1 exact), 0 fail, 1 cannot be computed, 4 malformed" in result.out


def test_a_malformed_claim_has_its_line(run: Run, paper) -> None:
    paper(RIGHT, *MALFORMED_CLAIMS)
    table = run("verify", "paper.yaml", "-f", "markdown").out
    assert table.count("| ERROR |") == 5
    assert "| ERROR | vgg16: params (line 8) | 138,4 M |  | 138,4 is no English figure" in table
    text = run("verify", "paper.yaml").out
    assert text.count("ERROR ") == 5
    assert "138.4 MB; '138.4 MB' is no figure of params" in text


def test_junit_has_one_case_for_each_claim(run: Run, paper) -> None:
    paper(RIGHT, *MALFORMED_CLAIMS)
    suite = cases(run, "paper.yaml")
    assert len(suite) == 6
    assert sum(case.find("error") is not None for case in suite) == 5
    assert len({case.get("name") for case in suite}) == 6


def test_a_malformed_mark_counts_as_one(run: Run, written) -> None:
    path = written(
        "<!-- archcalc: vgg16 params -->many<!-- /archcalc --> <!-- archcalc: vgg16 params -->138 M<!-- /archcalc -->", "t.md"
    )
    result = run("verify", path)
    assert "2 claims: 1 hold (1 rounded), 0 fail, 1 malformed" in result.out
    assert "vgg16 params: many; " in result.out


def test_claims_that_look_alike_have_their_lines(run: Run, paper) -> None:
    paper("{network: vgg16, quantity: params, printed: 138 M}", "{network: vgg16, quantity: params, printed: 138 M}", RIGHT)
    lines = run.ok("verify", "paper.yaml").splitlines()
    assert lines[1].endswith("computed 138,357,544 (line 4)")
    assert lines[2].endswith("computed 138,357,544 (line 5)")
    assert "line" not in lines[3]


@pytest.mark.parametrize("format", ["text", "concise", "json", "markdown", "github", "sarif", "junit"])
def test_a_broken_network_is_reported_once(run: Run, repository: Path, format: str) -> None:
    result = run("verify", "../paper.yaml", "-f", format)
    assert result.status == 2
    assert result.err.count("there is no layer kind or block convv") == 1
    assert "../nets/bad.yaml:5:17: error[ARC118]" in result.err
    assert result.out.count("there is no layer kind or block convv") == {"text": 0, "concise": 0, "markdown": 0}.get(
        format, 2 if format == "junit" else 1  # as a message and as a text
    )  # fmt: skip
    assert "at archcalc" not in result.err + result.out
    if format in ("text", "concise", "github"):
        assert "8 claims: 1 hold (1 exact), 1 fail, 5 cannot be computed, 1 malformed" in result.out


def test_annotations_name_the_file_that_is_wrong(run: Run, repository: Path) -> None:
    github = run("verify", "../paper.yaml", "-f", "github").out.splitlines()
    assert github[0].startswith("::error file=nets/bad.yaml,line=5,col=17,title=archcalc ARC118::")
    assert {line.split(",")[0] for line in github[1:-1]} == {"::error file=paper.yaml"}
    sarif = json.loads(run("verify", "../paper.yaml", "-f", "sarif").out)["runs"][0]
    places = [result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in sarif["results"]]
    assert places == ["nets/bad.yaml", *["paper.yaml"] * (len(places) - 1)]
    titles = {rule["id"]: rule["shortDescription"]["text"] for rule in sarif["tool"]["driver"]["rules"]}
    assert titles["ARC118"] == "Unknown layer kind or block"
    assert "http" not in json.dumps(sarif)


def test_a_setting_that_does_not_fit_is_a_fault_of_its_claim(run: Run, paper) -> None:
    """The network itself is sound."""
    small = "{network: vgg16, quantity: params, printed: 1, where: {input: 3x4x4}}"
    paper(small, small, RIGHT)
    err = run("verify").err
    assert [line.partition(": ")[0] for line in err.splitlines() if "error[ARC203]" in line] == [
        "paper.yaml:4:49",
        "paper.yaml:5:49",
    ]


def test_a_variable_may_be_a_list(run: Run, paper, tmp_path: Path) -> None:
    """Each number of the list is a dense layer: 4·3 + 3 and 3·2 + 2 parameters."""
    layers = "[{op: linear, repeat: len(widths), out_features: 'widths[copy-1]'}]"
    network = f"archcalc: 1\nvariables: {{widths: [5]}}\ninput: {{shape: [4]}}\nlayers: {layers}\n"
    (tmp_path / "net.yaml").write_text(network, encoding="utf-8")
    right = "{network: net, quantity: params, printed: 23, where: {widths: [3, 2]}}"
    cause = "{where: {widths: [3, 2]}}"
    paper(right, f"{{network: net, quantity: params, printed: 23, erratum: {cause}}}")
    out = run("verify", "paper.yaml").out
    assert "ok      exact       net (widths [3, 2]): params: 23" in out
    assert "with widths = [3, 2] it is 23" in out


def test_sarif(run: Run, paper) -> None:
    paper(RIGHT, WRONG)
    result = json.loads(run("verify", "-f", "sarif").out)["runs"][0]["results"]
    assert len(result) == 1  # defects only
    place = result[0]["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("paper.yaml", 5)


def test_github(run: Run, paper, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chosen by itself in GitHub's CI; at most ten, the furthest off first; text escaped."""
    claims = [f"{{id: 'a,b:c%{n}', network: vgg16, quantity: params, printed: {n}{'0' * 8}}}" for n in range(2, 9)]
    paper(*claims, *claims)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    lines = run("verify").out.splitlines()
    notes = [line for line in lines if line.startswith("::error ")]
    assert len(notes) == 10
    assert "4 more are not annotated" in lines
    assert notes[0].startswith("::error file=paper.yaml,line=10,col=")
    assert "a,b:c%258: printed 800000000" in notes[0]


def test_markdown_and_concise(run: Run, paper) -> None:
    paper(RIGHT, "{id: 'x|y', network: vgg16, quantity: params, printed: 12}")
    assert "| FAIL | vgg16: params | 12 | 138,357,544 |" in run("verify", "-f", "markdown").out
    out = run("verify", "-f", "concise").out.splitlines()
    assert out[0].startswith("paper.yaml:5:")
    assert len(out) == 2


def test_text_from_a_file_is_data(run: Run, paper) -> None:
    paper('{id: "a\\e[31m", network: vgg16, quantity: params, printed: 12, at: "\\e]0;x\\a"}')
    out = run("verify").out
    assert "\x1b" not in out
    assert "␛" in out


def test_claims_may_be_json(run: Run, written) -> None:
    """Only a description needs the key archcalc."""
    claims = {"archcalc-claims": 1, "claims": [{"network": "vgg16", "quantity": "params", "printed": "138 M"}]}
    path = written(json.dumps(claims), "claims.json")
    assert "1 claim: 1 hold (1 rounded)" in run.ok("verify", path)
    assert "error[ARC156]" in run("params", path).err
    assert "error[ARC156]" in run("params", written('{"note": "archcalc", "layers": []}', "keras.json")).err


def test_problems_beyond_the_limit_are_counted_for_a_network_too(run: Run, written) -> None:
    layers = "".join(f"  - {{op: conv, out_channels: 4, kernel_sizes{n}: 3}}\n" for n in range(70))
    text = f"archcalc: 1\ninput: {{shape: [3, 8, 8]}}\nlayers:\n{layers}"
    written(text, "many.yaml")
    path = written("archcalc-claims: 1\nclaims: [{network: many, quantity: params, printed: 3}]\n", "many.claims.yaml")
    expected = run("params", str(Path(path).parent / "many.yaml")).err.splitlines()[-1]
    lines = run("verify", path).err.splitlines()
    assert expected.startswith("and ")
    assert expected.endswith(" more")
    assert sum(f"error[ARC129] {expected}, which are not shown" in line for line in lines) == 1
    assert "error[ARC129]" in lines[-1]


def test_a_caret_stands_below_a_figure_behind_wide_characters(run: Run, written) -> None:
    path = written("网络 <!-- archcalc: lenet5 params -->60841<!-- /archcalc -->", "t.md")
    lines = run("verify", path).out.splitlines()
    index = next(index for index, line in enumerate(lines) if set(line.strip()) == {"^"})
    assert lines[index].count("^") == 5
    # Each of the two characters takes two columns.
    assert lines[index].index("^") == lines[index - 1].index("60841") + 2
