"""The only place of this room that writes: receiving, reading, rehearsing, deciding, committing, undoing.

A dry run is the run itself, rolled back; everything a commit writes, the batch's state included, is one transaction:
after a crash there is all of it or nothing, and it can be done again.
"""

from shanglian.imports.actions.committing import commit_batch, discard_batch, note_failure, request_commit, undo_batch
from shanglian.imports.actions.deciding import decide_open_rows, decide_row
from shanglian.imports.actions.reading import read_batch
from shanglian.imports.actions.receiving import IncomingFile, receive_file
from shanglian.imports.actions.refusals import FileRefused, ImportRefused
from shanglian.imports.actions.rehearsing import Rehearsal, preview_batch, rehearse_files

__all__ = [
    "FileRefused",
    "ImportRefused",
    "IncomingFile",
    "Rehearsal",
    "commit_batch",
    "decide_open_rows",
    "decide_row",
    "discard_batch",
    "note_failure",
    "preview_batch",
    "read_batch",
    "receive_file",
    "rehearse_files",
    "request_commit",
    "undo_batch",
]
