"""Errors that are told to the user in one line."""


class UserError(Exception):
    """A mistake that the user can mend: the message names the file, the reason and the remedy, in one line.

    Commands print it to stderr and exit with 2. It is never shown with a traceback.
    """


class DocumentError(Exception):
    """One document cannot be used; the run goes on and `documents.csv` lists the reason.

    `status` is one of `codebook.STATUSES`; the message says what is wrong and what to do.
    """

    def __init__(self, status: str, reason: str):
        super().__init__(reason)
        self.status = status
        self.reason = reason
