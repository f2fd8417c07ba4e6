"""What the settings need from SHANGLIAN_HOME: the secret key and where the database is.

Reading settings starts nothing and writes nothing, but for the secret key on the very first run.
"""

import json
import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shanglian.runtime.places import EnginePlaces, Unusable, make_private, read_json

APP_ROLE = "shanglian_app"
KEY_LENGTH = 50
_DJANGO_NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


def home_path(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("SHANGLIAN_HOME") or "var").resolve()


def secret_key(home: Path, environ: Mapping[str, str] = os.environ) -> str:
    """SHANGLIAN_SECRET_KEY if given, else the key kept in the home; made (mode 0600) if there is none.

    Two processes that start at once end up with the same key.
    """
    given = environ.get("SHANGLIAN_SECRET_KEY", "")
    if given:
        return _long_enough(given, "SHANGLIAN_SECRET_KEY")
    path = home / "secret_key"
    try:
        return _long_enough(_read_secret(path), str(path))
    except (FileNotFoundError, NotADirectoryError):
        make_private(home)
    try:
        _write_secret(path)
        return _long_enough(_read_secret(path), str(path))
    except OSError as error:
        raise Unusable(
            f"无法写入 {path}：{error.strerror}。请检查权限，或设置 SHANGLIAN_SECRET_KEY。",
            f"Cannot write {path}: {error.strerror}. Check its permissions, or set SHANGLIAN_SECRET_KEY.",
        ) from None


def _write_secret(path: Path) -> None:
    """Write the key beside its place and link it in: whoever comes first wins, nobody sees half a key."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(KEY_LENGTH))
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _read_secret(path: Path) -> str:
    try:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            path.chmod(0o600)
        return path.read_text(encoding="utf-8").strip()
    except PermissionError:
        raise Unusable(
            f"无权读取 {path}。请用建立它的用户运行，或设置 SHANGLIAN_SECRET_KEY。",
            f"May not read {path}. Run as the user who made it, or set SHANGLIAN_SECRET_KEY.",
        ) from None


def _long_enough(key: str, source: str) -> str:
    if len(key) >= KEY_LENGTH:
        return key
    raise Unusable(
        f"{source} 中的密钥太短（{len(key)} 个字符，至少 {KEY_LENGTH} 个）。",
        f"The secret key in {source} is too short: {len(key)} characters, at least {KEY_LENGTH} are needed.",
    )


def uses_own_server(environ: Mapping[str, str]) -> bool:
    """Whether the installation brings its own database server instead of the embedded one."""
    return bool(environ.get("DATABASE_URL"))


def database_settings(home: Path, environ: Mapping[str, str]) -> dict[str, Any]:
    """Django's entry for the database.

    The application acts as the role `shanglian_app`; with SHANGLIAN_DB_ROLE=owner it acts as the owner
    (migrations, making test databases), through DATABASE_OWNER_URL if that is given.
    """
    as_owner = environ.get("SHANGLIAN_DB_ROLE") == "owner"
    options = connection_options(home, environ, as_owner=as_owner)
    if not as_owner:
        options["options"] = f"-c role={APP_ROLE} {options.get('options', '')}".strip()
    entry: dict[str, Any] = {name: options.pop(key, "") for key, name in _DJANGO_NAMES.items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **entry,
        "OPTIONS": options,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


def connection_options(home: Path, environ: Mapping[str, str], *, as_owner: bool) -> dict[str, str]:
    """libpq's keywords for a connection to the installation's database, as the owner or as its login role."""
    url = environ.get("DATABASE_OWNER_URL", "") if as_owner else ""
    name = "DATABASE_OWNER_URL" if url else "DATABASE_URL"
    url = url or environ.get("DATABASE_URL", "")
    if url:
        return parse_database_url(url, name)
    places = EnginePlaces(home)
    return {
        "dbname": "shanglian",
        "user": "shanglian",
        "password": _read_engine_file(places.passwords).get("shanglian", ""),
        "host": _read_engine_file(places.record).get("sockets") or str(places.root / "run"),
        "port": "5432",
    }


def owner_conninfo(home: Path, environ: Mapping[str, str]) -> str:
    return make_conninfo("", **connection_options(home, environ, as_owner=True))


def parse_database_url(url: str, name: str = "DATABASE_URL") -> dict[str, str]:
    """libpq's keywords in a postgres:// URL or a key=value string. Raises Unusable without repeating it."""
    try:
        found = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
    except ProgrammingError:
        found = {}
    if not found.get("dbname"):
        raise Unusable(
            f"{name} 无法识别，或没有写数据库名；应为 postgres://用户:密码@主机:5432/数据库 的形式。",
            f"{name} cannot be read or names no database; it should look like "
            "postgres://user:password@host:5432/database.",
        )
    return found


def _read_engine_file(path: Path) -> dict[str, Any]:
    try:
        return read_json(path)
    except PermissionError:
        raise Unusable(
            f"无权读取 {path}。请用建立数据目录的用户运行。",
            f"May not read {path}. Run as the user who made the data folder.",
        ) from None
    except json.JSONDecodeError:
        raise Unusable(f"{path} 已损坏，请从备份恢复。", f"{path} is damaged; restore it from a backup.") from None
