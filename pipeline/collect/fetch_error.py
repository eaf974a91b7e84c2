"""Why a document could not be fetched."""

REMEDY = "look the document up in a browser and correct the address in the registry"


class FetchError(Exception):
    """One document cannot be fetched; the message says why and what to do. The run goes on with the next."""


class TemporaryError(FetchError):
    """A failure that another try may mend. `host`: the one to leave alone; `wait`: seconds that it asks for, if any."""

    def __init__(self, reason: str, host: str = "", wait: float | None = None):
        super().__init__(reason)
        self.host = host
        self.wait = wait
