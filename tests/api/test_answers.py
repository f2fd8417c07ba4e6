"""What the API answers, whole; that it agrees with the pages; and what a member costs."""

from datetime import date
from typing import Any

import pytest

from shanglian.config.api import api
from shanglian.directory.actions import rename_org
from shanglian.imports.models import Batch
from shanglian.members.core.kinds import EntityKind
from shanglian.members.models import Entity, Identifier, Span
from tests.factories.members import make_entity, make_member
from tests.little_federation import BEGINNING
from tests.sample_codes import uscc

V1 = "/api/v1"


def of(client: Any, address: str) -> Any:
    response = client.get(f"{V1}{address}")
    assert response.status_code == 200, response.content
    return response.json()


def test_a_page_of_members(world: Any, program: Any) -> None:
    firm = make_entity("示例阿云有限公司")
    Identifier.objects.create(entity=firm, scheme="uscc", value=uscc(7))
    make_member(world.little.textile, date(2015, 1, 1), world.little.officer, entity=firm)
    client = program(world.little.alice)
    assert of(client, "/members?on=2015-12-31&q=阿云") == {
        "total": 1,
        "page": 1,
        "limit": 50,
        "next": None,
        "capped": False,
        "on": "2015-12-31",
        "members": [
            {
                "id": firm.pk,
                "name": "示例阿云有限公司",
                "kind": "enterprise",
                "category": "enterprise",
                "org": "410105-sh-001",
                "org_name": "金水区纺织商会（示例）",
                "since": "2015-01-01",
                "home": True,
                "sample": True,
                "identifiers": [{"scheme": "uscc", "value": uscc(7), "state": "valid"}],
            }
        ],
    }
    pages = [of(client, f"/members?on=2015-12-31&limit=4&page={page}") for page in (1, 2, 3, 4)]
    assert [(page["total"], len(page["members"]), page["next"]) for page in pages] == [
        (9, 4, 2),
        (9, 4, 3),
        (9, 1, None),
        (9, 0, None),
    ]
    assert len({line["id"] for page in pages for line in page["members"]}) == 9


def test_group_members_of_one_kind(world: Any, program: Any) -> None:
    for name, kind in (("示例大厦", "building_chamber"), ("示例小街", "street_chamber")):
        body = make_entity(name, kind=EntityKind.ASSOCIATION)
        make_member(world.little.jinshui, date(2015, 1, 1), world.little.officer, entity=body, group_kind=kind)
    found = of(program(world.little.alice), "/members?on=2015-12-31&group_kind=building_chamber")
    assert [line["name"] for line in found["members"]] == ["示例大厦"]


def test_one_member(world: Any, program: Any) -> None:
    firm = make_entity("示例阿云有限公司", legal_rep="示例甲", phones=["13812345678"], founded_on=date(2010, 5, 1))
    membership = make_member(world.little.jinshui, date(2015, 1, 1), world.little.officer, entity=firm)
    make_member(world.little.kaifeng, date(2015, 6, 1), world.little.officer, entity=firm)
    answer = of(program(world.little.alice), f"/members/{firm.pk}")
    (entry,) = answer.pop("ledger")
    assert answer == {
        "id": firm.pk,
        "name": "示例阿云有限公司",
        "kind": "enterprise",
        "legal_rep": "示例甲",
        "phones": "138****5678",
        "address": "",
        "founded_on": "2010-05-01",
        "sample": True,
        "identifiers": [],
        "memberships": [
            {
                "membership": membership.pk,
                "org": "410105",
                "org_name": "郑州市金水区工商业联合会",
                "category": "enterprise",
                "home": True,
                "since": "2015-01-01",
                "until": None,
            }
        ],
        "facts": [],
        "ledger_hidden": 1,
    }
    assert (entry["kind"], entry["on"], entry["reverses"]) == ("joined", "2015-01-01", None)
    assert entry["legs"] == [
        {"line": "joined", "org": "410105", "category": "enterprise", "memberships": 1, "heads": 1}
    ]


def test_a_member_costs_five_queries_by_token(world: Any, program: Any, django_assert_num_queries: Any) -> None:
    client, member = program(world.little.alice), Span.objects.filter(org=world.little.jinshui)[0].entity_id
    with django_assert_num_queries(5):
        of(client, f"/members/{member}")


