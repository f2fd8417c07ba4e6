"""What is wrong with a file of organisations, in Chinese and English."""

from shanglian.common import policy_words
from shanglian.common.core.policy import PolicyError

PROBLEMS = {
    **policy_words.PROBLEMS,
    "code_twice": ("这个代码前面已有组织使用", "an organisation above has this code already"),
    "kind_not_allowed_there": ("这类组织不能设在该上级之下", "an organisation of this kind cannot stand there"),
    "only_for_zones": ("只有功能区可以写工商联成立日期", "only a zone says since when it has a federation"),
    "parent_not_above": (
        "上级组织须写在它前面，并且当日已存在",
        "the parent must stand above it in the file and exist on its days",
    ),
}


def policy_message(error: PolicyError) -> str:
    """All problems of the file, one line each."""
    head = "组织文件有误，未采用。 / The file of organisations has errors and was not used."
    return f"{head}\n{policy_words.policy_message(error, PROBLEMS)}"
