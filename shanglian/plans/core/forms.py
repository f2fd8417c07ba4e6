"""The forms of codes in this room's policy files, and what their readers share."""

from datetime import date

from shanglian.common.core.policy import Section
from shanglian.plans.core.plan import Label

PLAN_ID = r"[a-z0-9]+(-[a-z0-9]+)*"
ORG_CODE = r"[0-9a-z]+(-[0-9a-z]+)*"
INDICATOR_CODE = r"[a-z]+(_[a-z0-9]+)*"
MEASURE_NAME = r"[a-z_]+(\.[a-z0-9_]+)+"
CLAUSE = r".{1,40}"  # as the document numbers itself: "2.2.1", "二（一）"
FORMAT = 1
SOME_DAY = date(1, 1, 1)  # stands in for a missing day while reading goes on; never leaves the readers


def read_label(section: Section) -> Label:
    label = Label(zh=section.string("zh"), en=section.string("en"))
    section.close()
    return label
