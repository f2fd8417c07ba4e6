"""What is wrong with a plan file or a question, said in Chinese and English.

Both languages always stand together, because such a file is written by one person and mended by another; so
these sentences are pairs here and not in the catalogue of the pages. No rule is decided here.
"""

from collections.abc import Sequence

from shanglian.common.core.policy import PolicyError, PolicyProblem

Pair = tuple[str, str]

PROBLEMS: dict[str, Pair] = {
    "alias_not_allowed": (
        "不允许使用锚点和引用，请写出内容",
        "anchors and aliases are not allowed; write it out",
    ),
    "day_not_after": ("结束日期必须晚于开始日期", "the later day must come after the earlier one"),
    "file_too_long": ("文件太长，上限（字符）", "the file is too long; the limit in characters is"),
    "growth_needs_more_than_0": (
        "按增长率推算的路径要求数值大于0",
        "a path of growth needs figures above 0; use path: linear",
    ),
    "id_is_not_file_name": ("id 必须与文件名一致", "the id must be the file's name"),
    "key_not_text": ("键必须是文字", "a key must be text"),
    "key_twice": ("同一个键出现两次，请删去一个", "this key stands there twice; remove one"),
    "measure_or_share": (
        "请写 measure，或同时写 numerator 和 denominator",
        "give either measure, or numerator and denominator",
    ),
    "missing": ("缺少这一项，请补上", "this is missing; add it"),
    "not_a_code": ("代码格式不对", "this is not a valid code"),
    "not_a_day": ("不是日期，请写成 2017-12-31", "this is not a day; write it as 2017-12-31"),
    "not_a_list": ("这里应为非空列表", "a list with at least one entry is expected"),
    "not_a_mapping": ("这里应为“键: 值”的组", "a group of “key: value” is expected"),
    "not_a_number": ("不是数字", "this is not a number"),
    "not_a_printed_figure": (
        "不是印刷数字，例如 3.65万、7%",
        "this is no printed figure such as 3.65万 or 7%",
    ),
    "not_between": ("超出允许范围", "this is outside the range allowed"),
    "not_one_of": ("不在允许的取值之内", "this is not one of the words allowed"),
    "not_text": ("不是文字；代码和编号请加引号", "this is not text; put codes and numbers into quotes"),
    "not_utf8": ("文件不是 UTF-8 编码，请另存为 UTF-8", "the file is not UTF-8; save it as UTF-8"),
    "not_yaml": ("YAML 语法错误", "this is not valid YAML"),
    "number_not_plain": (
        "数字请写成普通十进制；代码请加引号",
        "write a plain decimal number, or put a code into quotes",
    ),
    "path_needs_growth": ("路径 stated_growth 需要 growth", "path stated_growth needs growth"),
    "printed_differs": (
        "数值与其印刷形式在该精度内不符",
        "the figure does not agree with its printed form at that precision",
    ),
    "tag_not_allowed": ("不允许使用这种 YAML 类型", "this type of YAML is not allowed"),
    "near_below_met": ("near 不能小于 met", "near must not be less than met"),
    "twice": ("与前面的条目重复", "this repeats an entry above"),
    "unknown_base_has_value": ("基数标为 unknown，就不应有数值", "an unknown base has no value"),
    "unknown_indicator": ("indicators 中没有这个指标", "there is no such indicator in indicators"),
    "unknown_key": ("不认识这个键，请检查拼写", "this key is not known; check its spelling"),
    "unknown_measure": ("系统没有这个数据项，可用的有", "no such figure is offered; there are"),
    "unreadable": ("文件无法读取", "the file cannot be read"),
}


def problem_line(problem: PolicyProblem) -> str:
    """One problem in one line: file, line, field, then what is wrong, in both languages."""
    zh, en = PROBLEMS[problem.code]
    field, line = problem.field or "—", problem.line
    if problem.value:
        zh, en = f"{zh}：{problem.value}", f"{en}: {problem.value}"
    return f"{problem.file} 第{line}行 {field}：{zh} / line {line}, {field}: {en}"


def policy_message(error: PolicyError) -> str:
    head = "规划文件有误，未采用。 / The plan file has errors and was not used."
    return "\n".join([head, *(problem_line(problem) for problem in error.problems)])


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
