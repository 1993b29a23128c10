"""Read a request as Akismet's clients write it: any charset, bare names, slashed text."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from urllib.parse import unquote_to_bytes

from flask import Request

from moderation.domain.comment import Author, Parent, Story, Submission

LONGEST_CONTENT = 2**16
_LONGEST_NAME = 500
_LONGEST_URL = 4_000

# Charsets a site may be written in. Python knows more codecs, and some of them are slow or
# decode to something else than text.
_CHARSET = re.compile(
    r"(utf-?8|us-ascii|iso-8859-\d{1,2}|windows-125\d|koi8-[ru]|gbk|gb2312|gb18030|big5"
    r"|shift_jis|euc-jp|euc-kr|tis-620)\Z",
    re.IGNORECASE,
)
_CONTEXT = re.compile(r"comment_context(\[\d*\])?\Z")
_SLASHED = re.compile(r"\\(.?)", re.DOTALL)

Form = Mapping[str, str]


def read_form(request: Request) -> dict[str, str]:
    """Return the fields of body and query; a field named twice has its last value.

    The values of ``comment_context`` are joined under that name, however its brackets are
    written.
    """
    fields: dict[str, str] = {}
    context: list[str] = []
    for name, value in _fields(request):
        if _CONTEXT.match(name):
            context.append(value)
        else:
            fields[name] = value
    if context:
        fields["comment_context"] = ", ".join(part for part in context if part)
    return fields


def as_submission(form: Form, *, from_wordpress: bool) -> Submission:
    """Return the comment; its ``comment_id`` is left empty, for Akismet has none."""
    if from_wordpress and not form.get("recheck_reason") and not came_over_rest(form):
        # What WordPress has just been sent by its form is still slashed; what comes over its REST
        # API, or from its database to be rechecked or reported, is not.
        form = {name: _unslash(value) for name, value in form.items()}
    return Submission(
        comment_id="",
        text=form.get("comment_content", ""),
        article=Story(
            id=_clip(form, "comment_post_ID", _LONGEST_NAME),
            url=_clip(form, "permalink", _LONGEST_URL),
            summary=_clip(form, "comment_context", _LONGEST_URL),
        ),
        author=Author(
            id=_known_user(form),
            name=_clip(form, "comment_author", _LONGEST_NAME),
            email=_clip(form, "comment_author_email", _LONGEST_NAME),
            url=_clip(form, "comment_author_url", _LONGEST_URL),
            ip=_clip(form, "user_ip", _LONGEST_NAME),
            user_agent=_clip(form, "user_agent", _LONGEST_URL),
        ),
        parent=Parent(_clip(form, "comment_parent", _LONGEST_NAME)),
        submitted_at=_read_time(form.get("comment_date_gmt", "")),
    )


def is_set(form: Form, name: str) -> bool:
    """Say whether a flag is on, as ``1`` or ``true``."""
    return form.get(name, "").strip().lower() in {"1", "true", "yes", "on"}


def came_over_rest(form: Form) -> bool:
    """Say whether the reader wrote over WordPress's REST API instead of its form."""
    uri = form.get("REQUEST_URI", "")
    return "/wp/v2/comments" in uri or "%2Fwp%2Fv2%2Fcomments" in uri


def is_guaranteed_spam(form: Form) -> bool:
    """Say whether this is one of the protocol's test comments that must be called spam."""
    author = form.get("comment_author", "").strip().lower()
    email = form.get("comment_author_email", "").strip().lower()
    return (
        author in {"akismet-guaranteed-spam", "viagra-test-123"}
        or email == "akismet-guaranteed-spam@example.com"
    )


def _fields(request: Request) -> Iterator[tuple[str, str]]:
    yield from ((name, _storable(value)) for name, value in request.args.items(multi=True))
    if request.mimetype == "multipart/form-data":
        yield from ((name, _storable(value)) for name, value in request.form.items(multi=True))
        return
    charset = _charset(request.mimetype_params.get("charset", ""))
    for field in request.get_data(cache=False).split(b"&"):
        # An empty field comes as its bare name: `comment_author_url&comment_parent=0`.
        name, _, value = field.partition(b"=")
        if name:
            yield _decode(name, charset), _decode(value, charset)


def _charset(declared: str) -> str:
    charset = declared.strip().strip("\"'")
    return charset if _CHARSET.match(charset) else "utf-8"


def _decode(raw: bytes, charset: str) -> str:
    plain = unquote_to_bytes(raw.replace(b"+", b" "))
    try:
        return _storable(plain.decode(charset, "replace"))
    except LookupError:
        return _storable(plain.decode("utf-8", "replace"))


def _storable(text: str) -> str:
    """Replace what no database stores: NUL, and halves of surrogate pairs."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _unslash(text: str) -> str:
    """Take one level of slashes away, as PHP's ``stripslashes`` does."""
    return _SLASHED.sub(r"\1", text)


def _clip(form: Form, name: str, longest: int) -> str:
    return form.get(name, "")[:longest]


def _known_user(form: Form) -> str:
    """Return the site's id of a writer who is logged in; WordPress sends 0 for a visitor."""
    user = form.get("user_ID") or form.get("user_id") or ""
    return "" if user == "0" else user[:_LONGEST_NAME]


def _read_time(written: str) -> datetime | None:
    """Read a time of any of the forms clients send; one that cannot be read is left out."""
    try:
        time = datetime.fromisoformat(written.strip())
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
