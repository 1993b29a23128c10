"""Failures as pages a person can act on."""

import logging
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from moderation.errors import InvalidError, NotFoundError

logger = logging.getLogger(__name__)

_PAGES: dict[int, tuple[str, str]] = {
    HTTPStatus.BAD_REQUEST: (
        "Permintaan tidak dapat dibaca",
        "Kembali ke antrean dan coba sekali lagi.",
    ),
    HTTPStatus.FORBIDDEN: (
        "Halaman ini bukan untuk peran Anda",
        "Mintalah kepada pengelola jika Anda memerlukannya.",
    ),
    HTTPStatus.NOT_FOUND: (
        "Halaman tidak ditemukan",
        "Mungkin tautannya salah, atau komentarnya sudah dihapus.",
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        "Tindakan ini harus lewat tombol",
        "Kembali ke antrean dan gunakan tombol yang tersedia.",
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        "Isian terlalu panjang",
        "Persingkat catatan Anda, lalu kirim lagi.",
    ),
}
_OTHERWISE = ("Terjadi gangguan", "Tidak ada yang berubah. Coba lagi sebentar lagi.")


def register(part: Blueprint) -> None:
    """Answer every failure under a blueprint with a page."""
    part.register_error_handler(CSRFError, handle_expired_form)
    part.register_error_handler(NotFoundError, handle_missing)
    part.register_error_handler(InvalidError, handle_invalid)
    part.register_error_handler(HTTPException, handle_http_exception)
    part.register_error_handler(Exception, handle_unexpected)


def handle_expired_form(_error: CSRFError) -> ResponseReturnValue:
    """Send a person back to a fresh form; theirs was from an ended session, or from elsewhere."""
    flash("Halaman itu sudah kedaluwarsa. Silakan ulangi.", "error")
    return redirect(url_for("console.login"))


def handle_missing(_error: NotFoundError) -> ResponseReturnValue:
    """Say that there is no such comment."""
    return _page(HTTPStatus.NOT_FOUND)


def handle_invalid(_error: InvalidError) -> ResponseReturnValue:
    """Say that an address or form does not make sense."""
    return _page(HTTPStatus.BAD_REQUEST)


def handle_http_exception(error: HTTPException) -> ResponseReturnValue:
    """Say what the framework refused; redirects pass."""
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    return _page(error.code)


def handle_unexpected(_error: Exception) -> ResponseReturnValue:
    """Say that something failed; the log has the trace."""
    logger.exception("unexpected failure", extra={"route": str(request.url_rule)})
    return _page(HTTPStatus.INTERNAL_SERVER_ERROR)


def _page(status: int) -> ResponseReturnValue:
    title, advice = _PAGES.get(status, _OTHERWISE)
    return render_template("console/error.html", title=title, advice=advice), status
