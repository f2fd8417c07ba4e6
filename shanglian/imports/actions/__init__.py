"""The only place of this room that writes: receiving, reading, rehearsing, deciding, committing, undoing.

A dry run is the run itself, rolled back; everything a commit writes, the batch's state included, is one transaction:
after a crash there is all of it or nothing, and it can be done again.
"""

from shanglian.imports.actions.columns import forget_heading, name_columns
from shanglian.imports.actions.committing import (
    commit_batch,
    discard_batch,
    note_failure,
    note_progress,
    request_commit,
    undo_batch,
)
from shanglian.imports.actions.deciding import decide_open_rows, decide_row
from shanglian.imports.actions.leaving import decide_absence, decide_absences
from shanglian.imports.actions.mending import accept_proposals, amend_cell, withdraw_amendment
from shanglian.imports.actions.reading import read_batch
from shanglian.imports.actions.receiving import IncomingFile, receive_file
from shanglian.imports.actions.refusals import FileRefused, ImportRefused, PieceOutOfPlace
from shanglian.imports.actions.rehearsing import Rehearsal, preview_batch, rehearse_files
from shanglian.imports.actions.uploading import (
    append_upload,
    begin_upload,
    give_up_upload,
    remove_old_uploads,
    take_upload,
)

__all__ = [
    "FileRefused",
    "ImportRefused",
    "IncomingFile",
    "PieceOutOfPlace",
    "Rehearsal",
    "accept_proposals",
    "amend_cell",
    "append_upload",
    "begin_upload",
    "commit_batch",
    "decide_absence",
    "decide_absences",
    "decide_open_rows",
    "decide_row",
    "discard_batch",
    "forget_heading",
    "give_up_upload",
    "name_columns",
    "note_failure",
    "note_progress",
    "preview_batch",
    "read_batch",
    "receive_file",
    "rehearse_files",
    "remove_old_uploads",
    "request_commit",
    "take_upload",
    "undo_batch",
    "withdraw_amendment",
]
