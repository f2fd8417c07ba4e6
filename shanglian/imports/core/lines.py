"""What a row of a sheet is: data, a line over the rows below it, or a total, note or remark that is no data.

Judged before merged cells and 同上 are filled in, so that a total beside a merged county is still a total.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Final

from shanglian.imports.core.cells import Cell, is_blank, text_of
from shanglian.imports.core.columns import Column, SheetKind, plain_heading

_TOTAL = re.compile(
    r"[^\w]*.{0,12}?(?:小计|合计|总计|共计|累计|总数|总户数|总家数)(?=[\d:(,、共为约是=]|$)"
    r"|(?i:(?:sub|grand)?-?total|sum)(?=[\d:=]|$)"
)
_NOTE = re.compile(
    r"[(\[【*※]*(?:"
    r"(?:附|备)?注\d*[)\]】]?[:.、]|(?:填表|填报|填写)?说明\d*[)\]】]?[:、]"
    r"|(?:单位|主要|部门)?(?:制表|填表|填报|统计|审核|复核|审批|审签|校对|负责人?|主管|经办|经手|联系人?|报送|上报|制作|录入|日期|时间)"
    r"(?:人员|人|者|单位|部门|机关|领导|时间|日期|电话|签字|签名|签章|盖章)*(?:\([^()]*\))?:"
    r"|(?:填报|报送|制表)单位"
    r"|单位(?:\([^()]*\))?:|.{0,30}\(?(?:盖章|公章|签章)\)?$|[-—]*\(?以下(?:空白|无正文|为空)|第[\d一二三四五六七八九十]+页|共\d+页|\d+/\d+页"
    r"|(?:填写)?(?:范|示|样)?例(?:如|子)?:|以上.{0,12}\d+(?:家|户|名|个))"
)
_DAY_LINE = re.compile(r"(?:(?:\d{4}|[〇零○一二三四五六七八九]{4})年.{1,3}月(?:.{1,3}日)?|年月日|截[至止].*)$")
_SECTION = re.compile(
    r"(?:[(【]?(?:第?[一二三四五六七八九十]{1,3}(?:部分|类|章)?[)、.,:】]|第[一二三四五六七八九十]{1,3}(?:部分|类))|[一二三四五六七八九十]{1,3}[)】]).*"
    r"|.*(?:名册|名单|名录|一览表|汇总表|登记表|情况表|统计表|花名册|明细表|会员表)(?:\([^()]*\))?:?"
)
_AROUND_SECTION = re.compile(
    r"^[\[(【◆■●★*]*(?:第?[一二三四五六七八九十\d]{1,3}[)、.,:】](?!\d))?|"
    r"(?:工商业联合会|总商会|工商联|会员单位|会员企业|企业会员|会员|单位|企业|部分|\(?共?计?\d+[家户个名条]\)?|[\])】:、\s])+$"
)
_ORDINAL = re.compile(r"[(]?[一二三四五六七八九十]{1,3}[)]?[、.,]?|[IVX]{1,4}[、.,]?")
_COUNTED = re.compile(r".{1,30}[(]?共?计?\d+[家户个名][)]?:?")
_PLACE_NUMBERS = re.compile(r"\(?(?:\d{1,2}|[甲乙丙丁戊己庚辛壬癸A-Z]|栏次)\)?")
_EXAMPLE: Final = frozenset({"例", "示例", "样例", "举例", "例如", "例:", "示例:", "填写示例", "范例"})
_SUSPECT: Final = frozenset(
    "注附备说制填审复核负责主管经联系报上录日期时单位校统部以共合小总累本全截第—-(（[【*※◆■●例样举示甲栏年一二三四五六七八九十TtGgSs"
)
_FEW: Final = 2
_MANY: Final = 8  # a total or a note fills fewer cells


class Line(Enum):
    DATA = "data"
    TITLE = "title"
    OTHER = "other"


@dataclass(frozen=True)
class Layout:
    columns: dict[int, Column]
    headings: Sequence[str]
    kind: SheetKind

    @cached_property
    def positions(self) -> tuple[int, ...]:
        return tuple(sorted(self.columns))

    @cached_property
    def main(self) -> int:
        """The position of the column every row must have."""
        return next((p for p in self.positions if self.columns[p].required), min(self.positions, default=0))

    @cached_property
    def looks_right(self) -> dict[bool, tuple[Callable[[Cell], bool], ...]]:
        """Whether identifying → how the content of such columns is known."""
        known = [column for column in self.kind.columns if not column.required]
        return {
            kind: tuple(c.looks_right for c in known if c.looks_right is not None and c.identifying is kind)
            for kind in (True, False)
        }

    @cached_property
    def codes(self) -> tuple[int, ...]:
        """The positions of identifying columns."""
        return tuple(p for p in self.positions if self.columns[p].identifying)


def looks_like_headings(cells: Sequence[Cell]) -> bool:
    """Short texts without long numbers: what a row of headings is made of."""
    some = False
    for cell in cells:
        if is_blank(cell):
            continue
        if not isinstance(cell, str) or len(cell) > 60 or re.search(r"\d{5}", cell):
            return False
        some = True
    return some


def repeats_headings(cells: Sequence[Cell], headings: Sequence[str]) -> bool:
    """The headings once more, or one of their rows."""
    return all(
        is_blank(cell) or (p < len(headings) and _is_part(text_of(cell), headings[p])) for p, cell in enumerate(cells)
    )


def _is_part(text: str, heading: str) -> bool:
    return heading.startswith(text) or heading.endswith(text)


def line_of(cells: Sequence[Cell], layout: Layout, wide: Sequence[tuple[int, int]]) -> tuple[Line, str]:
    """What the row is, and for a title its text. `wide`: which cells are merged sideways."""
    main = layout.main
    name = cells[main] if main < len(cells) else None
    empty = cells.count("") + cells.count(None)
    first = cells[0] if cells else None
    if (
        not wide
        and len(cells) - empty > _FEW
        and type(name) is str
        and name
        and not name.isspace()
        and name[0] not in _SUSPECT
        and "计" not in name
        and name != layout.headings[main]
        and name not in layout.kind.spellings
        and (type(first) is not str or not first or (first[0] not in _SUSPECT and "计" not in first))
        and len(name) > 1
    ):
        return Line.DATA, ""
    return _judged(cells, layout, wide)


def _judged(cells: Sequence[Cell], layout: Layout, wide: Sequence[tuple[int, int]]) -> tuple[Line, str]:
    if _holds_code(cells, layout.codes, layout) and not repeats_headings(cells, layout.headings):
        return Line.DATA, ""  # most rows, and it is asked for little
    filled = [(position, text) for position, text in enumerate(map(text_of, cells)) if text]
    if not any(position in layout.columns for position, _ in filled):
        text = filled[0][1] if len(filled) == 1 else ""
        return (Line.TITLE, text) if text and _is_section(text, layout) else (Line.OTHER, "")
    if repeats_headings(cells, layout.headings):
        return Line.OTHER, ""
    if _holds_code(cells, [position for position, _ in filled], layout):
        return Line.DATA, ""
    if plain_heading(dict(filled).get(layout.main, "")) in layout.kind.by_heading:
        return Line.OTHER, ""  # what is a heading elsewhere is nobody's name
    plain = {position: _plain(text) for position, text in filled}
    if _is_remark(plain, layout) or (
        layout.main in plain and len(plain) > 2 and _is_place_numbers(list(plain.values()))
    ):
        return Line.OTHER, ""
    if filled[0][0] > layout.main and _is_bare_sum(cells):
        return Line.OTHER, ""
    texts = {text for _, text in filled}
    spans = [(left, right) for left, right in wide if left <= layout.main <= right and right - left >= 2]
    if len(filled) == 2 and filled[1][0] == layout.main and _is_numbered_section(filled[0][1], filled[1][1], layout):
        return Line.TITLE, filled[1][1]
    if len(texts) == 1:
        position, text = filled[0]
        if spans or _is_section(text, layout) or position not in layout.columns:
            return Line.TITLE, text
        if _DAY_LINE.fullmatch(_plain(text)):
            return Line.OTHER, ""
    return Line.DATA, ""


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _is_remark(plain: dict[int, str], layout: Layout) -> bool:
    """A total in or before the main column, or a note in the first cell that holds something."""
    if len(plain) > _MANY:
        head = [text for position, text in plain.items() if position <= layout.main]
        return any(_TOTAL.match(text) for text in head)
    first_position, first = next(iter(plain.items()))
    if _NOTE.match(first) or (first_position != layout.main and first in _EXAMPLE):
        return True
    return any(
        _TOTAL.match(text) for position, text in plain.items() if position <= layout.main or position == first_position
    )


def _is_bare_sum(cells: Sequence[Cell]) -> bool:
    """Amounts alone, behind an empty name: a total that does not say so."""
    return all(
        is_blank(cell)
        or (isinstance(cell, int | float) and abs(cell) < 1e7)
        or (isinstance(cell, str) and re.fullmatch(r"[\d.,]{1,9}", cell.strip()) is not None and len(cell.strip()) < 7)
        for cell in cells
    )


def _is_place_numbers(texts: Sequence[str]) -> bool:
    """甲 乙 1 2 3: the numbers of the columns below their headings."""
    return all(_PLACE_NUMBERS.fullmatch(text) for text in texts)


def _is_numbered_section(number: str, text: str, layout: Layout) -> bool:
    """二、 in the first cell, 金水区（2家） in that of the name."""
    if not _ORDINAL.fullmatch(_plain(number)):
        return False
    return _COUNTED.fullmatch(_plain(text)) is not None or _is_section(text, layout)


def bare_title(text: str) -> str:
    """A line over rows without its numbering and what it says of the rows: 二、金水区工商联（2家） is 金水区."""
    return _AROUND_SECTION.sub("", _plain(text))


def _is_section(text: str, layout: Layout) -> bool:
    plain = _plain(text)
    if len(plain) > 40:
        return False
    if _SECTION.fullmatch(plain):
        return True
    bare = bare_title(text)
    return bool(bare) and _looks_right(bare, layout, identifying=False)


def _holds_code(cells: Sequence[Cell], positions: Sequence[int], layout: Layout) -> bool:
    width = len(cells)
    return any(_looks_right(cells[p], layout, identifying=True) for p in positions if p < width and cells[p])


def _looks_right(cell: Cell, layout: Layout, *, identifying: bool) -> bool:
    """The content is that of a code (identifying) or of another column that is known by its content."""
    return any(looks_right(cell) for looks_right in layout.looks_right[identifying])
