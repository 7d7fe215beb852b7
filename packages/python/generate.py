#!/usr/bin/env python3
"""Makes what is made of something else:

- `words.py` and `verbs.pyi`, the verbs of people, apps, admins and the inbox, of `schemas/step.json`;
- `_sync/`, the blocking client, of `_async/`.

`generate.py --check` changes nothing, and ends with 1 if a file is old."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PACKAGE = HERE / "graphdouble/python/graphdouble"
SCHEMA = HERE.parents[1] / "schemas/step.json"
KINDS = ["user", "app", "admin", "inbox"]
#: Words that stand beside any verb. What stands beside some says so: "With `says`: …".
BESIDE = {"within", "page", "on", "save", "to", "refused", "response_lost"}
WITH = re.compile(r"(On Instagram, )?[Ww]ith `")
KEYWORDS = {"from": "from_", "as": "as_"}
NOTE = "generate.py makes this file"


def steps() -> dict[str, dict[str, Any]]:
    """The properties of each kind of step."""
    found = {one["required"][0]: one["properties"] for one in json.loads(SCHEMA.read_text())["oneOf"]}
    return {kind: {word: schema for word, schema in found[kind].items() if word != kind} for kind in KINDS}


def is_verb(word: str, schema: dict[str, Any]) -> bool:
    return word not in BESIDE and not WITH.match(schema.get("description", ""))


def default_of(schema: dict[str, Any]) -> bool | None:
    """`alice.blocks()` means `blocks: true`."""
    variants = schema.get("anyOf", [schema])
    return True if any(one.get("const") is True or one.get("type") == "boolean" for one in variants) else None


def words() -> str:
    lines = [f'"""The verbs of each kind of step: word, what it does, and its value if it is left out. {NOTE} of the schema of a step."""', ""]
    lines += ["VERBS: dict[str, list[tuple[str, str, bool | None]]] = {"]
    for kind, properties in steps().items():
        lines.append(f"    {kind!r}: [".replace("'", '"'))
        for word, schema in properties.items():
            if is_verb(word, schema):
                row = ", ".join([json.dumps(word), json.dumps(schema.get("description", "")), repr(default_of(schema))])
                lines.append(f"        ({row}),")
        lines.append("    ],")
    return "\n".join([*lines, "}", ""])


def type_of(schema: dict[str, Any]) -> str:
    """The Python type of a value."""
    if "anyOf" in schema:
        variants = [one for one in schema["anyOf"] if one.get("pattern") != r"\$\{"]
        return " | ".join(dict.fromkeys(type_of(one) for one in variants))
    if "enum" in schema:
        return f"Literal[{', '.join(json.dumps(value) for value in schema['enum'])}]"
    if "const" in schema:
        return "bool"
    if "ms|s|m" in schema.get("pattern", ""):
        return "str | timedelta"
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if "object" in kinds:
        return "Mapping[str, Any]"
    if "array" in kinds:
        return f"Sequence[{type_of(schema.get('items', {}))}]"
    if kinds == ["boolean"]:
        return "bool"
    return "Text" if "string" in kinds else "Any"


def stubs() -> str:
    head = [
        f'"""The types of the verbs. {NOTE} of the schema of a step."""',
        "",
        "from collections.abc import Mapping, Sequence",
        "from datetime import timedelta",
        "from typing import Any, Literal, Protocol, TypedDict",
        "",
        "from typing_extensions import Unpack",
        "",
        "from .answers import Step",
        "",
        "class Named(Protocol):",
        '    """A person, an app or a page, which stands for its name."""',
        "    name: str",
        "",
        "Text = str | int | float | bool | Named",
    ]
    return "\n".join([*head, *(line for kind, properties in steps().items() for line in stubs_of(kind, properties)), ""])


def stubs_of(kind: str, properties: dict[str, Any]) -> list[str]:
    name = kind.capitalize()
    lines = ["", f"{name}Words = TypedDict(", f'    "{name}Words",', "    {"]
    for word, schema in properties.items():
        lines.append(f'        "{KEYWORDS.get(word, word)}": {type_of(schema)},')
    lines += ["    },", "    total=False,", ")"]
    for prefix, begin in [("", "def"), ("Async", "async def")]:
        lines += ["", f"class {prefix}{name}Verbs:"]
        for word, schema in properties.items():
            if is_verb(word, schema):
                value = f"value: {type_of(schema)}" + (" = True" if default_of(schema) else "")
                lines.append(f"    {begin} {word}(self, {value}, /, **beside: Unpack[{name}Words]) -> Step:")
                lines.append(f'        """{schema.get("description", "")}"""')
    return lines


def blocking(source: str, name: str) -> str:
    """The blocking form of a file of `_async`."""
    changes = [
        (r"\basync def\b", "def"),
        (r"\bawait ", ""),
        (r"\basync with\b", "with"),
        (r"__aenter__", "__enter__"),
        (r"__aexit__", "__exit__"),
        (r"\bAsync(\w+Verbs)", r"\1"),
        (r"Awaitable\[Any\]", "Any"),
        (r"import Awaitable, Callable", "import Callable"),
    ]
    for pattern, by in changes:
        source = re.sub(pattern, by, source)
    return f"# {NOTE} of _async/{name}.\n{source}"


def made() -> dict[Path, str]:
    """The files, with what they must have."""
    files = {PACKAGE / "words.py": words(), PACKAGE / "verbs.pyi": stubs()}
    for source in sorted((PACKAGE / "_async").glob("*.py")):
        if source.name not in ("__init__.py", "transport.py"):
            files[PACKAGE / "_sync" / source.name] = blocking(source.read_text(), source.name)
    return files


def main() -> int:
    is_check = sys.argv[1:] == ["--check"]
    old = [path for path, text in made().items() if not path.exists() or path.read_text() != text]
    for path in old:
        if is_check:
            print(f"{path.relative_to(HERE)} is old: run packages/python/generate.py")
        else:
            path.write_text(made()[path])
    return 1 if is_check and old else 0


if __name__ == "__main__":
    sys.exit(main())
