#!/usr/bin/env python3
"""Makes the wheel `graphdouble` of a binary that is built already:

    make_wheel.py --binary target/x86_64-unknown-linux-musl/release/graphdouble --out dist

The wheel is the one that maturin makes of `graphdouble/pyproject.toml`. Its tags are read from the binary: a static one is for glibc and musl,
a dynamic one for the glibc that it needs. Needs the package `wheel`, and nothing of Rust."""

from __future__ import annotations

import argparse
import re
import struct
import sys
from pathlib import Path

from wheel.wheelfile import WheelFile

try:
    import tomllib
except ImportError:  # Python 3.10
    import tomli as tomllib  # type: ignore[import-not-found,no-redef]

HERE = Path(__file__).resolve().parent
PACKAGE = HERE / "graphdouble"
#: Machines of ELF and Mach-O files, under their names in tags.
ELF_MACHINES = {0x3E: "x86_64", 0xB7: "aarch64"}
MACH_MACHINES = {0x01000007: "x86_64", 0x0100000C: "arm64"}
PT_INTERP = 3


def platform_of(binary: bytes) -> str:
    """The platform tag of a binary."""
    if binary[:4] == b"\x7fELF" and binary[4:6] == b"\x02\x01":
        machine = ELF_MACHINES.get(struct.unpack_from("<H", binary, 0x12)[0])
        if machine is None:
            sys.exit("the binary is for a machine that has no wheels here")
        return linux_platform(binary, machine)
    if binary[:4] == b"\xcf\xfa\xed\xfe":
        machine = MACH_MACHINES.get(struct.unpack_from("<I", binary, 4)[0])
        if machine is None:
            sys.exit("the binary is for a machine that has no wheels here")
        return f"macosx_11_0_{machine}" if machine == "arm64" else f"macosx_10_12_{machine}"
    sys.exit("the binary is neither an ELF nor a Mach-O file of 64 bits")


def linux_platform(binary: bytes, machine: str) -> str:
    if not has_interpreter(binary):
        return f"manylinux_2_17_{machine}.manylinux2014_{machine}.musllinux_1_1_{machine}"
    # A binary that is loaded by glibc runs with the newest version that it names, and all later ones.
    versions = {(int(major), int(minor)) for major, minor in re.findall(rb"\0GLIBC_(\d+)\.(\d+)", binary)}
    if not versions:
        return f"linux_{machine}"
    major, minor = max(versions)
    return f"manylinux_{major}_{minor}_{machine}"


def has_interpreter(binary: bytes) -> bool:
    """True if the ELF file is loaded by another one, and so is not static."""
    (offset,) = struct.unpack_from("<Q", binary, 0x20)
    size, count = struct.unpack_from("<HH", binary, 0x36)
    return any(struct.unpack_from("<I", binary, offset + size * number)[0] == PT_INTERP for number in range(count))


def metadata(project: dict[str, object], readme: str) -> str:
    lines = [
        "Metadata-Version: 2.4",
        f"Name: {project['name']}",
        f"Version: {project['version']}",
        f"Summary: {project['description']}",
        f"Keywords: {','.join(project['keywords'])}",  # type: ignore[arg-type]
        *(f"Classifier: {one}" for one in project["classifiers"]),  # type: ignore[attr-defined]
        f"License-Expression: {project['license']}",
        "License-File: LICENSE-APACHE",
        "License-File: LICENSE-MIT",
        f"Requires-Python: {project['requires-python']}",
        "Description-Content-Type: text/markdown",
    ]
    return "\n".join(lines) + "\n\n" + readme


def make(binary: Path, out: Path) -> Path:
    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text())["project"]
    name, version = project["name"], project["version"]
    content = binary.read_bytes()
    platform = platform_of(content)
    tags = [f"py3-none-{one}" for one in platform.split(".")]
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{name}-{version}-py3-none-{platform}.whl"
    path.unlink(missing_ok=True)
    info = f"{name}-{version}.dist-info"
    with WheelFile(path, "w") as wheel:
        for source in sorted((PACKAGE / "python").rglob("*")):
            if source.is_file() and "__pycache__" not in source.parts:
                wheel.write(source, source.relative_to(PACKAGE / "python").as_posix())
        wheel.write(binary, f"{name}-{version}.data/scripts/graphdouble")
        wheel.writestr(f"{info}/METADATA", metadata(project, (PACKAGE / "README.md").read_text()))
        head = "Wheel-Version: 1.0\nGenerator: make_wheel.py\nRoot-Is-Purelib: false\n"
        wheel.writestr(f"{info}/WHEEL", head + "".join(f"Tag: {tag}\n" for tag in tags))
        for licence in ("LICENSE-APACHE", "LICENSE-MIT"):
            wheel.write(HERE.parents[1] / licence, f"{info}/licenses/{licence}")
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes the wheel `graphdouble` of a binary.")
    parser.add_argument("--binary", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    print(make(arguments.binary, arguments.out))


if __name__ == "__main__":
    main()
