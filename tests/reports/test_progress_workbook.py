"""The workbook of the home page: the figures of the page, each with its definition, and no text that is a formula."""

from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook

from shanglian.members.queries import visible_stamp
from tests.guards import assert_guarded
from tests.reports.story import PLAN, World

ADDRESS = "/progress.xlsx?org=410100&on=2015-12-31"


def book_of(client: Any, address: str = ADDRESS) -> dict[str, list[list[Any]]]:
    response = client.get(address)
    assert response.status_code == 200
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(response.streaming_content)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_workbook_is_guarded(world: World) -> None:
    little = world.little
    assert_guarded(ADDRESS, allowed=little.olivia, forbidden=little.adam, elsewhere=little.oscar)


def test_it_holds_targets_ranking_and_movements(world: World, signed_in: Any) -> None:
    book = book_of(signed_in(world.little.lin, "en"))
    assert list(book) == ["Targets", "Ranking", "Movement", "Definitions"]
    target = dict(zip(book["Targets"][0], book["Targets"][1], strict=True))
    assert {name: target[name] for name in ("Target", "Actual", "Due", "Gap", "Base", "Register's base", "Goal")} == {
        "Target": "Members", "Actual": 14, "Due": 16, "Gap": -2, "Base": 11, "Register's base": 10, "Goal": 22,
    }  # fmt: skip
    assert [row[1:8] for row in book["Ranking"][1:]] == [
        [1, "410105", "金水区", "yes", 8, 6, 2],
        [2, "410103", "二七区", "yes", 4, 6, -2],
        ["", "410100-hkg", "航空港区", "no: zone", "", "", ""],
    ]
    assert [row[-1] for row in book["Movement"]] == ["Total", 15, 1, 0, 0, 2, 0, 0, 14]


def test_every_figure_has_its_definition(world: World, signed_in: Any) -> None:
    said = dict(book_of(signed_in(world.little.lin, "en"))["Definitions"])
    assert said["Organisation"] == "410100 郑州市工商业联合会"
    assert (said["At the end of"], said["Movement from"], said["Movement to"]) == (
        "2015-12-31",
        "2015-01-01",
        "2015-12-31",
    )
    assert said["Known on (data version)"] == visible_stamp().isoformat()
    assert said["Plan"] == "little-2014-2017 示例〔2014〕1号"


def test_a_text_that_looks_like_a_formula_stays_a_text(world: World, signed_in: Any) -> None:
    evil = PLAN.replace("en: Members}", 'en: "=1+1"}').replace("zh: 会员总数", 'zh: "=1+1"')
    (world.plans / "little-2014-2017.yaml").write_text(evil, encoding="utf-8")
    assert next(iter(book_of(signed_in(world.little.lin)).values()))[1][0] == "=1+1"


def test_a_day_that_is_none_gives_no_workbook(world: World, signed_in: Any) -> None:
    assert signed_in(world.little.lin).get("/progress.xlsx?org=410100&on=2015-02-30").status_code == 400
