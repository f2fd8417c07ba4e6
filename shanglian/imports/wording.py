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
    "encoding": (
        "认不出文字编码，请另存为 UTF-8 编码的 .csv 或 .xlsx",
        "the text encoding is not known; save it as CSV in UTF-8 or as .xlsx",
    ),
    "no_table": (
        "没有找到表头，至少要有一列“企业名称”；请检查表头行",
        "no row of headings was found; at least a column for the name (企业名称) is needed",
    ),
    "not_found": ("找不到文件", "there is no such file"),
    "no_access": ("无法读取：{detail}", "it cannot be read: {detail}"),
}

REFUSED: Final[dict[str, Pair]] = {
    "no_files": ("没有文件", "there are no files"),
    "same_file_twice": ("同一文件选了两次：{detail}", "the same file was given twice: {detail}"),
    "unknown_kind": ("没有这种导入：{detail}", "there is no import of this kind: {detail}"),
    "not_read": ("该批次尚未读取，请先读取文件", "this import has not been read yet; read its files first"),
    "already_committed": ("该批次已入账", "this import has been committed already"),
    "decided_since": (
        "预演之后又有改动，请先重新检查",
        "something was changed since the dry run; check again first",
    ),
    "overtaken": (
        "打开页面之后，{detail} 已改动此批次；您刚才的操作没有保存，请核对后再做一次",
        "{detail} changed this import after you opened the page; your change was not kept: look again, then repeat it",
    ),
    "no_such_choice": (
        "该行不能这样处理，请刷新页面后再选",
        "this cannot be said of this row; load the page again and choose",
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
    """(Chinese, English) about one file."""
    chinese, english = UNREADABLE[code]
    return (
        f"{name}：{chinese.format(detail=detail)}。",
        f"{name}: {english.format(detail=detail)}.",
    )


def refused(code: str, detail: str = "") -> Pair:
    chinese, english = REFUSED[code]
    return chinese.format(detail=detail) + "。", english.format(detail=detail).capitalize() + "."
