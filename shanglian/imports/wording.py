"""What reading and importing have to say, in Chinese and English side by side, each with the remedy.

Codes come from core/ and actions; commands print both languages, pages choose one. No rule is decided here.
"""

from typing import Final

Pair = tuple[str, str]

UNREADABLE: Final[dict[str, Pair]] = {
    "empty": ("文件是空的，请检查后重新上传", "the file is empty; check it and send it again"),
    "encrypted": (
        "工作簿设有打开密码，请去掉密码后另存",
        "the workbook is protected by a password; save it without one",
    ),
    "truncated": ("文件不完整，可能没有传完，请重新上传", "the file is cut off; send it again"),
    "broken": (
        "文件已损坏，无法打开；请用表格软件打开后另存为 .xlsx",
        "the file is damaged; open it in a spreadsheet program and save it as .xlsx",
    ),
    "binary": (
        "不是表格文件，请上传 .xlsx、.xls 或 .csv",
        "this is no spreadsheet; use .xlsx, .xls or .csv",
    ),
    "not_a_table": (
        "内容是网页或 XML，不是表格；请用表格软件打开后另存为 .xlsx",
        "the content is a web page or XML, not a table; open it as a spreadsheet and save it as .xlsx",
    ),
    "unsupported": (
        "不支持这种文件，请另存为 .xlsx 或 .csv",
        "this format is not supported; save it as .xlsx or .csv",
    ),
    "wrong_extension": (
        "扩展名与内容不符，实际内容是 {detail}；请改正扩展名",
        "the extension does not fit the content, which is {detail}; correct the extension",
    ),
    "too_large": (
        "文件过大（上限 {detail}），请拆分成几个文件",
        "the file is too large (limit {detail}); split it into several",
    ),
    "too_many_rows": (
        "行数过多（上限 {detail} 行），请拆分成几个文件",
        "it holds too many rows (limit {detail}); split it into several files",
    ),
    "too_many_cells": (
        "单元格过多（上限 {detail} 个），请删去表格以外的内容，或拆分成几个文件",
        "it holds too many cells (limit {detail}); delete what lies outside the table, or split it into several files",
    ),
    "too_wide": (
        "有一行超过 {detail} 列，不像名册；请检查分隔符和换行",
        "a line has more than {detail} columns, which is no roster; check its separators and line breaks",
    ),
    "long_cell": (
        "有一格超过 131,072 字，可能缺少换行或引号没有成对；请用表格软件打开检查后另存为 .xlsx",
        "a cell holds more than 131,072 signs: a line break or a closing quote may be missing; "
        "check it in a spreadsheet program and save it as .xlsx",
    ),
    "odd_archive": (
        "压缩结构异常，为安全起见没有打开；请用表格软件打开后另存为 .xlsx",
        "it is packed as no spreadsheet program does and was not opened, for safety; "
        "open it in a spreadsheet program and save it as .xlsx",
    ),
    "too_hard": (
        "打开它所需的内存或时间超过上限；请删去表格以外的内容，另存为 .xlsx",
        "opening it takes more memory or time than is allowed; delete what lies outside the table and save it as .xlsx",
    ),
    "internal": (
        "系统处理该文件时出错，不是文件的问题；请把编号 {detail} 告诉管理员",
        "we failed on this file by a fault of our own; tell the administrator the number {detail}",
    ),
    "encoding": (
        "认不出文字编码，请另存为 UTF-8 编码的 .csv 或 .xlsx",
        "the text encoding is not known; save it as CSV in UTF-8 or as .xlsx",
    ),
    "no_table": (
        "没有找到表头，至少要有一列“企业名称”；请检查表头行",
        "no row of headings was found; at least a column for the name (企业名称) is needed",
    ),
    "no_table_seen": (
        "没有认出表头，至少要有一列“企业名称”；表头看到：{detail}。请把写名称的那一列的表头改为“企业名称”后重新上传",
        "no row of headings was found that names a column for the name (企业名称); headings seen: {detail}. "
        "Rename the heading of that column and send the file again",
    ),
    "not_found": ("找不到文件", "there is no such file"),
    "no_access": ("无法读取：{detail}", "it cannot be read: {detail}"),
}

