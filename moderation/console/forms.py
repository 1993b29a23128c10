"""What people fill in, checked on the server, with messages in Indonesian."""

from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    IntegerField,
    PasswordField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, InputRequired, Length, ValidationError

from moderation.console.wording import LABEL_NAMES
from moderation.domain.decision import LONGEST_NOTE, Decision

_REQUIRED = "Wajib diisi."


class LoginForm(FlaskForm):
    """Name and password."""

    username = StringField("Nama pengguna", [InputRequired(_REQUIRED), Length(max=100)])
    password = PasswordField("Kata sandi", [InputRequired(_REQUIRED), Length(max=1000)])


class DecisionForm(FlaskForm):
    """A decision on the comment at the version the person saw."""

    version = IntegerField("Versi", [InputRequired(_REQUIRED)])
    decision = HiddenField(
        "Keputusan",
        [AnyOf([decision.value for decision in Decision], "Pilih terbitkan atau tolak.")],
    )
    labels = SelectMultipleField(
        "Alasan penolakan",
        choices=[SelectChoice(label.value, name) for label, name in LABEL_NAMES.items()],
    )
    note = TextAreaField(
        "Catatan untuk redaksi (opsional)",
        [Length(max=LONGEST_NOTE, message=f"Paling banyak {LONGEST_NOTE} huruf.")],
    )

    def validate_labels(self, field: SelectMultipleField) -> None:
        """Refuse a rejection that gives no reason."""
        if self.decision.data == Decision.REJECT.value and not field.data:
            raise ValidationError("Pilih paling sedikit satu alasan untuk menolak.")


class HoldForm(FlaskForm):
    """An act on a comment that is held, at the version the person saw."""

    version = IntegerField("Versi", [InputRequired(_REQUIRED)])
