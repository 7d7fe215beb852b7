"""The tags of a wheel come from the binary."""

from __future__ import annotations

import importlib.util
import os
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
spec = importlib.util.spec_from_file_location("make_wheel", HERE / "make_wheel.py")
assert spec and spec.loader
make_wheel = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make_wheel)


def elf(machine: int, *headers: int, more: bytes = b"") -> bytes:
    """An ELF file with program headers of these types."""
    head = bytearray(b"\x7fELF\x02\x01" + bytes(58))
    struct.pack_into("<H", head, 0x12, machine)
    struct.pack_into("<Q", head, 0x20, 64)
    struct.pack_into("<HH", head, 0x36, 56, len(headers))
    return bytes(head) + b"".join(struct.pack("<I", kind) + bytes(52) for kind in headers) + more


@pytest.mark.parametrize(
    ("binary", "platform"),
    [
        (elf(0x3E, 1), "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64"),
        (elf(0xB7, 1, 2), "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64"),
        (elf(0x3E, 3, 1, more=b"\0GLIBC_2.9\0GLIBC_2.34\0GLIBC_2.4\0"), "manylinux_2_34_x86_64"),
        (elf(0xB7, 3), "linux_aarch64"),
        (b"\xcf\xfa\xed\xfe" + struct.pack("<I", 0x0100000C), "macosx_11_0_arm64"),
        (b"\xcf\xfa\xed\xfe" + struct.pack("<I", 0x01000007), "macosx_10_12_x86_64"),
    ],
)
def test_the_platform_of_a_binary(binary: bytes, platform: str) -> None:
    assert make_wheel.platform_of(binary) == platform


@pytest.mark.parametrize("binary", [b"#!/bin/sh\n", elf(0x28, 1), b""])
def test_what_is_no_binary_for_a_wheel_is_refused(binary: bytes) -> None:
    with pytest.raises(SystemExit, match="the binary is"):
        make_wheel.platform_of(binary)


def test_a_wheel_has_the_module_the_binary_and_one_version(tmp_path: Path) -> None:
    binary = tmp_path / "some-binary"
    binary.write_bytes(elf(0x3E, 1))
    binary.chmod(0o755)
    wheel = zipfile.ZipFile(make_wheel.make(binary, tmp_path))
    assert wheel.testzip() is None
    names = set(wheel.namelist())
    assert {"graphdouble/__init__.py", "graphdouble/verbs.pyi", "graphdouble/py.typed"} <= names
    script = wheel.getinfo("graphdouble-0.1.0.data/scripts/graphdouble")
    assert script.external_attr >> 16 & 0o111 == 0o111
    assert b"Name: graphdouble\nVersion: 0.1.0\n" in wheel.read("graphdouble-0.1.0.dist-info/METADATA")
    assert b"Tag: py3-none-musllinux_1_1_x86_64" in wheel.read("graphdouble-0.1.0.dist-info/WHEEL")


def test_every_package_has_the_version_of_the_server() -> None:
    version = next(line for line in (HERE.parents[1] / "Cargo.toml").read_text().splitlines() if line.startswith("version = "))
    for package in ("graphdouble", "pytest-graphdouble", "locust-graphdouble"):
        text = (HERE / package / "pyproject.toml").read_text()
        assert version in text.splitlines()
        assert text.count("graphdouble==") == text.count(f"graphdouble=={version.split(chr(34))[1]}")


def test_the_installed_command_is_the_binary() -> None:
    environment = {key: value for key, value in os.environ.items() if key != "GRAPHDOUBLE_BINARY"}
    ran = subprocess.run([sys.executable, "-m", "graphdouble", "--version"], capture_output=True, text=True, env=environment, check=False)
    assert (ran.returncode, ran.stdout.split()[0]) == (0, "graphdouble"), ran.stderr
