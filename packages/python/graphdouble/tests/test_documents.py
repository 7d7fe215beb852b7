"""Every Python snippet of the documents is run. A line with nothing but a file name in backticks names the file that the next block is; other
Python blocks are scripts. Shell blocks are run where the files are, without what installs packages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
PACKAGES = ROOT / "packages/python"
DOCUMENTS = [*sorted(PACKAGES.glob("*/README.md")), ROOT / "docs/PYTHON.md", ROOT / "docs/LOAD.md"]
BOT = "docs/PYTHON.md"
BLOCK = re.compile(r"(?:^`(?P<file>[\w./-]+)`\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def run(command: list[str], folder: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        command, cwd=folder, env={**os.environ, "PATH": path}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert ran.returncode == 0, f"{command}\n{ran.stdout}"
    return ran.stdout


def blocks(document: Path) -> list[re.Match[str]]:
    return list(BLOCK.finditer(document.read_text()))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_snippets_of_a_document_run(document: Path, tmp_path: Path) -> None:
    found = blocks(document)
    assert any(block["kind"] == "python" for block in found), f"{document} has no Python"
    for block in found:
        if block["file"]:
            (tmp_path / block["file"]).write_text(block["text"])
        elif block["kind"] == "python":
            run([sys.executable, "-c", block["text"]], tmp_path)
    if (tmp_path / "test_bot.py").exists():
        # The README of the plugin has no bot of its own.
        bot = next(block["text"] for block in blocks(ROOT / BOT) if block["file"] == "bot.py")
        (tmp_path / "bot.py").write_text(bot.replace('os.environ["APP_SECRET"]', 'os.environ.get("APP_SECRET", "")'))
        if "APP_SECRET" not in (tmp_path / "conftest.py").read_text():
            (tmp_path / "bot.py").write_text(re.sub(r"    digest = .*?abort\(403\)\n", "", bot, count=1, flags=re.DOTALL))
        run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"], tmp_path)
    if (tmp_path / "locustfile.py").exists():
        run([sys.executable, "-m", "locust", "--list"], tmp_path)


@pytest.mark.parametrize(
    "file", [PACKAGES / "example/tests/conftest.py", PACKAGES / "example/in_process/conftest.py"], ids=lambda path: path.parent.name
)
def test_a_team_writes_no_more_than_fifteen_lines(file: Path) -> None:
    with file.open("rb") as source:
        kinds = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER)
        lines = {token.start[0] for token in tokenize.tokenize(source.readline) if token.type not in kinds}
    assert 0 < len(lines) <= 15, f"{file} has {len(lines)} lines"
