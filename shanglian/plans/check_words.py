"""What plan_check found, said in Chinese and English. No rule is decided here."""

from collections.abc import Mapping
from fractions import Fraction

from shanglian.common.core.policy import PolicyProblem
from shanglian.common.policy_words import problem_line
from shanglian.plans.core.arithmetic import rounded
from shanglian.plans.core.checking import Finding
from shanglian.plans.core.plan import Label, Number, Plan
from shanglian.plans.core.status import plain
from shanglian.plans.wording import PROBLEMS, Pair

PLACES = 4

FINDINGS: Mapping[str, Pair] = {
    "after_period": ("目标日在规划期之后", "the target day lies after the plan's period"),
    "base_agrees": (
        "{target}按年均{rate}回推{years}年为{implied_base}，与基数{base}一致",
        "{target} taken back {years} years at {rate} a year is {implied_base}, which agrees with the base {base}",
    ),
    "base_differs": (
        "{target}按年均{rate}回推{years}年为{implied_base}，与基数{base}不符",
        "{target} taken back {years} years at {rate} a year is {implied_base}, not the base {base}",
    ),
    "base_from_change": (
        "规划未写基数；{target}减去{change}为{implied_base}",
        "the plan prints no base; {target} less {change} is {implied_base}",
    ),
    "base_from_growth": (
        "规划未写基数；{target}按年均{rate}回推{years}年为{implied_base}",
        "the plan prints no base; {target} taken back {years} years at {rate} a year is {implied_base}",
    ),
    "base_from_change_percent": (
        "规划未写基数；{target}按增长{rate_change}回推为{implied_base}",
        "the plan prints no base; {target} is {rate_change} above {implied_base}",
    ),
    "base_unknown": (
        "基数未知，目标日之前无法推算应达数",
        "the base is unknown: what is due before the target day cannot be reckoned",
    ),
    "change_agrees": (
        "{base}到{target}相差{difference}，与所写的{change}在其印刷精度内一致",
        "{base} to {target} is {difference}, which agrees with the stated {change} at its printed precision",
    ),
    "change_agrees_percent": (
        "{base}到{target}变化{rate_difference}，与所写的{rate_change}在其印刷精度内一致",
        "{base} to {target} is {rate_difference}, which agrees with the stated {rate_change} at its printed precision",
    ),
    "change_differs": (
        "{base}到{target}相差{difference}，与所写的{change}不符",
        "{base} to {target} is {difference}, not the stated {change}",
    ),
    "change_differs_percent": (
        "{base}到{target}变化{rate_difference}，与所写的{rate_change}不符",
        "{base} to {target} is {rate_difference}, not the stated {rate_change}",
    ),
    "definitions_differ": (
        "分子与分母所数的不是同一种对象（{other0}、{other1}）",
        "numerator and denominator do not count the same thing ({other0}, {other1})",
    ),
    "growth_agrees": (
        "{base}按年增长{rate}，{years}年后为{reached}，目标{target}需年增长{rate_needed}；按印刷精度，前者为{low}—{high}，"
        "后者为{target_low}—{target_high}，两者一致",
        "{base} growing by {rate} a year is {reached} after {years} years, and {target} needs {rate_needed} a year; at "
        "the printed precision the first is {low}–{high} and the second {target_low}–{target_high}: they agree",
    ),
    "growth_agrees_loosely": (
        "{base}按年增长{rate}，{years}年后为{reached}，目标{target}需年增长{rate_needed}；计入增长率本身的印刷精度后为"
        "{low}—{high}，与目标一致",
        "{base} growing by {rate} a year is {reached} after {years} years, and {target} needs {rate_needed} a year; "
        "with the printed precision of the rate itself it is {low}–{high}, which agrees with the target",
    ),
    "growth_differs": (
        "{base}按年增长{rate}，{years}年后为{reached}（按印刷精度{low}—{high}），与目标{target}"
        "（{target_low}—{target_high}）不符；目标需年增长{rate_needed}",
        "{base} growing by {rate} a year is {reached} after {years} years ({low}–{high} at the printed precision), not "
        "the target {target} ({target_low}–{target_high}), which needs {rate_needed} a year",
    ),
    "implied_denominator": (
        "“{other0}”的目标意味着{name}由{base}增至{target}，年增长{rate}；若实际增长更快，该目标将落空",
        "the target of “{other0}” implies “{name}” going from {base} to {target}, {rate} a year; if they grow "
        "faster, it fails",
    ),
    "implied_growth": (
        "{name}须由{base}增至{target}，年增长{rate}",
        "“{name}” must go from {base} to {target}, {rate} a year",
    ),
    "issued_above": (
        "已下达的{orgs}个单位的{name}目标合计{issued}，比总目标{target}多{short}",
        "targets for “{name}” issued to {orgs} organisations add up to {issued}, {short} above the issuer's {target}",
    ),
    "issued_agree": (
        "已下达的{orgs}个单位的{name}目标合计{issued}，与总目标{target}一致",
        "targets for “{name}” issued to {orgs} organisations add up to {issued}: they agree with the issuer's {target}",
    ),
    "issued_not_added": (
        "另有{orgs}个单位的{name}目标期限不同或只写增量，未计入合计",
        "targets for “{name}” of {orgs} more organisations are for another day or a change only, and are not added",
    ),
    "issued_short": (
        "已下达的{orgs}个单位的{name}目标合计{issued}，比总目标{target}少{short}，须由本级和未下达目标的单位完成",
        "targets for “{name}” issued to {orgs} organisations add up to {issued}, {short} short of the issuer's "
        "{target}: its own level and organisations without a target must bring the rest",
    ),
    "milestones": ("各节点应达：{milestones}", "due on each of these days: {milestones}"),
    "needed_for_change": (
        "“{other0}”提高{change}个百分点，{name}至少增加{fixed}，另加{per_share}乘以基期占比",
        "“{other0}” up {change} (points) takes {fixed} more of “{name}”, plus {per_share} times the share at the base",
    ),
    "not_measured": (
        "系统尚无此指标的数据，其进度无法得知",
        "nothing offers a figure for this indicator yet; where it stands cannot be known",
    ),
    "operator_against_direction": (
        "比较方式与指标的方向相反，请核对 operator 与 direction",
        "the comparison runs against the indicator's direction; check operator and direction",
    ),
    "part_above_whole": (
        "{name}的目标{part}大于其所属“{other0}”的目标{whole}",
        "the target {part} of “{name}” is above the target {whole} of “{other0}” it belongs to",
    ),
    "part_cannot_carry": (
        "{name}至少须增加{needed}，而“{other0}”只增加{added}，其余{others}须来自别处；或两条目标的统计口径不同",
        "“{name}” must grow by at least {needed}, “{other0}” brings only {added}: the other {others} must come from "
        "elsewhere, or the two targets count in different scopes",
    ),
    "share_agrees": ("由“{other0}”与“{other1}”算得{computed}，与目标{target}一致",
                     "“{other0}” over “{other1}” is {computed}, which agrees with the target {target}"),
    "share_differs": ("由“{other0}”与“{other1}”算得{computed}，与目标{target}不符",
                      "“{other0}” over “{other1}” is {computed}, not the target {target}"),
    "target_against_direction": (
        "目标相对基数的变化（{change}）与指标的方向相反",
        "from the base the target moves by {change}, against the indicator's direction",
    ),
}  # fmt: skip


