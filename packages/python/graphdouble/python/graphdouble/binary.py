"""Finds the binary that the wheel has brought."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path

from .errors import NotStarted


def find_binary(named: str | os.PathLike[str] | None = None) -> str:
    """The binary: the one that is named here, `GRAPHDOUBLE_BINARY`, the one of the wheel, or one on the `PATH`."""
    if chosen := os.fspath(named) if named else os.environ.get("GRAPHDOUBLE_BINARY"):
        found = shutil.which(chosen)
        if found is None:
            source = "the caller" if named else "the variable GRAPHDOUBLE_BINARY"
            raise NotStarted(f"there is no binary at `{chosen}`, which {source} names: it must be a file that may be run")
        return found
    for folder in _folders():
        if (file := folder / "graphdouble").is_file():
            return str(file)
    if found := shutil.which("graphdouble"):
        return found
    looked = ", ".join(dict.fromkeys(str(folder) for folder in _folders()))
    raise NotStarted(
        "there is no graphdouble binary: the package for this platform is not installed\n"
        f"  looked in {looked} and on the PATH\n"
        "  install it with `pip install --force-reinstall graphdouble`, or name a binary with GRAPHDOUBLE_BINARY"
    )


def _folders() -> list[Path]:
    """Where installers put scripts: of this environment, beside this interpreter, of the user, and of `--target`."""
    schemes = [sysconfig.get_path("scripts"), sysconfig.get_path("scripts", f"{os.name}_user")]
    beside = [Path(sys.executable).parent, Path(__file__).parents[1] / "bin"]
    return [*(Path(scheme) for scheme in schemes if scheme), *beside]
