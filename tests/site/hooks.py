"""Links of the documents to files beside docs/: they must be there. On the site they are the path, as the files are not part of it."""

import logging
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\[([^\]]+)\]\(\.\./([^)#]*)(?:#[^)]*)?\)")
log = logging.getLogger("mkdocs.hooks")


def on_page_markdown(markdown, page, **_):
    """Puts the path of such a file in place of the link, and warns, which fails the build, if there is no such file."""

    def path(link):
        text, target = link.groups()
        if not (ROOT / target).exists():
            log.warning("%s links to `%s`, which does not exist", page.file.src_path, target)
        name = f"`{target}`"
        return name if text.strip("`") == target.rstrip("/").rsplit("/", 1)[-1] else f"{text} ({name})"

    return LINK.sub(path, markdown)
