"""Expected failures, each with a message that says what to do. HTTP is not known here."""


class ModerationError(Exception):
    """A failure a caller can act on; its text is safe to show."""


class SettingsError(ModerationError):
    """The environment asks for something the service refuses to start with."""


class ArtefactError(ModerationError):
    """A model artefact is missing, damaged, or was made for other library versions."""


class CopyError(ModerationError):
    """A copy of the database could not be made, or is not what it should be."""


class NotFoundError(ModerationError):
    """What was asked for does not exist, or belongs to another site."""


class ForbiddenError(ModerationError):
    """The caller is known, but may not do this."""


class InvalidError(ModerationError):
    """A value is well formed and still cannot be accepted; ``pointer`` says where it stands."""

    def __init__(self, detail: str, pointer: str) -> None:
        super().__init__(detail)
        self.pointer = pointer


class ContentConflictError(ModerationError):
    """The same revision of a comment was handed in before with other content."""


class MalformedKeyError(ModerationError):
    """What came as an idempotency key is none."""


class ReusedKeyError(ModerationError):
    """An idempotency key came with another request before."""


class StillRunningError(ModerationError):
    """The same request is being answered right now; nothing was done twice."""


class StaleItemError(ModerationError):
    """A queue item was changed by somebody else, or its lease was lost; nothing was written."""


class ArchiveError(ModerationError):
    """An archive cannot be read, or what was begun of its report belongs to something else."""


class ClusterError(ModerationError):
    """Work was to be spread over machines that cannot be reached, or the means are missing."""
