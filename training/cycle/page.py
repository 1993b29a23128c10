"""A cycle's report on one page, for editors: plain words, in Indonesian."""

from collections.abc import Iterator, Mapping
from typing import Any

from training.cycle.outcome import Name, Outcome, Report

_OUTCOMES = {
    Outcome.PROMOTED: "Model baru DIPAKAI.",
    Outcome.REFUSED: "Model baru TIDAK dipakai; model lama tetap bekerja.",
    Outcome.NOTHING_NEW: "Tidak ada model baru; model lama tetap bekerja.",
    Outcome.FAILED: "GAGAL; model lama tetap bekerja.",
}
_STEPS = {
    Name.CHAMPION: "memeriksa model lama",
    Name.DATASET: "mengumpulkan keputusan",
    Name.TRAIN: "melatih model baru",
    Name.EVALUATE: "menguji model baru",
    Name.COMPARE: "membandingkan dengan model lama",
    Name.PROMOTE: "memutuskan pemakaian",
}
_LABELS = {
    "spam": "spam",
    "abuse": "hinaan",
    "hate": "ujaran kebencian (SARA)",
    "threat": "ancaman",
    "sexual": "pelecehan seksual",
    "any": "semua jenis",
}
_FIGURES = {
    "average precision": "ketepatan urutan skor",
    "F1": "ketepatan label (F1)",
    "rejected by machine": "yang ditolak mesin sendiri",
    "harmful not approved": "komentar berbahaya yang tertahan",
    "harmless not rejected": "komentar baik yang tidak ditolak",
}
_SETS = {
    "newsroom": "komentar terbaru redaksi, belum pernah dilihat model baru",
    "corpus": "kumpulan contoh proyek, untuk melihat apakah ada yang terlupa",
}
_SLICES = {
    "language": "bahasa",
    "section": "rubrik",
    "disguised": "disamarkan",
    "source": "sumber",
}


def written(report: Report) -> str:
    """Return the page."""
    parts = [f"PELATIHAN ULANG {report.version}", report.began, ""]
    parts += [f"Hasil: {_OUTCOMES[report.outcome]}", *_models(report), ""]
    parts += _learnt(report.dataset)
    for name, found in report.comparison.get("sets", {}).items():
        parts += _set(name, found)
    if report.worse:
        parts += ["Yang memburuk melewati batas:", *_worse(report.comparison), ""]
    parts += ["Langkah:", *_steps(report), "", *_to_do(report), ""]
    return "\n".join(parts)


def _models(report: Report) -> Iterator[str]:
    yield f"Model yang bekerja: {report.champion_after or 'tidak ada'}"
    if report.outcome is Outcome.PROMOTED:
        yield f"Sebelumnya: {report.champion_before}. Kembali: python -m training rollback"


def _learnt(dataset: Mapping[str, Any]) -> Iterator[str]:
    if not dataset:
        return
    sides, span = dataset["rows"]["split"], dataset["span"]
    yield (
        f"Bahan: {_whole(sides['train'])} komentar yang sudah diputuskan orang, dan "
        f"{_whole(sides['held'])} yang terbaru disisihkan untuk menguji."
    )
    if span["first"]:
        yield f"Masuk antara {span['first'][:10]} dan {span['last'][:10]}."
    yield ""


def _set(name: str, found: Mapping[str, Any]) -> Iterator[str]:
    title = _SETS.get(name, f"sumber umum {name}")
    queue, verdicts = found["queue_at_the_same_guarantee"], found["verdicts"]
    before, after = verdicts["champion"], verdicts["challenger"]
    yield f"Pada {_whole(found['rows'])} {title} (lama -> baru):"
    yield f"- antrean dengan jaminan yang sama: {_change(queue, 'champion', 'challenger')}"
    for verdict, word in (("approve", "terbit"), ("review", "ditinjau"), ("reject", "ditolak")):
        yield f"- {word}: {_whole(before[verdict])} -> {_whole(after[verdict])}"
    for line in found["lines"]:
        if line["by"] == "all" and line["label"] != "any":
            ours, theirs = line["errors"]["champion"], line["errors"]["challenger"]
            yield (
                f"- {_LABELS[line['label']]}: terlewat {ours['missed']} -> {theirs['missed']}, "
                f"salah tuduh {ours['false']} -> {theirs['false']} (dari {_whole(line['holds'])})"
            )
    yield ""


def _worse(comparison: Mapping[str, Any]) -> Iterator[str]:
    for found in comparison["sets"].values():
        for told in found["worse"]:
            yield (
                f"- {_LABELS[told['label']]}, {_place(told)}: {_FIGURES[told['figure']]} "
                f"{_share(told['champion'])} -> {_share(told['challenger'])} "
                f"(boleh turun {_share(told['margin'])})"
            )


def _place(line: Mapping[str, Any]) -> str:
    if line["by"] == "all":
        return str(line["set"])
    return f"{line['set']}, {_SLICES[line['by']]} {line['value']}"


def _steps(report: Report) -> Iterator[str]:
    for step in report.steps:
        told = "selesai" if step.went_well else f"GAGAL: {step.error}"
        yield f"- {_STEPS[step.name]}: {told} ({step.output})"


def _to_do(report: Report) -> Iterator[str]:
    yield "Yang perlu dilakukan:"
    if report.outcome is Outcome.PROMOTED:
        yield "- tidak ada: layanan yang berjalan memakai model baru dalam dua detik"
    elif report.outcome is Outcome.REFUSED:
        yield "- periksa jenis yang memburuk di atas: keputusan yang keliru dibetulkan di konsol,"
        yield "  lalu pelatihan berikutnya belajar dari yang sudah betul"
        yield "- tetap mau dipakai:"
        yield f'  python -m training promote {report.version} --force --reason "…"'
    elif report.outcome is Outcome.NOTHING_NEW:
        yield "- tidak ada; tunggu keputusan berikutnya"
    else:
        yield f"- teruskan ke pengelola layanan: {report.advice}"


def _change(pair: Mapping[str, Any], before: str, after: str) -> str:
    return f"{_whole(pair[before])} -> {_whole(pair[after])}"


def _whole(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _share(value: float) -> str:
    return f"{value:.3f}".replace(".", ",")
