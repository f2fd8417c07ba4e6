"""What is wrong with a policy file, said in Chinese and English with file, line, field and remedy.

Both languages always stand together, because such a file is written by one person and mended by another; so
these sentences are pairs here and not in the catalogue of the pages. A room adds the words of its own rules.
"""

from collections.abc import Mapping

from shanglian.common.core.policy import PolicyError, PolicyProblem

Pair = tuple[str, str]

PROBLEMS: Mapping[str, Pair] = {
    "alias_not_allowed": (
        "不允许使用锚点和引用，请写出内容",
        "anchors and aliases are not allowed; write it out",
    ),
    "file_missing": ("找不到这个文件，请恢复它", "there is no such file; put it back"),
    "file_too_long": ("文件太长，上限（字符）", "the file is too long; the limit in characters is"),
    "heading_taken": (
        "同一表头只能归入一列（括号内为已归入的列），请删去一处",
        "a heading belongs to one column only (in brackets: whose it is already); remove one",
    ),
    "id_is_not_file_name": ("id 必须与文件名一致", "the id must be the file's name"),
    "key_not_text": ("键必须是文字", "a key must be text"),
    "key_twice": ("同一个键出现两次，请删去一个", "this key stands there twice; remove one"),
    "missing": ("缺少这一项，请补上", "this is missing; add it"),
    "not_a_code": ("代码格式不对", "this is not a valid code"),
    "not_a_day": ("不是日期，请写成 2017-12-31", "this is not a day; write it as 2017-12-31"),
    "not_a_flag": ("请写 true 或 false", "write true or false"),
    "not_a_list": ("这里应为非空列表", "a list with at least one entry is expected"),
    "not_a_mapping": (
        "这里应为“键: 值”的组（文件不能为空，冒号后要有空格）",
        "a group of “key: value” is expected (no empty file, a blank after the colon)",
    ),
    "not_a_number": ("不是数字", "this is not a number"),
    "not_a_pair": ("请写两个0到11的整数，例如 [2, 1]", "write two whole numbers from 0 to 11, such as [2, 1]"),
    "not_between": ("超出允许范围", "this is outside the range allowed"),
    "not_one_of": ("不在允许的取值之内", "this is not one of the words allowed"),
    "not_text": ("不是文字；代码和编号请加引号", "this is not text; put codes and numbers into quotes"),
    "not_utf8": ("文件不是 UTF-8 编码，请另存为 UTF-8", "the file is not UTF-8; save it as UTF-8"),
    "not_yaml": (
        "YAML 语法错误；请检查缩进（用空格，不用制表符）、冒号后的空格、引号和括号是否成对",
        "this is not valid YAML; check indentation (blanks, no tabs), the blank after a colon, quotes and brackets",
    ),
    "number_not_plain": (
        "数字请写成普通十进制；代码请加引号",
        "write a plain decimal number, or put a code into quotes",
    ),
    "one_attribute": (
        "一个数据项只能按一种属性统计（括号内为已写的一种）",
        "a figure is counted by one attribute only (in brackets: the one already given)",
    ),
    "tag_not_allowed": ("不允许使用这种 YAML 类型", "this type of YAML is not allowed"),
    "twice": ("与前面的条目重复", "this repeats an entry above"),
    "unknown_key": (
        "不认识这个键，请检查拼写；花括号内的文字含逗号时要加引号",
        "this key is not known; check its spelling, and quote a text with a comma inside {…}",
    ),
    "word_taken": (
        "同一写法只能归入一类（括号内为已归入的代码），请删去一处",
        "a spelling belongs to one entry only (in brackets: whose it is already); remove one",
    ),
    "unreadable": ("文件无法读取", "the file cannot be read"),
}


def problem_line(problem: PolicyProblem, words: Mapping[str, Pair] = PROBLEMS) -> str:
    """One problem in one line: file, line, field, then what is wrong, in both languages."""
    zh, en = words[problem.code]
    field, line = problem.field or "—", problem.line
    if problem.value:
        zh, en = f"{zh}：{problem.value}", f"{en}: {problem.value}"
    return f"{problem.file} 第{line}行 {field}：{zh} / line {line}, {field}: {en}"


def policy_message(error: PolicyError, words: Mapping[str, Pair] = PROBLEMS) -> str:
    """All problems of a file, one line each. `words`: PROBLEMS with those of the room that read the file."""
    return "\n".join(problem_line(problem, words) for problem in error.problems)
