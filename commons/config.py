"""Settings: one table, read from the environment once at start.

Every setting has a name, a default and a sentence; docs/settings.md shows the same table and a test holds the two together.
A secret is never defaulted to a known value: without SECRET_KEY one is made and kept in COMMONS_DATA.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("en", "fr", "es")


@dataclass(frozen=True, slots=True)
class Setting:
    name: str
    default: str
    sentence: str
    choices: tuple[str, ...] = ()


SETTINGS = (
    Setting("COMMONS_DATA", "var", "Folder for the database, the search index, files, mail and logs."),
    Setting("DATABASE_URL", "", "PostgreSQL as postgresql+psycopg://…; empty: SQLite in COMMONS_DATA."),
    Setting(
        "REDIS_URL", "", "Redis or Valkey for rate limits shared by several web processes; empty: kept in each process."
    ),
    Setting(
        "SEARCH_URL",
        "whoosh:",
        "The search engine; whoosh: keeps an index in COMMONS_DATA, whoosh:FOLDER elsewhere, postgresql: in the site's "
        "PostgreSQL, postgresql://… in another one.",
    ),
    Setting(
        "SITE_URL",
        "http://127.0.0.1:8000",
        "The address people use; links in mails are built from it and from nothing else.",
    ),
    Setting("SITE_NAME", "Common Ground", "The name in the masthead."),
    Setting("SECRET_KEY", "", "Signs cookies and forms; empty: made once and kept in COMMONS_DATA."),
    Setting("HOST", "127.0.0.1", "The address the web server listens on."),
    Setting("PORT", "8000", "The port the web server listens on."),
    Setting("WEB_WORKERS", "1", "Web processes."),
    Setting("PROXIES", "0", "Web servers of your own in front: their X-Forwarded-For and -Proto are believed."),
    Setting(
        "MAIL_URL",
        "",
        "smtp://user:password@host:port?tls=starttls, null: or file:FOLDER; empty: files in COMMONS_DATA/mail.",
    ),
    Setting("MAIL_FROM", "Common Ground <noreply@localhost>", "The sender of mails."),
    Setting("REGISTRATION", "open", "Who may join.", ("open", "reviewed", "invited")),
    Setting(
        "REVIEWED_EDITS",
        "3",
        "How many edits of pages by a new member wait until a moderator has accepted them; 0: none.",
    ),
    Setting("DEMO", "1", "make run loads the demo community into an empty site unless this is 0.", ("0", "1")),
    Setting("OPERATOR", "", "Who runs this site: shown in the footer and on the privacy page."),
    Setting("CONTACT", "", "An e-mail address for whoever finds something wrong: shown on the help page."),
    Setting(
        "SOURCE_URL", "", "Where the code of this site can be had; the licence asks for it once the code was changed."
    ),
    Setting("HOSTING_COUNTRY", "", "Where the server stands: shown in the footer and on the privacy page."),
)


def settings(overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The Flask configuration. `overrides` (tests) win over the environment. Raises ValueError on a value that makes no sense."""
    given = {setting.name: os.environ.get(setting.name, setting.default) for setting in SETTINGS}
    given.update({name: value for name, value in (overrides or {}).items() if name in given})
    for setting in SETTINGS:
        if setting.choices and given[setting.name] not in setting.choices:
            raise ValueError(
                f"{setting.name} is {given[setting.name]!r}; it takes one of: {', '.join(setting.choices)}"
            )
    folder = _folder(given["COMMONS_DATA"])
    config = given | {
        "COMMONS_DATA": folder,
        "PORT": int(given["PORT"]),
        "WEB_WORKERS": int(given["WEB_WORKERS"]),
        "PROXIES": int(given["PROXIES"]),
        "REVIEWED_EDITS": int(given["REVIEWED_EDITS"]),
        "SECRET_KEY": given["SECRET_KEY"] or _kept_secret(folder),
        "MAIL_URL": given["MAIL_URL"] or f"file:{folder / 'mail'}",
        "SQLALCHEMY_DATABASE_URI": given["DATABASE_URL"] or f"sqlite:///{folder / 'commons.sqlite'}",
        **_flask(given["SITE_URL"]),
    }
    return config | {name: value for name, value in (overrides or {}).items() if name not in given}


def _flask(site_url: str) -> dict[str, Any]:
    secure = site_url.startswith("https://")
    return {
        "MAX_CONTENT_LENGTH": 4 * 2**20,
        "MAX_FORM_MEMORY_SIZE": 2 * 2**20,
        "MAX_FORM_PARTS": 2000,
        "SESSION_COOKIE_NAME": "__Host-commons" if secure else "commons",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": 60 * 24 * 3600,
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "en",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "commons" / "translations"),
        "TEMPLATES_AUTO_RELOAD": False,
        "JSON_SORT_KEYS": False,
    }


def _folder(name: str | Path) -> Path:
    folder = Path(name)
    folder = folder if folder.is_absolute() else ROOT / folder
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _kept_secret(folder: Path) -> str:
    path = folder / "secret-key"
    if not path.exists():
        made = path.with_suffix(f".{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(48), encoding="ascii")
        try:
            os.link(made, path)  # the first of several starting processes wins; none overwrites
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_text(encoding="ascii")
