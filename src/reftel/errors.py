"""The errors that reftel raises on purpose, each of them one line: what, where, remedy.

ReftelError
├── InputError      an input that cannot be read as a cable; the other inputs still are
├── QueryError      a search that cannot be read, with the place (in reftel.archive.query)
├── ModelError      the tagger's files are missing or damaged
└── UsageError      options that do not go together
"""

from __future__ import annotations


class ReftelError(Exception):
    """Base of all errors raised on purpose; `str(error)` is one clear line."""


class InputError(ReftelError):
    """An input that holds no cable: `where` names it, `what` says what is wrong, `remedy` what to do."""

    def __init__(self, where: str, what: str, remedy: str) -> None:
        super().__init__(f"{where}: {what}; {remedy}")
        self.where = where
        self.what = what
        self.remedy = remedy

    def __reduce__(self) -> tuple[type[InputError], tuple[str, str, str]]:
        """Made anew from its three parts in another process."""
        return InputError, (self.where, self.what, self.remedy)


class ModelError(ReftelError):
    """The tagger's model is missing, damaged or of another version."""


class UsageError(ReftelError):
    """Options or arguments that do not go together."""
