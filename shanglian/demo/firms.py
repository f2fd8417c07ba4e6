"""Invented firms for the demo: a number and a seed say everything about one, so any roster can be made again.

Every name carries 示例, every organisation code begins with YY (which no authority gives), every telephone number
lies in a range that was never assigned, and no person has a name. Pure: no Django, no clock.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from shanglian.common.core.codes import org_code_check_sign, uscc_check_sign

_SIGNS = "安百邦昌辰诚川达德鼎东帆丰富冠广海和恒宏华汇嘉建金景聚康科乐力联林隆茂明铭盛泰天通旺祥兴"
_TIMES = 700_001  # has no factor in common with the counts of names and codes: every number comes once
NAMES = len(_SIGNS) ** 3
CODES = 10**6
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"

# Section of GB/T 4754, its printed name, what a firm and a shop of it are called, and how many of a hundred there are.
_TRADES = (
    ("A", "农、林、牧、渔业", "农业科技", "果蔬行", 5),
    ("C", "制造业", "机械制造", "食品坊", 26),
    ("E", "建筑业", "建筑工程", "门窗店", 9),
    ("F", "批发和零售业", "商贸", "百货店", 30),
    ("G", "交通运输、仓储和邮政业", "物流", "货运部", 4),
    ("H", "住宿和餐饮业", "餐饮管理", "面馆", 6),
    ("I", "信息传输、软件和信息技术服务业", "网络科技", "数码店", 6),
    ("K", "房地产业", "置业", "家居店", 4),
    ("L", "租赁和商务服务业", "企业管理咨询", "广告部", 6),
    ("O", "居民服务、修理和其他服务业", "汽车服务", "维修部", 4),
)
_TRADE_WEIGHTS = [trade[-1] for trade in _TRADES]
_MEMBER_TYPES = ("企业会员", "个人会员", "团体会员")
# How many of a thousand members are of each type: of a first roster, and of those who join while the plan runs.
STOCK = (435, 553, 12)
JOINERS = (610, 362, 28)
# What an enterprise is registered as, and how many of a thousand.
_REGISTERED = (
    ("私营有限责任公司", 640),
    ("私营独资企业", 130),
    ("私营企业", 95),
    ("私营股份有限公司", 70),
    ("私营合伙企业", 50),
    ("集体企业", 4),
    ("股份合作企业", 4),
    ("其他有限责任公司", 4),
    ("中外合资经营企业", 3),
)
_REGISTERED_NAMES = [name for name, _weight in _REGISTERED]
_REGISTERED_WEIGHTS = [weight for _name, weight in _REGISTERED]
# Group members that are no chambers.
_SOCIETIES = ("私营企业协会", "个体劳动者协会", "青年企业家联谊会", "创业促进会")
_PREFIXES = {"企业会员": "91", "个人会员": "92", "团体会员": "51"}


@dataclass(frozen=True, slots=True)
class Firm:
    """What a roster's row says of a member."""

    name: str
    uscc: str
    member_type: str
    registered_as: str
    section: str
    legal_rep: str
    phone: str
    address: str
    founded: date


def invent_firm(
    number: int, *, seed: int, place: str, area: str, before: date, types: tuple[int, int, int] = JOINERS
) -> Firm:
    """The firm with this number. `place` is the area's name, `area` its six digits; founded before `before`;
    `types`: how many of a thousand are enterprises, self-employed, societies.

    Two numbers below NAMES never give the same name or code, whatever the place.
    """
    chance = Random(f"{seed}:{number}")  # noqa: S311 - invented data, nothing secret
    member_type = chance.choices(_MEMBER_TYPES, types)[0]
    (_letter, section, trade, shop, _weight) = chance.choices(_TRADES, _TRADE_WEIGHTS)[0]
    return Firm(
        name=_name(_sign_name(number, seed), place, member_type, trade, shop, chance),
        uscc=_code_of(member_type, area, number, seed),
        member_type=member_type,
        registered_as=_registration(member_type, chance),
        section=section,
        legal_rep=invent_person(chance),
        phone=f"1700000{chance.randrange(10_000):04}",
        address=f"{place}示例路{chance.randrange(1, 400)}号",
        founded=before - timedelta(days=chance.randrange(200, 7000)),
    )


def as_chamber(firm: Firm, number: int, *, seed: int, area: str, name: str, founded: date) -> Firm:
    """The chamber with this name in the place of a firm: a group member."""
    code = _code_of("团体会员", area, number, seed)
    kind = _registration("团体会员", Random(seed))  # noqa: S311 - invented data, nothing secret
    return replace(firm, name=name, uscc=code, member_type="团体会员", registered_as=kind, founded=founded)


def invent_person(chance: Random) -> str:
    return f"示例{chance.choice(_STEMS)}{chance.choice(('', *_BRANCHES))}"


def _registration(member_type: str, chance: Random) -> str:
    match member_type:
        case "个人会员":
            return "个体工商户"
        case "团体会员":
            return "社会团体"
        case _:
            return str(chance.choices(_REGISTERED_NAMES, _REGISTERED_WEIGHTS)[0])


def _sign_name(number: int, seed: int) -> str:
    rest = (number * _TIMES + seed) % NAMES
    signs = []
    for _place in range(3):
        rest, which = divmod(rest, len(_SIGNS))
        signs.append(_SIGNS[which])
    return "".join(signs)


def _name(sign: str, place: str, member_type: str, trade: str, shop: str, chance: Random) -> str:
    match member_type:
        case "个人会员":
            return f"{place}{sign}示例{shop}"
        case "团体会员":
            return f"{place}{sign}示例{chance.choice(_SOCIETIES)}"
        case _:
            return f"{place}{sign}示例{trade}有限公司"


def _code_of(member_type: str, area: str, number: int, seed: int) -> str:
    return _unified_code(_PREFIXES[member_type], area, (number * _TIMES + seed) % CODES)


def _unified_code(prefix: str, area: str, number: int) -> str:
    subject = f"YY{number:06}"
    first = f"{prefix}{area}{subject}{org_code_check_sign(subject)}"
    return first + uscc_check_sign(first)
