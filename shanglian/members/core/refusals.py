"""Why the register says no before the database has to: codes with the figures that belong to them."""


class Refused(Exception):
    """An action that the register's present state does not allow. `code` names the rule, `figures` the values."""

    def __init__(self, code: str, **figures: object) -> None:
        super().__init__(code)
        self.code = code
        self.figures = figures
