"""Why something cannot be done with an import.

Codes only; the sentences are in wording.py.
"""

from shanglian.imports.core.files import UnreadableFile


class ImportRefused(Exception):
    """The batch is not in a state for this. `code` is a key of wording.REFUSED, `detail` fills its blank."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.detail = detail


class FileRefused(Exception):
    """One of the files cannot be used. `code` is a key of wording.UNREADABLE."""

    def __init__(self, name: str, problem: UnreadableFile) -> None:
        super().__init__(f"{name}: {problem}")
        self.name = name
        self.code = problem.code
        self.detail = problem.detail
