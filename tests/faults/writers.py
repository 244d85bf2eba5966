"""Members and programs that write as fast as they can, and keep a ledger of what was promised to them."""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections.abc import Sequence
from http.client import HTTPConnection
from urllib.parse import urlencode

from tests.cast import PASSWORD
from tests.faults.running import UNREACHED, Web

PATIENCE = 10.0  # seconds that an answer may take
Answer = tuple[int, dict[str, str], str]


class Ledger:
    """`kept`: a 2xx or 303 said so. `refused`: a 4xx or 503 said that nothing was done. `open`: no answer came."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.kept: list[str] = []
        self.refused: list[str] = []
        self.open: list[str] = []
        self.strange: list[str] = []

    def note(self, mark: str, status: int | None, said: str = "") -> None:
        with self.lock:
            if status is None:
                self.open.append(mark)
            elif status in (200, 201, 303):
                self.kept.append(mark)
            else:
                self.refused.append(mark)
                if status not in (409, 503):
                    self.strange.append(f"{mark}: {status} {said[:300]}")


class Writer(threading.Thread):
    def __init__(
        self, number: int, ledger: Ledger, fronts: Sequence[Web], organisations: Sequence[tuple[int, str]]
    ) -> None:
        super().__init__(name=f"writer {number}", daemon=True)
        self.number, self.ledger, self.fronts, self.organisations = number, ledger, fronts, organisations
        self.pick, self.done, self.turns = random.Random(number), threading.Event(), 0
        self.fault: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.done.is_set():
                self.turns += 1
                self.write(f"mark w{self.number} n{self.turns} end")
        except BaseException as fault:
            self.fault = fault

    def write(self, mark: str) -> None:
        raise NotImplementedError

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> Answer | None:
        """None: nobody answered. Each call is a connection of its own, to one of the fronts."""
        line = HTTPConnection("127.0.0.1", self.pick.choice(self.fronts).port, timeout=PATIENCE)
        try:
            line.request(method, path, body or None, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = line.getresponse()
            text = answer.read().decode()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, text
        except UNREACHED:
            time.sleep(0.05)
            return None
        finally:
            line.close()


class Program(Writer):
    """Edits by PATCH with the version it read, and adds with a key that it repeats until it is told."""

    token = ""

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Answer | None:
        text = json.dumps(body) if body is not None else ""
        kind = {"Content_Type": "application/json"} if text else {}
        return self.ask(method, f"/api/v1{path}", text, Authorization=f"Bearer {self.token}", **kind, **headers)

    def write(self, mark: str) -> None:
        if self.turns % 5 == 0:
            self.add(mark)
            return
        path = f"/organisations/{self.pick.choice(self.organisations)[0]}"
        read = self.call("GET", path)
        if read is None or read[0] != 200:
            return
        answer = self.call("PATCH", path, {"version": json.loads(read[2])["version"], "description": mark})
        self.ledger.note(mark, answer and answer[0], answer[2] if answer else "")

    def add(self, mark: str) -> None:
        while not self.done.is_set():
            answer = self.call("POST", "/organisations", {"name": mark}, Idempotency_Key=mark)
            if answer is not None and answer[0] != 503:
                self.ledger.note(mark, answer[0], answer[2])
                return
        self.ledger.note(mark, None)


class Person(Writer):
    """Edits by the form, signed in, with the token of the page."""

    username = "ana"
    cookie = ""

    def page(self, path: str) -> str | None:
        answer = self.ask("GET", path, Cookie=self.cookie)
        if answer is None or answer[0] != 200:
            return None
        self.keep(answer)
        return answer[2]

    def keep(self, answer: Answer) -> None:
        if given := re.match(r"commons=[^;]+", answer[1].get("set-cookie", "")):
            self.cookie = given[0]

    def send(self, path: str, form: dict[str, str]) -> Answer | None:
        return self.ask(
            "POST", path, urlencode(form), Cookie=self.cookie, Content_Type="application/x-www-form-urlencoded"
        )

    def sign_in(self) -> None:
        page = self.page("/sign-in")
        if page is not None:
            answer = self.send(
                "/sign-in", {"csrf_token": hidden(page, "csrf_token"), "who": self.username, "password": PASSWORD}
            )
            if answer is not None and answer[0] == 303:
                self.keep(answer)

    def write(self, mark: str) -> None:
        path = f"/organisations/{self.pick.choice(self.organisations)[1]}/edit"
        page = self.page(f"{path}?section=basics") if self.cookie else None
        if page is None:
            return self.sign_in()
        form = {"section": "basics", "title": hidden(page, "title"), "description": mark, "note": "while it falls"}
        form |= {name: hidden(page, name) for name in ("csrf_token", "version")}
        answer = self.send(path, form)
        told = answer is not None and answer[0] == 303 and "/sign-in" in answer[1]["location"]
        self.ledger.note(mark, 401 if told else answer and answer[0], answer[2] if answer else "")


def hidden(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None, f"no {name} in {page[:3000]}"
    return found[1]
