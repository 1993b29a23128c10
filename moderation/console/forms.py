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
from wtforms.validators import AnyOf, InputRequired, Length, Optional, ValidationError

from moderation.console.wording import LABEL_NAMES
from moderation.domain.decision import LONGEST_NOTE, Decision
from moderation.domain.verdict import LABELS, Label

_REQUIRED = "Wajib diisi."
_REJECT_AS = f"{Decision.REJECT.value}:"
_CHOICES = [decision.value for decision in Decision] + [_REJECT_AS + label for label in LABELS]


class LoginForm(FlaskForm):
    """Name and password."""

    username = StringField("Nama pengguna", [InputRequired(_REQUIRED), Length(max=100)])
    password = PasswordField("Kata sandi", [InputRequired(_REQUIRED), Length(max=1000)])


class CodeForm(FlaskForm):
    """The code a person's device shows now, or one of their recovery codes."""

    code = StringField("Kode", [InputRequired(_REQUIRED), Length(max=40)])


class PasswordForm(FlaskForm):
    """The password once more: whoever merely found an open session does not know it."""

    password = PasswordField("Kata sandi", [InputRequired(_REQUIRED), Length(max=1000)])


class OwnerForm(PasswordForm):
    """The password and a code, before what protects an account is changed."""

    code = StringField("Kode", [InputRequired(_REQUIRED), Length(max=40)])


class DecisionForm(FlaskForm):
    """A decision on the comment at the version the person saw.

    ``decision`` may carry a label (``reject:spam``), so that one button rejects with a reason.
    ``take`` takes the comment first; ``back`` leads back to the list.
    """

    version = IntegerField("Versi", [InputRequired(_REQUIRED)])
    decision = HiddenField("Keputusan", [AnyOf(_CHOICES, "Pilih terbitkan atau tolak.")])
    labels = SelectMultipleField(
        "Alasan penolakan",
        choices=[SelectChoice(label.value, name) for label, name in LABEL_NAMES.items()],
    )
    note = TextAreaField(
        "Catatan untuk redaksi (opsional)",
        [Length(max=LONGEST_NOTE, message=f"Paling banyak {LONGEST_NOTE} huruf.")],
    )
    take = HiddenField()
    back = HiddenField()

    def ruling(self) -> tuple[Decision, list[Label]]:
        """Return the decision with its labels; publishing has none."""
        name, _, label = (self.decision.data or "").partition(":")
        if name != Decision.REJECT.value:
            return Decision.APPROVE, []
        chosen = {label, *(self.labels.data or [])}
        return Decision.REJECT, [one for one in LABELS if one.value in chosen]

    def validate_labels(self, field: SelectMultipleField) -> None:
        """Refuse a rejection that gives no reason."""
        if self.decision.data == Decision.REJECT.value and not field.data:
            raise ValidationError("Pilih paling sedikit satu alasan untuk menolak.")


class HoldForm(FlaskForm):
    """An act on what a person holds."""


class SkipForm(FlaskForm):
    """Leaving a comment to others; without a version if it was not held."""

    version = IntegerField("Versi", [Optional()])
    back = HiddenField()


class UndoForm(FlaskForm):
    """Taking back the decision seen at a version."""

    version = IntegerField("Versi", [InputRequired(_REQUIRED)])


class ReplyForm(FlaskForm):
    """A note to keep for another time."""

    text = StringField("Catatan", [InputRequired(_REQUIRED), Length(max=300)])
