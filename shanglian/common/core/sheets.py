"""Text on its way into a spreadsheet and back: what a program could take for a formula is made harmless. Pure."""

_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet program could take the text for a formula, once it has dropped an apostrophe in front."""
    return text.lstrip("'").startswith(_BEGINNINGS)


def safe_cell(text: str) -> str:
    """The text as a cell of a CSV: with an apostrophe in front where a program could take it for a formula.

    A workbook needs none: there the cell itself says that it is text (common/workbooks.py).
    """
    return f"'{text}" if is_formula_like(text) else text


def plain_cell(cell: str) -> str:
    """The text that `safe_cell` made the cell of: `plain_cell(safe_cell(text)) == text`."""
    return cell[1:] if cell.startswith("'") and is_formula_like(cell) else cell
