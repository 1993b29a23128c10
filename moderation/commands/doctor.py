"""Check from a site's side that the service it is to use is there and answers rightly."""

from collections.abc import Iterable
from datetime import UTC, datetime

import click

from moderation.commands.examination import Finding, Site, examine

_WORDING: dict[str, dict[str, tuple[str, str]]] = {
    "id": {
        "address": ("alamat menjawab", "periksa --url, DNS, proksi, dan sertifikat TLS"),
        "answers": ("setiap panggilan dijawab", "periksa jaringan, proksi, dan sertifikat TLS"),
        "clock": ("jam kedua mesin cocok", "nyalakan NTP di kedua mesin"),
        "ready": ("basis data dan model siap", "lihat log layanan; /readyz menyebut yang kurang"),
        "stranger": ("kunci asing ditolak", "layanan menerima kunci apa pun: jangan dipakai"),
        "key": ("kunci API diterima", "minta kunci dengan scope submit"),
        "clean": ("komentar baik dinilai terbit", "model mungkin belum terpasang"),
        "judol": ("promosi judi tidak langsung terbit", "model mungkin belum terpasang"),
        "perspective": ("Perspective: skor diberikan", "periksa kunci dan model"),
        "perspective_empty": ("Perspective: komentar kosong ditolak", "periksa versi layanan"),
        "akismet_key": ("Akismet: kunci sah", "buat dengan `key add --scope akismet`"),
        "akismet_stranger": ("Akismet: kunci asing ditolak", "jangan dipakai"),
        "akismet_spam": ("Akismet: vektor spam dijawab true", "ada proksi yang mengubah jawaban?"),
        "akismet_admin": ("Akismet: administrator dijawab false", "periksa versi layanan"),
        "akismet_ham": ("Akismet: komentar baik dijawab false", "model mungkin belum terpasang"),
        "akismet_plan": ("Akismet: langganan aktif", "layar kunci WordPress akan menolak"),
        "coral": ("Coral: tanda tangan diterima", "pasang dengan `coral-secret`"),
        "coral_stranger": ("Coral: tanda tangan asing ditahan", "jangan dipakai"),
        "webhook": ("alamat webhook situs menerima", "periksa alamat, sertifikat, dan rahasianya"),
        "webhook_stranger": ("webhook asing ditolak situs", "situs harus memeriksa tanda tangan"),
    },
    "en": {
        "address": ("the address answers", "check --url, DNS, proxy and TLS certificate"),
        "answers": ("every call is answered", "check network, proxy and TLS certificate"),
        "clock": ("the two clocks agree", "run NTP on both machines"),
        "ready": ("database and model are ready", "see the log; /readyz names what is missing"),
        "stranger": ("an unknown key is refused", "the service takes any key: do not use it"),
        "key": ("the API key is accepted", "ask for a key with the scope submit"),
        "clean": ("a good comment is approved", "perhaps there is no model"),
        "judol": ("gambling promotion is not approved", "perhaps there is no model"),
        "perspective": ("Perspective: scores are given", "check key and model"),
        "perspective_empty": ("Perspective: an empty comment is refused", "check the version"),
        "akismet_key": ("Akismet: the key is valid", "make one with `key add --scope akismet`"),
        "akismet_stranger": ("Akismet: an unknown key is refused", "do not use this service"),
        "akismet_spam": ("Akismet: the spam vector is true", "does a proxy change answers?"),
        "akismet_admin": ("Akismet: an administrator is false", "check the version"),
        "akismet_ham": ("Akismet: a good comment is false", "perhaps there is no model"),
        "akismet_plan": ("Akismet: the subscription is active", "WordPress will refuse the key"),
        "coral": ("Coral: the signature is accepted", "set it with `coral-secret`"),
        "coral_stranger": ("Coral: a foreign signature is held", "do not use this service"),
        "webhook": ("the site's webhook accepts", "check address, certificate and secret"),
        "webhook_stranger": ("the site refuses a foreign webhook", "let it check signatures"),
    },
}
_SUMMARY = {
    "id": ("Semua {total} pemeriksaan lulus.", "{failed} dari {total} pemeriksaan gagal."),
    "en": ("All {total} checks passed.", "{failed} of {total} checks failed."),
}


@click.command()
@click.option("--url", required=True, help="The service's address, as the site will use it.")
@click.option("--key", required=True, help="An API key with the scope submit.")
@click.option("--akismet-key", default="", help="Check the Akismet protocol with this key too.")
@click.option("--coral-site", default="", help="Check Coral's phase of this site too.")
@click.option("--coral-secret", default="", help="The signing secret of that site.")
@click.option("--webhook-url", default="", help="Check the site's own webhook address too.")
@click.option("--webhook-secret", default="", help="The signing secret of that webhook.")
@click.option(
    "--language", type=click.Choice(list(_WORDING)), default="id", help="Indonesian or English."
)
def doctor(language: str, **given: str) -> None:
    """Ask the service what a site will ask it, and list what is right and what is not.

    Nothing is stored. Exit status 1 if anything failed.
    """
    if not given["url"].startswith(("http://", "https://")):
        raise click.ClickException("--url begins with http:// or https://")
    if not _report(examine(Site(**given), clock=lambda: datetime.now(UTC)), language):
        raise SystemExit(1)


def _report(findings: Iterable[Finding], language: str) -> bool:
    """Print each finding as it comes; return whether all passed."""
    total = failed = 0
    for finding in findings:
        total += 1
        says, advice = _WORDING[language][finding.name]
        if finding.passed:
            click.echo(f"✓ {says}")
        else:
            failed += 1
            click.echo(f"✗ {says}: {finding.seen}\n  → {advice}")
    well, ill = _SUMMARY[language]
    click.echo((ill if failed else well).format(total=total, failed=failed))
    return not failed
