"""The demo's story, written for this project; the paper and its people are invented."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """A short news story."""

    title: str
    section: str
    summary: str
    paragraphs: tuple[str, ...]

    def to_json(self) -> dict[str, str]:
        """Return what a site tells the API about an article."""
        return {
            "id": "demo-1",
            "title": self.title,
            "section": self.section,
            "summary": self.summary,
        }


ARTICLE = DemoArticle(
    title="Perundingan Senjata di Jenewa Buntu, Indonesia Tawarkan Jadi Penengah",
    section="Dunia",
    summary=(
        "Putaran ketiga perundingan tentang penjualan peluru kendali dan amunisi Korea Utara "
        "kepada Rusia berakhir tanpa hasil. Jakarta menawarkan diri sebagai tuan rumah putaran "
        "berikutnya."
    ),
    paragraphs=(
        "Putaran ketiga perundingan di Jenewa tentang penjualan senjata Korea Utara kepada "
        "Rusia berakhir Senin malam tanpa pernyataan bersama. Para perunding berselisih soal "
        "siapa yang mengawasi pengiriman amunisi lewat laut.",
        "Kementerian Luar Negeri di Jakarta menyatakan siap menjadi tuan rumah putaran "
        "keempat. “Yang menanggung akibatnya selalu warga sipil. Kalau meja perundingan "
        "dibutuhkan, kami punya mejanya,” kata juru bicara kementerian.",
        "Seorang pengamat hubungan internasional di Bandung menilai tawaran itu masuk akal, "
        "tetapi tidak mudah: Indonesia harus diterima semua pihak, dan harga gandum yang naik "
        "sejak perang pecah membuat publik di dalam negeri ikut menuntut hasil.",
    ),
)
