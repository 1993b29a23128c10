"""The audit log: who did what to what, and when; filtered, paged, and as a file."""

import json
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from moderation.console.auth import current_reach
from moderation.console.desk.access import EDITORS, page
from moderation.console.desk.asking import Days
from moderation.console.desk.downloads import as_csv
from moderation.console.desk.people import ROLE_NAMES
from moderation.console.languages import say
from moderation.console.wording import DECISION_NAMES, LABEL_NAMES, tenth
from moderation.runtime import runtime
from moderation.storage import acts, users
from moderation.storage.acts import Act, Wanted

PAGE_SIZE = 100
MOST_EXPORTED = 50_000
BATCH_PREFIX = "batch."

ACT_NAMES: dict[str, str] = {
    "comment.approve": "menerbitkan komentar",
    "comment.reject": "menolak komentar",
    "comment.undo": "membatalkan keputusannya",
    "batch.approve": "menerbitkan banyak komentar sekaligus",
    "batch.reject": "menolak banyak komentar sekaligus",
    "batch.undo": "membatalkan tindakan massal",
    "policy.save": "menyimpan kebijakan",
    "second-look.answer": "meninjau ulang tanpa melihat keputusan pertama",
    "second-look.ask": "meminta label yang diragukan diperiksa ulang",
    "second-look.share": "mengatur bagian yang ditinjau ulang",
    "user.add": "menambah orang",
    "user.role": "mengubah peran",
    "user.enable": "mengaktifkan akun",
    "user.disable": "mematikan akun",
    "user.end-sessions": "mengakhiri sesi",
    "user.password": "membuat kata sandi baru",
    "user.second-factor": "menyalakan langkah kedua",
    "user.second-factor-off": "mematikan langkah kedua",
    "user.second-factor-reset": "mencabut langkah kedua orang lain",
    "user.recovery-code": "memakai kode cadangan",
    "user.recovery-codes": "membuat kode cadangan baru",
    "user.profile": "mengubah jangkauan atau nama samaran",
    "key.add": "membuat kunci API",
    "key.revoke": "mencabut kunci API",
    "key.rotate": "mengganti kunci API",
    "author.erase": "menghapus data pembaca",
    "author.export": "mengekspor data pembaca",
    "article.hot": "memperketat ambang artikel ramai",
    "article.calm": "melonggarkan ambang artikel yang tenang",
    "article.calmed": "melonggarkan ambang artikel ramai",
    "article.uncalmed": "memperketat lagi ambang artikel ramai",
    "campaign.approve": "mengizinkan kampanye",
    "campaign.approve.done": "selesai mengizinkan anggota kampanye",
    "campaign.reject": "menolak kampanye",
    "campaign.reject.done": "selesai menolak anggota kampanye",
    "campaign.undo": "membatalkan keputusan kampanye",
    "campaign.undo.done": "selesai membatalkan keputusan kampanye",
    "complaint.complaint": "menerima pengaduan",
    "complaint.takedown": "menerima perintah takedown",
    "complaint.appeal": "menerima banding",
    "complaint.owner": "mengatur penanganan pengaduan",
    "complaint.removed": "menyelesaikan pengaduan: diturunkan",
    "complaint.restored": "menyelesaikan pengaduan: dipulihkan",
    "complaint.kept": "menyelesaikan pengaduan: dibiarkan",
    "coral.secret": "mengganti rahasia Coral",
    "retain": "menghapus data yang habis masa simpannya",
    "rule.change": "mengubah daftar dan aturan",
    "site.owner": "mengganti pemilik situs",
    "webhook.add": "menambah alamat webhook",
    "webhook.rotate": "mengganti rahasia webhook",
    "webhook.remove": "menghapus alamat webhook",
    "webhook.replay": "mengirim ulang webhook",
}

DETAIL_NAMES: dict[str, str] = {
    "allowed_per_1000": "boleh lolos dari 1.000",
    "dataset": "dataset",
    "decision": "jawaban",
    "everywhere": "semua situs",
    "evidence": "sidik jari bukti",
    "owner": "ditangani",
    "high": "sampai skor",
    "label": "jenis",
    "labels": "alasan",
    "low": "dari skor",
    "note": "catatan",
    "places": "tempat",
    "pseudonym": "nama samaran",
    "reopened": "kembali menunggu",
    "role": "peran",
    "share": "bagian",
    "size": "jumlah",
    "source": "lewat",
}
_VALUE_NAMES: dict[str, str] = {
    **{decision.value: name for decision, name in DECISION_NAMES.items()},
    **{label.value: name for label, name in LABEL_NAMES.items()},
    **{role.value: name for role, name in ROLE_NAMES.items()},
    "console": "konsol",
    "site": "situs",
    "api": "API",
    "dial": "kenop",
    "restored": "versi lama dipakai lagi",
    "handed-back": "kembali ke bawaan",
}


@page("/audit", EDITORS)
def show_audit() -> ResponseReturnValue:
    """List acts, the latest first."""
    service = runtime()
    days = Days.asked(service.clock())
    actor, act = request.args.get("actor", ""), request.args.get("act", "")
    export = request.args.get("format") == "csv"
    with service.database.reading() as tx:
        wanted = Wanted(days.to_period(), current_reach(tx), actor, act)
        entries = acts.list_acts(
            tx,
            wanted,
            before=request.args.get("before", type=int),
            limit=MOST_EXPORTED if export else PAGE_SIZE + 1,
        )
        actors, kinds = acts.list_choices(tx, wanted)
        names = users.display_names(tx)
    if export:
        return as_csv(
            f"jejak-{days.first}-{days.last}",
            ["Waktu (UTC)", "Pelaku", "Tindakan", "Massal", "Terhadap", "Situs", "Rincian"],
            (_as_row(entry) for entry in entries),
        )
    return render_template(
        "console/desk/audit.html",
        entries=entries[:PAGE_SIZE],
        next_before=entries[PAGE_SIZE - 1].id if len(entries) > PAGE_SIZE else None,
        days=days,
        query={**days.to_query(), "actor": actor, "act": act},
        actor=actor,
        act=act,
        actors=actors,
        acts=kinds,
        names=names,
        ACT_NAMES=ACT_NAMES,
        is_batch=_is_batch,
        describe=_describe,
    )


def _as_row(entry: Act) -> list[str]:
    return [
        entry.at.isoformat(timespec="seconds"),
        entry.actor,
        entry.act,
        "ya" if _is_batch(entry) else "",
        entry.subject,
        entry.site_name or "",
        json.dumps(entry.detail, ensure_ascii=False, sort_keys=True),
    ]


def _is_batch(entry: Act) -> bool:
    return entry.act.startswith(BATCH_PREFIX)


def _describe(entry: Act) -> str:
    """Return the details that say something, in one line."""
    parts = (
        f"{say(DETAIL_NAMES.get(name, name))}: {_in_words(value)}"
        for name, value in sorted(entry.detail.items())
        if value not in ("", [], None)
    )
    return " · ".join(parts)


def _in_words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_in_words(one) for one in value)
    if isinstance(value, bool):
        return say("ya") if value else say("tidak")
    if isinstance(value, float):
        return tenth(value * 100) + "%"
    return say(_VALUE_NAMES[str(value)]) if str(value) in _VALUE_NAMES else str(value)
