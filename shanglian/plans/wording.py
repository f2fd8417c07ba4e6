"""What is wrong with a plan file or a question, said in Chinese and English.

Both languages always stand together, because such a file is written by one person and mended by another; so
these sentences are pairs here and not in the catalogue of the pages. No rule is decided here.
"""

from collections.abc import Sequence

from shanglian.common import policy_words
from shanglian.common.core.policy import PolicyError

Pair = tuple[str, str]

PROBLEMS: dict[str, Pair] = {
    **policy_words.PROBLEMS,
    "by_or_percent": (
        "by（绝对数或百分点）与 percent（比基数增长的百分数）只写一个",
        "give either by (units or points) or percent (of the base), not both",
    ),
    "change_goes_linear": (
        "只写 change 的目标，路径请写 linear",
        "a target that is only a change takes path: linear",
    ),
    "day_not_after": ("结束日期必须晚于开始日期", "the later day must come after the earlier one"),
    "growth_needs_more_than_0": (
        "按增长率推算的路径要求数值大于0",
        "a path of growth needs figures above 0; use path: linear",
    ),
    "less_than_0": ("不能小于0", "this must not be less than 0"),
    "measure_or_share": (
        "请写 measure，或同时写 numerator 和 denominator；尚无数据项的写 measure: none",
        "give either measure, or numerator and denominator; write measure: none if no figure is offered yet",
    ),
    "not_a_share": ("这个指标不是比例", "this indicator is no share"),
    "not_a_printed_figure": (
        "不是印刷数字，例如 3.65万、7%",
        "this is no printed figure such as 3.65万 or 7%",
    ),
    "nothing_to_freeze": ("没有 denominator，无从固定", "there is no denominator to freeze"),
    "path_needs_growth": ("路径 stated_growth 需要 growth", "path stated_growth needs growth"),
    "printed_differs": (
        "数值与其印刷形式在该精度内不符",
        "the figure does not agree with its printed form at that precision",
    ),
    "near_below_met": ("near 不能小于 met", "near must not be less than met"),
    "per_needs_denominator": (
        "per 只用于有 denominator 的比例；百分比请写 unit: percent",
        "per is for a ratio with a denominator; for per cent write unit: percent",
    ),
    "step_out_of_order": (
        "各阶段日期须按先后排列，并在基数日与目标日之间",
        "steps stand in the order of their days, between the base's day and the target's",
    ),
    "steps_need_value": (
        "分阶段目标（steps）需要写明 value，路径请写 linear 或 compound",
        "steps need a value, and path: linear or compound",
    ),
    "unknown_base_has_value": ("基数标为 unknown，就不应有数值", "an unknown base has no value"),
    "unknown_indicator": ("indicators 中没有这个指标", "there is no such indicator in indicators"),
    "unknown_measure": (
        "系统没有这个数据项（括号内为可用的；自定义见 policies/figures）",
        "no such figure is offered (in brackets those that are; policies/figures defines more)",
    ),
    "value_or_change": ("请写 value，或写 change", "give a value, or a change on the base"),
}


def policy_message(error: PolicyError) -> str:
    """All problems of a plan file, one line each, in both languages."""
    head = "规划文件有误，未采用。 / The plan file has errors and was not used."
    return f"{head}\n{policy_words.policy_message(error, PROBLEMS)}"


def plan_not_found(name: str, known: Sequence[str]) -> str:
    there = ", ".join(known) or "—"
    return f"找不到规划“{name}”，现有：{there}。 / There is no plan “{name}”; there are: {there}."


def org_not_covered(org: str, plan: str) -> str:
    return (
        f"组织“{org}”当日不在规划“{plan}”制定单位之下。 / "
        f"The organisation “{org}” did not stand under the issuer of the plan “{plan}” on that day."
    )


def org_not_found(org: str) -> str:
    return (
        f"没有代码为“{org}”的组织（统计代码不能代替组织代码）。 / "
        f"There is no organisation with the code “{org}” (statistical codes are not organisation codes)."
    )


def measure_not_found(name: str, known: Sequence[str]) -> str:
    there = ", ".join(known) or "—"
    return f"没有数据项“{name}”，现有：{there}。 / There is no figure “{name}”; there are: {there}."