def finding_json(finding: Finding, plan: Plan) -> dict[str, object]:
    zh, en = said(finding, plan)
    return {
        "severity": finding.severity,
        "code": finding.code,
        "indicator": finding.indicator,
        "clause": finding.clause,
        "org": finding.org or plan.issuer.org,
        "figures": {name: plain(value, PLACES) for name, value in finding.figures.items()},
        "message": f"{zh} / {en}",
        "message_zh": zh,
        "message_en": en,
        "file": plan.file,
        "line": finding.line,
    }


def problem_json(problem: PolicyProblem) -> dict[str, object]:
    """What is wrong with the file itself, as a finding."""
    zh, en = PROBLEMS[problem.code]
    return {
        "severity": "error",
        "code": problem.code,
        "indicator": "",
        "clause": "",
        "org": "",
        "figures": {},
        "message": problem_line(problem, PROBLEMS),
        "message_zh": f"{problem.field}：{zh}",
        "message_en": f"{problem.field}: {en}",
        "file": problem.file,
        "line": problem.line,
    }


def said(finding: Finding, plan: Plan) -> Pair:
    """The sentence in Chinese and in English."""
    zh, en = FINDINGS[finding.code]
    shown = {name: _shown(name, value) for name, value in finding.figures.items()}
    shown = {"rate": "—", **shown}
    milestones = [f"{day} {_shown('', value)}" for day, value in finding.figures.items() if day[:1].isdigit()]
    zh_names, en_names = (_names(finding, plan, language) for language in ("zh", "en"))
    zh_said = zh.format(**shown, **zh_names, milestones="、".join(milestones))
    en_said = en.format(**shown, **en_names, milestones=", ".join(milestones))
    if finding.assuming is not None:
        return f"{zh_said}（{finding.assuming.zh}）", f"{en_said} ({finding.assuming.en})"
    return zh_said, en_said


def _names(finding: Finding, plan: Plan, language: str) -> dict[str, str]:
    labels: dict[str, Label] = {indicator.code: indicator.name for indicator in plan.indicators}

    def called(code: str) -> str:
        return str(getattr(labels[code], language)) if code in labels else code

    return {
        "name": called(finding.indicator),
        **{f"other{n}": called(code) for n, code in enumerate(finding.others)},
    }


def _shown(name: str, value: Number) -> str:
    if name.startswith("rate"):
        return f"{float(rounded(value * 100, 2)):g}%"
    if abs(Fraction(value)) >= 1000:
        return f"{int(rounded(value, 0)):,}"
    return f"{float(rounded(value, 2)):g}"
