"""Files `*.graphdouble.yaml`."""

from __future__ import annotations

from pathlib import Path

import pytest

GOOD = """
world: shop.yaml
scenarios:
  - name: a greeting
    steps: [{ user: alice, says: Hi }, { app: bot, sends: Hello }]
  - name: a greeting in two words
    cases: { word: [Hello, Welcome] }
    steps: [{ user: alice, says: Hi }, { app: bot, sends: "${word}" }]
"""


def write(project: pytest.Pytester, text: str) -> None:
    Path(project.path, "shop.graphdouble.yaml").write_text(text)


def test_each_scenario_is_an_item(project: pytest.Pytester) -> None:
    write(project, GOOD)
    Path(project.path, "other.yaml").write_text("scenarios: [{ name: not collected }]")
    result = project.runpytest_subprocess("-v")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["shop.graphdouble.yaml::a greeting PASSED*", "shop.graphdouble.yaml::a greeting in two words PASSED*"])
    project.runpytest_subprocess("-k", "two and words").assert_outcomes(passed=1, deselected=1)
    project.runpytest_subprocess("-n", "2").assert_outcomes(passed=2)


def test_a_scenario_that_fails_is_drawn_and_fails_no_other(project: pytest.Pytester) -> None:
    write(project, GOOD.replace('sends: "${word}" }]', 'sends: "${word}" }, { expect: [{ message: { text: Hello } }] }]'))
    result = project.runpytest_subprocess()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["a greeting in two words ?word: Welcome?", "error: no message matches", "*--> */shop.graphdouble.yaml:8:*"])
    assert "word: Hello]" not in result.stdout.str()


def test_a_mistake_in_a_file_is_drawn(project: pytest.Pytester) -> None:
    write(project, GOOD.replace("says: Hi }, { app: bot, sends: Hello", "sais: Hi }, { app: bot, sends: Hello"))
    result = project.runpytest_subprocess()
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["error: unknown key `sais` in a `user` step, did you mean `says`?"])
    for broken in ("scenarios: [", "world: shop.yaml", "scenarios: [{ steps: [] }]", ""):
        write(project, broken)
        result = project.runpytest_subprocess()
        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines(["error: *"])


def test_a_bot_may_run_behind_the_scenarios(project: pytest.Pytester) -> None:
    write(project, GOOD)
    Path(project.path, "bot.py").write_text(
        "import os, json\nfrom http.server import *\nimport urllib.request\n"
        "class Bot(BaseHTTPRequestHandler):\n"
        "    def do_POST(self):\n"
        "        body = json.loads(self.rfile.read(int(self.headers['Content-Length'])))\n"
        "        self.send_response(200); self.end_headers()\n"
        "        for event in body['entry'][0].get('messaging', []):\n"
        "            if 'is_echo' in event.get('message', {'is_echo': 1}): continue\n"
        "            answer = {'recipient': {'id': event['sender']['id']}, 'message': {'text': 'Hello'}}\n"
        "            url = os.environ['GRAPHDOUBLE_URL'] + '/me/messages?access_token=' + os.environ['GRAPHDOUBLE_PAGE_TOKEN']\n"
        "            urllib.request.urlopen(urllib.request.Request(url, json.dumps(answer).encode(), {'Content-Type': 'application/json'}))\n"
        "ThreadingHTTPServer(('127.0.0.1', int(os.environ['PORT'])), Bot).serve_forever()\n"
    )
    project.makeini(
        "[pytest]\ngraphdouble_run = --exec 'python3 bot.py' --app bot=http://127.0.0.1:${PORT}/webhook --within 300ms\n"
    )
    result = project.runpytest_subprocess("-v")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["shop.graphdouble.yaml::a greeting PASSED*", "a greeting in two words ?word: Welcome?"])


def test_lints_of_scenarios_may_be_denied(project: pytest.Pytester) -> None:
    write(project, GOOD)
    project.runpytest_subprocess("--graphdouble-deny-lints").assert_outcomes(passed=2)
