"""What the thousands of sites that one run makes have in common and need not make again: compiled templates, compiled addresses.
And passwords of nobody, which need no memory-hard hash."""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

from commons.members import passwords


class Kept(BytecodeCache):
    """Templates compiled once in this process. Jinja's key and checksum tell one text from another."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self.known[bucket.key, bucket.checksum] = bucket.code


templates = Kept()
_compiled: dict[Any, Callable[..., tuple[str, str]]] = {}
_compile = Rule._compile_builder
SHIPPED = passwords.hasher


def _once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    """Werkzeug writes and compiles a function for every address: half of the time that a site needs to start. It is made of
    nothing but what stands in this key, and gets the rule as its argument."""
    key = (rule.rule, append_unknown, tuple(rule._trace), repr(sorted((rule.defaults or {}).items())))
    if key not in _compiled:
        _compiled[key] = _compile(rule, append_unknown)
    return _compiled[key]


def share_work() -> None:
    """For every site that this process makes from now on."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": templates}
    Rule._compile_builder = _once  # type: ignore[method-assign, assignment]
    passwords.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    passwords.NOBODY = passwords.hasher.hash("a password that nobody has")
