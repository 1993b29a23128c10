"""The ``Idempotency-Key`` header of draft-ietf-httpapi-idempotency-key-header-07."""

import logging
import re

import sqlalchemy as sa
from flask import Response, g, request

from moderation.errors import MalformedKeyError
from moderation.runtime import runtime
from moderation.services import idempotency
from moderation.services.idempotency import Claim
from moderation.storage.sites import ApiKey

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST_KEY = 255

# A structured field's string, perhaps with parameters; and bare, as many clients send it.
_QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])+)"\s*(?:;.*)?\Z')
_BARE = re.compile(r'[^\x00-\x20",\x7f-\U0010ffff]+\Z')

logger = logging.getLogger(__name__)


def begin(key: ApiKey) -> Response | None:
    """Begin a POST that names an idempotency key; answer it here if it was answered before."""
    header = request.headers.get(HEADER)
    if header is None or request.method != "POST":
        return None
    service = runtime()
    claim = idempotency.claim_for(
        key.id, _read(header), request.full_path.encode(), request.get_data()
    )
    before = idempotency.begin(service.database, claim, now=service.clock())
    if before is None:
        g.idempotency_claim = claim
        return None
    response = Response(before.body, before.status, content_type=before.content_type)
    response.headers[REPLAYED] = "true"
    return response


def finish(response: Response) -> Response:
    """Keep the answer of a request begun by ``begin``."""
    claim: Claim | None = g.pop("idempotency_claim", None)
    if claim is not None:
        try:
            idempotency.finish(
                runtime().database,
                claim,
                status=response.status_code,
                content_type=response.content_type or "",
                body=response.get_data(),
            )
        except sa.exc.SQLAlchemyError:
            # The work itself is done and must be answered; a repeat meets its natural key.
            logger.exception("an answer could not be kept")
    return response


def _read(header: str) -> str:
    header = header.strip()
    quoted = _QUOTED.match(header)
    key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else header
    if not (quoted or _BARE.match(header)) or len(key) > LONGEST_KEY:
        raise MalformedKeyError(
            f"{HEADER} is one string of 1 to {LONGEST_KEY} visible ASCII characters, "
            'quoted or not, such as "8e03978e-40d5-43dd-bc93-6894a57f9324"'
        )
    return key