def test_organisations_of_a_day_and_one_with_its_history(world: Any, program: Any) -> None:
    little = world.little
    rename_org(little.erqi, name="二七新名", on=date(2016, 1, 1), reason="更名决定", actor=little.adam)
    client = program(little.alice)
    tree = of(client, "/organisations?on=2015-12-31&under=410105")
    assert [(line["code"], line["depth"], line["since"]) for line in tree["organisations"]] == [
        ("410105", 2, str(BEGINNING)),
        ("410105-sh-001", 3, str(BEGINNING)),
    ]
    answer = of(client, "/organisations/410103?on=2015-12-31")
    assert [change.pop("recorded_at")[-6:] for change in answer["changes"]] == ["+08:00", "+08:00"]
    assert answer == {
        "code": "410103",
        "name": "郑州市二七区工商业联合会",
        "kind": "county",
        "sample": False,
        "on": "2015-12-31",
        "alive": True,
        "parent": "410100",
        "children": [],
        "names": [
            {"name": "郑州市二七区工商业联合会", "since": str(BEGINNING), "until": "2016-01-01"},
            {"name": "二七新名", "since": "2016-01-01", "until": None},
        ],
        "places": [{"parent": "410100", "since": str(BEGINNING), "until": None}],
        "lives": [{"since": str(BEGINNING), "until": None}],
        "changes": [
            {"what": "found", "on": str(BEGINNING), "reason": ""},
            {"what": "rename", "on": "2016-01-01", "reason": "更名决定"},
        ],
    }


def test_figures_count_what_the_reader_may_see(world: Any, program: Any) -> None:
    answer = of(program(world.little.lin), "/statistics?org=410100&on=2015-12-31&by=org")
    definition = answer.pop("definition")
    assert definition.pop("known_on").endswith("+08:00")
    assert definition == {
        "org": "410100",
        "count": "heads",
        "tree": "then",
        "scope": "all",
        "by": ["org"],
        "on": "2015-12-31",
    }
    assert answer == {
        "rows": [
            {"org": "410100", "value": 1},
            {"org": "410100-sh-001", "value": 1},
            {"org": "410103", "value": 4},
            {"org": "410105", "value": 7},
            {"org": "410105-sh-001", "value": 1},
        ],
        "total": 14,
    }
    moved = of(program(world.little.lin), "/movements?org=410100&from=2015-01-01&to=2015-12-31")
    assert moved["total"] == {
        "opening": 15,
        "joined": 1,
        "moved_in": 0,
        "reclassified_in": 0,
        "left": 2,
        "moved_out": 0,
        "reclassified_out": 0,
        "closing": 14,
        "taken_over": 0,
    }
    assert {name: moved["definition"][name] for name in ("from", "to")} == {"from": "2015-01-01", "to": "2015-12-31"}


def test_a_chamber_sees_its_own_figures_without_those_below(world: Any, program: Any) -> None:
    assert of(program(world.little.sam), "/statistics?org=410105-sh-001&on=2015-12-31")["total"] == 1


def test_where_the_plan_stands_and_what_is_behind_a_measure(world: Any, program: Any) -> None:
    client = program(world.little.lin)
    shipped = of(client, "/plans")["plans"]
    assert "little-2014-2017" in [plan["plan"] for plan in shipped]
    (target,) = of(client, "/plans/little-2014-2017/status?on=2015-12-31")["targets"]
    assert {name: target[name] for name in ("indicator", "actual", "due", "state")} == {
        "indicator": "members",
        "actual": 14,
        "due": 16.5,
        "state": "behind",
    }
    assert {"measure": "members.heads", "unit": "members"} in of(client, "/measures")["measures"]
    answer = of(client, "/measures/members.heads?org=410100&on=2015-12-31&items=3")
    assert (answer["value"], len(answer["items"]), answer["items_total"]) == (14, 3, 14)
    assert Entity.objects.filter(pk__in=answer["items"]).count() == 3


def test_imports_and_what_became_of_their_rows(world: Any, program: Any) -> None:
    batch = Batch.objects.get()
    client = program(world.little.alice)
    assert [line["id"] for line in of(client, "/imports?state=committed")["imports"]] == [str(batch.pk)]
    assert of(client, "/imports?state=drafts")["total"] == 0
    answer = of(client, f"/imports/{batch.pk}")
    assert {name: answer[name] for name in ("kind", "org", "on", "state", "complete", "rows", "rows_total")} == {
        "kind": "posts",
        "org": "410105",
        "on": "2016-12-31",
        "state": "committed",
        "complete": False,
        "rows": {"booked": 1},
        "rows_total": 1,
    }
    assert [file["name"] for file in answer["files"]] == ["职务名单.xlsx"]


@pytest.mark.parametrize("address", ["/members?limit=50", "/organisations", "/imports"])
def test_lists_cost_the_same_however_long(
    world: Any, program: Any, django_assert_max_num_queries: Any, address: str
) -> None:
    client = program(world.little.lin)
    with django_assert_max_num_queries(20) as few:
        of(client, address)
    for _number in range(5):
        make_member(world.little.erqi, date(2015, 1, 1), world.little.officer)
    with django_assert_max_num_queries(len(few)):
        of(client, address)


def test_the_document_is_served_and_names_what_may_go_wrong(world: Any, program: Any) -> None:
    document = of(program(world.little.alice), "/openapi.json")
    assert document == api.get_openapi_schema()
    for route in document["paths"].values():
        assert {"200", "401", "403", "404", "422"} <= route["get"]["responses"].keys()
