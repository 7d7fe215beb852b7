"""Worlds, bots, the marker and the options."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import BOT
from graphdouble import start

GREETS = """
    def test_greets(graphdouble_world, graphdouble_bot):
        alice = graphdouble_world.person("alice")
        alice.says("Hi")
        assert alice.gets().text == "Hello"
"""


def test_a_world_a_test_and_the_bot_attached_to_it(project: pytest.Pytester) -> None:
    project.makepyfile(
        GREETS
        + """
    def test_is_another_world(graphdouble_world):
        assert graphdouble_world.threads() == []
        assert graphdouble_world.name == "test-is-another-world"
        assert graphdouble_world.app("bot").description["webhook"] is None
    """
    )
    project.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=2)


def test_without_anything_there_is_a_small_world(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_small(graphdouble_world, graphdouble_bot):
            anybody = graphdouble_world.person()
            anybody.says("Hi")
            graphdouble_world.app().sends("Hello")
            assert (graphdouble_bot, anybody.gets().text) == (None, "Hello")
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_the_marker_says_what_world(project: pytest.Pytester) -> None:
    Path(project.path, "other.yaml").write_text("apps: { a: {}, b: {} }\npages: { p: { apps: { a: {}, b: {} } } }\n")
    project.makepyfile(
        """
        import pytest
        WORLD = {"apps": {"only": {}}, "pages": {"p": {"apps": {"only": {}}}}}
        pytestmark = pytest.mark.graphdouble(world="other.yaml", clock="follow")

        def test_of_the_module(graphdouble_world):
            assert (graphdouble_world.apps, graphdouble_world.description["mode"]) == (["a", "b"], "follow")

        @pytest.mark.graphdouble(world=WORLD, clock="frozen", name="mine")
        def test_of_its_own(graphdouble_world):
            assert (graphdouble_world.apps, graphdouble_world.description["mode"]) == (["only"], "frozen")
            assert graphdouble_world.name == "mine"

        @pytest.mark.graphdouble(app="b")
        def test_of_an_app(graphdouble_world, graphdouble_bot):
            assert graphdouble_world.app("b").refresh()["webhook"]["url"] == graphdouble_bot
            assert graphdouble_world.app("a").refresh()["webhook"] is None
        """
    )
    project.makeconftest(
        """
        import pytest
        from graphdouble import serve_wsgi

        def application(environ, start_response):
            start_response("200 OK", [])
            return [environ["QUERY_STRING"].split("hub.challenge=")[1].split("&")[0].encode()]

        @pytest.fixture
        def graphdouble_bot():
            with serve_wsgi(application) as url:
                yield url
        """
    )
    project.runpytest_subprocess("--strict-markers").assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("marker", "text"),
    [
        ("worlds='shop.yaml'", "*the marker graphdouble does not know worlds: known are app, clock, name, world*"),
        ("'shop.yaml'", "*the marker graphdouble does not know 'shop.yaml'*"),
        ("world='nowhere.yaml'", "*there is no world file nowhere.yaml*"),
        ("clock='stopped'", "*frozen*"),
        ("app='bott'", "*there is no app `bott` in the world: known are bot, desk*"),
    ],
)
def test_a_wrong_marker_says_what_is_wrong(project: pytest.Pytester, marker: str, text: str) -> None:
    project.makepyfile(f"import pytest\n\n@pytest.mark.graphdouble({marker})\ndef test_it(graphdouble_bot):\n    pass\n")
    result = project.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([text])


def test_which_app_the_bot_is_must_be_clear(project: pytest.Pytester) -> None:
    Path(project.path, "shop.yaml").write_text("apps: { a: {}, b: {} }\npages: { p: { apps: { a: {}, b: {} } } }\n")
    project.makeconftest("import pytest\n\n@pytest.fixture\ndef graphdouble_bot():\n    return 'http://127.0.0.1:9/'\n")
    project.makepyfile("def test_it(graphdouble_bot):\n    pass\n")
    result = project.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*which app is the bot? The world has a, b*"])


def test_one_bot_may_serve_all_tests(project: pytest.Pytester) -> None:
    Path(project.path, "shop.yaml").write_text(
        'apps: { bot: { id: "1001", secret: s3cret } }\npages: { shop: { default_app: bot, apps: { bot: { token: EAAbot } } } }\npeople: any\n'
    )
    project.makeconftest(
        """
        import pytest, conftest_bot
        from graphdouble import serve_wsgi

        @pytest.fixture(scope="session")
        def graphdouble_bot(graphdouble):
            env = {"GRAPHDOUBLE_URL": graphdouble.url, "GRAPHDOUBLE_PAGE_TOKEN": "EAAbot"}
            with serve_wsgi(conftest_bot.greeter(env)) as url:
                yield url
        """
    )
    project.makepyfile(conftest_bot=BOT, test_two=GREETS + GREETS.replace("test_greets", "test_greets_again"))
    project.runpytest_subprocess().assert_outcomes(passed=2)


def test_lints_are_counted_and_may_be_denied(project: pytest.Pytester) -> None:
    project.makepyfile(GREETS + "    def test_nothing(graphdouble_world):\n        pass\n")
    conftest = Path(project.path, "conftest.py")
    conftest.write_text(conftest.read_text().replace("/v25.0/me/", "/v2.0/me/"))
    result = project.runpytest_subprocess()
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["graphdouble lints: version_gone (1)*"])
    for denied in ("--graphdouble-deny-lints", "--graphdouble-deny-lints=version_gone"):
        result = project.runpytest_subprocess(denied)
        result.assert_outcomes(passed=1, failed=1)
        result.stdout.fnmatch_lines(["*denied lints:*", "version_gone: bot: *asked for v2.0*"])
    project.runpytest_subprocess("--graphdouble-deny-lints=slow_answer").assert_outcomes(passed=2)


def test_a_server_that_runs_already_is_used_and_left_as_it_was(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    project.makepyfile(GREETS + "    def test_fails(graphdouble_world):\n        assert graphdouble_world.description['expires'] is None\n")
    with start() as server:
        result = project.runpytest_subprocess(f"--graphdouble-url={server.url}")
        result.assert_outcomes(passed=1, failed=1)
        result.stdout.fnmatch_lines(["*10m*"])
        assert [world["name"] for world in server.worlds()] == ["default"]
        monkeypatch.setenv("GRAPHDOUBLE_URL", server.url)
        project.runpytest_subprocess("--graphdouble-keep=failed").assert_outcomes(passed=1, failed=1)
        kept = [world["name"] for world in server.worlds()]
        assert [name.rsplit("-", 1)[0] for name in kept] == ["default", "test-fails"]


def test_a_world_that_is_kept_is_written(project: pytest.Pytester) -> None:
    project.makepyfile(GREETS + "        assert False\n")
    result = project.runpytest_subprocess("--graphdouble-keep=failed")
    result.stdout.fnmatch_lines(["graphdouble kept *::test_greets: .graphdouble/kept/*"])
    files = sorted(file.name for file in Path(project.path, ".graphdouble/kept").glob("*/*"))
    assert files == ["ledger.jsonl", "report.txt", "scenario.yaml", "snapshot.json"]
    report = next(Path(project.path, ".graphdouble/kept").glob("*/report.txt")).read_text()
    assert "alice: Hi" in report and "bot: Hello" in report
    scenario = next(Path(project.path, ".graphdouble/kept").glob("*/scenario.yaml")).read_text()
    assert "{ user: alice, says: Hi }" in scenario


def test_a_test_may_remove_its_world(project: pytest.Pytester) -> None:
    project.makepyfile("def test_it(graphdouble_world):\n    graphdouble_world.remove()\n")
    project.runpytest_subprocess().assert_outcomes(passed=1)
    project.runpytest_subprocess("--graphdouble-keep=all").assert_outcomes(passed=1)
