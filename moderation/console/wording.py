"""How labels, verdicts, times and numbers read in Indonesian."""

from datetime import datetime

from flask import Flask

from moderation.console.languages import language, say
from moderation.domain.days import WIB as WIB
from moderation.domain.decision import Decision, Source
from moderation.domain.verdict import Label, SpamKind, Verdict
from moderation.storage.queue import MOST_COUNTED

LABEL_NAMES: dict[Label, str] = {
    Label.SPAM: "Spam atau promosi",
    Label.ABUSE: "Hinaan",
    Label.HATE: "Kebencian SARA",
    Label.THREAT: "Ancaman",
    Label.SEXUAL: "Pelecehan seksual",
}
SHORT_LABEL_NAMES: dict[Label, str] = {
    Label.SPAM: "Spam",
    Label.ABUSE: "Hinaan",
    Label.HATE: "SARA",
    Label.THREAT: "Ancaman",
    Label.SEXUAL: "Pelecehan",
}
LABEL_RULES: dict[Label, str] = {
    Label.SPAM: "Iklan, judi, pinjaman, penipuan, atau tautan yang tidak ada hubungannya "
    "dengan berita.",
    Label.ABUSE: "Menghina atau memaki orang. Kritik keras pada kebijakan tetap boleh.",
    Label.HATE: "Menyerang orang karena suku, agama, ras, golongan, gender, atau disabilitas.",
    Label.THREAT: "Mengancam, mendoakan celaka, atau menghasut kekerasan.",
    Label.SEXUAL: "Melecehkan, berkata cabul, atau mengajak secara seksual.",
}
SPAM_KIND_NAMES: dict[SpamKind, str] = {
    SpamKind.JUDOL: "Judi online",
    SpamKind.PINJOL: "Pinjaman online",
    SpamKind.PENIPUAN: "Penipuan",
    SpamKind.INVESTASI: "Investasi meragukan",
    SpamKind.DEWASA: "Layanan dewasa",
    SpamKind.OBAT: "Obat atau ramuan",
    SpamKind.JASA: "Jasa",
    SpamKind.SEO: "Tautan titipan",
    SpamKind.DUKUN: "Dukun atau pesugihan",
    SpamKind.PROMOSI_AKUN: "Akun atau kanal",
}
VERDICT_NAMES: dict[Verdict, str] = {
    Verdict.APPROVE: "terbit otomatis",
    Verdict.REVIEW: "perlu ditinjau",
    Verdict.REJECT: "ditolak otomatis",
}
DECISION_NAMES: dict[Decision, str] = {
    Decision.APPROVE: "diterbitkan",
    Decision.REJECT: "ditolak",
}
SOURCE_NAMES: dict[Source, str] = {
    Source.CONSOLE: "di konsol ini",
    Source.API: "lewat API",
    Source.SITE: "di situs",
}

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
_UNITS = (("{count} hari", 86_400), ("{count} jam", 3_600), ("{count} menit", 60))


def age(since: datetime, now: datetime) -> str:
    """Return how long ago something happened: “3 menit”, “2 jam”, “baru saja”."""
    seconds = (now - since).total_seconds()
    for name, size in _UNITS:
        if seconds >= size:
            return say(name, count=int(seconds // size))
    return say("baru saja")


def clock_time(moment: datetime) -> str:
    """Return a time of day in Western Indonesia: “09.30 WIB”."""
    return f"{moment.astimezone(WIB):%H.%M} WIB"


def date_time(moment: datetime) -> str:
    """Return a date and time in Western Indonesia: “24 Nov 2026, 09.30 WIB”."""
    local = moment.astimezone(WIB)
    return f"{local.day} {say(_MONTHS[local.month - 1])} {local.year}, {clock_time(moment)}"


def day_month(moment: datetime) -> str:
    """Return a day in Western Indonesia: “24 Nov”."""
    local = moment.astimezone(WIB)
    return f"{local.day} {say(_MONTHS[local.month - 1])}"


def duration(seconds: float) -> str:
    """Return how long something took, in its largest fitting unit: “3 menit”, “1,5 jam”."""
    for name, size in _UNITS:
        if seconds >= size:
            return say(name, count=tenth(seconds / size))
    return say("{count} detik", count=round(seconds))


def percent(share: float) -> str:
    """Return a share as people read it: “87%”, “kurang dari 1%”."""
    if 0 < share < 0.01:
        return say("kurang dari 1%")
    return f"{round(share * 100)}%"


def tenth(number: float) -> str:
    """Return a number with one decimal: “3,6”, “12”."""
    written = f"{number:.1f}".removesuffix(".0")
    return written if language() == "en" else written.replace(".", ",")


def whole(count: int) -> str:
    """Return a whole number with Indonesian separators: “12.480”."""
    return f"{count:,}" if language() == "en" else f"{count:,}".replace(",", ".")


def counted(count: int, most: int = MOST_COUNTED) -> str:
    """Return a count that went no further than just above ``most``: “998”, “1.000+”."""
    return whole(count) if count <= most else f"{whole(most)}+"


def register(app: Flask) -> None:
    """Give the templates these words."""
    app.jinja_env.filters.update(
        age=age,
        clock_time=clock_time,
        date_time=date_time,
        duration=duration,
        percent=percent,
        tenth=tenth,
        counted=counted,
        whole=whole,
    )
    app.jinja_env.globals.update(
        LABEL_NAMES=LABEL_NAMES,
        LABEL_RULES=LABEL_RULES,
        SPAM_KIND_NAMES=SPAM_KIND_NAMES,
        SHORT_LABEL_NAMES=SHORT_LABEL_NAMES,
        VERDICT_NAMES=VERDICT_NAMES,
        DECISION_NAMES=DECISION_NAMES,
        SOURCE_NAMES=SOURCE_NAMES,
    )