REFUSED: Final[dict[str, Pair]] = {
    "too_many_uploads": (
        "您未提交的上传已到上限（{detail} 个文件或 200 MB），请先提交或放弃",
        "you have too many files not handed in yet (limit {detail}, or 200 MB); hand them in or give them up first",
    ),
    "upload_gone": (
        "文件 {detail} 已提交或已放弃，请重新选择",
        "the file {detail} has been handed in or given up; choose it again",
    ),
    "upload_incomplete": (
        "文件 {detail} 还没有传完，请再次选择同一文件续传",
        "the file {detail} has not arrived completely; choose the same file again to go on",
    ),
    "upload_too_long": (
        "收到的内容超过文件大小，文件可能已改动，请重新选择",
        "more has come than the size of the file; it may have changed: choose it again",
    ),
    "piece_too_large": ("单次上传超过 {detail}", "more than {detail} were sent at once"),
    "disk_full": (
        "服务器磁盘空间不足，文件未保存，请联系管理员",
        "the disk of the server is full, the file was not kept; tell the administrator",
    ),
    "no_room": (
        "服务器临时空间不足，这一步没有完成，未写入任何数据；请联系管理员腾出磁盘空间，然后重试",
        "the server has no room for temporary files; this step was not done and nothing was written. "
        "Ask the administrator to make room, then try again",
    ),
    "cancelled": (
        "{detail} 已取消检查，没有写入任何数据；可以重新检查",
        "{detail} cancelled the check; nothing was booked, and it can be checked again",
    ),
    "no_files": ("没有文件", "there are no files"),
    "same_file_twice": ("同一文件选了两次：{detail}", "the same file was given twice: {detail}"),
    "unknown_kind": ("没有这种导入：{detail}", "there is no import of this kind: {detail}"),
    "not_read": ("该批次尚未读取，请先读取文件", "this import has not been read yet; read its files first"),
    "already_committed": ("该批次已入账", "this import has been committed already"),
    "decided_since": (
        "预演之后又有改动，请先重新检查",
        "something was changed since the dry run; check again first",
    ),
    "undo_not_yours": (
        "本批次也在 {detail} 记了账，您没有在该组织确认导入的权限；请由对各方都有此权限的人员撤销",
        "it is booked at {detail} too, where you may not commit imports; whoever may at all of them can take it back",
    ),
    "move_not_yours": (
        "您没有在 {detail} 确认导入的权限；会籍迁入须由对迁出、迁入双方都有此权限的人员认定",
        "you may not commit imports at {detail}; a move is for somebody who may at both places",
    ),
    "overtaken": (
        "打开页面之后，{detail} 已改动此批次；您刚才的操作没有保存，请核对后再做一次",
        "{detail} changed this import after you opened the page; your change was not kept: look again, then repeat it",
    ),
    "column_twice": (
        "{detail}：这几列对应了同一字段，只能有一列；请保留一列，其余选“不导入”",
        "{detail}: these columns are given to one field that takes only one; keep one and do not import the others",
    ),
    "column_missing": (
        "{detail}：必填字段（带 * 的）没有对应的列；请选出是哪一列，或将该表各列都选“不导入”",
        "{detail}: a required field (marked *) has no column; say which one it is, or import no column of this table",
    ),
    "unknown_column": (
        "{detail}：选项已失效，请刷新页面后再选",
        "{detail}: there is no such field any more; load the page again and choose",
    ),
    "no_such_table": (
        "{detail}：文件已重新读取，列有变化，请刷新页面后再选",
        "{detail}: the file has been read anew and its columns have changed; load the page again and choose",
    ),
    "at_work": (
        "该批次正在后台处理，请等处理完再改",
        "this import is being worked on; wait until that is done",
    ),
    "committing": ("该批次正在入账", "this import is being committed"),
    "nothing_named": (
        "{detail}：没有一列要导入；请至少对应必填的列，或放弃该文件",
        "{detail}: no column of it is imported; name at least the required ones, or discard this import",
    ),
    "no_such_choice": (
        "该行不能这样处理，请刷新页面后再选",
        "this cannot be said of this row; load the page again and choose",
    ),
    "no_such_cell": (
        "表中没有这一格，请刷新页面后再改",
        "there is no such cell; load the page again and choose",
    ),
    "not_proposed": (
        "这条建议已不适用，请刷新页面后再选",
        "this is no longer proposed; load the page again and choose",
    ),
    "text_too_long": (
        "一格最多 1,000 字，未保存",
        "a cell holds at most 1,000 signs; nothing was kept",
    ),
    "control_signs": (
        "内容含有看不见的控制字符，未保存；请直接键入，不要从其他程序粘贴",
        "the text holds invisible control signs and was not kept; type it instead of pasting it",
    ),
    "nothing_mended": ("没有可撤回的修改", "there is no mended cell to take back"),
    "reason_needed": (
        "退会须写明原因，未保存",
        "a leaving needs its reason; nothing was kept",
    ),
    "cannot_leave": (
        "{detail} 不能由本次导入作退会处理，请看该行说明",
        "{detail} cannot be ended by this import; see what its line says",
    ),
    "undone": ("该批次已撤销", "this import has been undone"),
    "discarded": (
        "该批次已放弃；如仍需要，请点“重新检查”",
        "this import was discarded; check it again if it is needed after all",
    ),
    "failed": (
        "该批次的文件无法读取，请重新上传",
        "the files of this import cannot be read; send them again",
    ),
    "not_committed": (
        "该批次尚未入账，无需撤销",
        "this import was never committed; there is nothing to undo",
    ),
    "blocked": ("该批次不能撤销：\n{detail}", "this import cannot be undone:\n{detail}"),
    "no_such_batch": ("没有批次 {detail}", "there is no import {detail}"),
    "no_such_org": ("没有代码为 {detail} 的组织", "there is no organisation with the code {detail}"),
}


def unreadable(name: str, code: str, detail: str = "") -> Pair:
    """(Chinese, English) about one file; some sentences say more where there is more to say."""
    chinese, english = UNREADABLE[f"{code}_seen" if detail and f"{code}_seen" in UNREADABLE else code]
    return (
        f"{name}：{chinese.format(detail=detail)}。",
        f"{name}: {english.format(detail=detail)}.",
    )


def refused(code: str, detail: str = "") -> Pair:
    chinese, english = REFUSED[code]
    sentence = english.format(detail=detail)
    return chinese.format(detail=detail) + "。", sentence[:1].upper() + sentence[1:] + "."
