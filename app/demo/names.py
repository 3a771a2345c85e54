"""Names of people and firms, made from common words; any likeness to a real one is chance."""

from random import Random

_WORDS = tuple(
    """
    Sinar Karya Mitra Sumber Cahaya Bintang Jaya Surya Putra Mega Indo Nusa Tirta Graha Citra
    Anugerah Mulia Multi Prima Duta Panca Tri Dwi Eka Catur Sapta Mandala Gemilang Harapan Berkat
    Kencana Buana Samudra Lestari Wahana Artha Bhakti Cipta Dharma Guna Kurnia Laras Maju Naga
    Pelita Rajawali Sakti Teguh Utama Wijaya Adi Bumi Cendrawasih Delta Fajar Garuda Hasta Inti
    Kartika Lintas Mahkota Nirwana Olah Pandu Restu Sentra Tunas Unggul Victori Wira Yasa Zamrud
    Aneka Bahtera Cakra Dian Elang Fortuna Gading Hikmah Intan Jati Kirana Langgeng Merak Niaga
    Optima Permata Raya Sejati Tata Untung Varia Widya Yuda Abdi Bina Cemara Damai Era Fitrah
    Gajah Hijau Ideal Jempol Kilat Lembah Mawar Nyata Opal Pinang Rimba Setia Topas Ulin Wana
    Alam Barito Candi Daya Emas Laut Mutiara Nagari Obor
    """.split()
)
_ENDINGS = tuple(
    """
    Abadi Sejahtera Makmur Sentosa Mandiri Perkasa Persada Pratama Sukses Bersama Lestari Jaya
    Utama Nusantara Indonesia Perdana Raharja Santoso Gemilang Cemerlang Bahagia Barokah Rejeki
    Tekstil Garmindo Plastindo Metalindo Autoparts Teknik Elektrindo Kemasindo Foodindo Logistik
    Trans Cargo Konstruksi Bangunindo Propertindo Furnindo Kimindo Farma Medika Boga Rasa Pangan
    Tani Niaga Dagang Swalayan Busana Sepatu Kulit Kertas Grafika Media Komputindo Datanet Solusi
    Konsultan Jasatama Sekuriti Bersih Wisata Hotelindo Edukasi Cendekia Finansia Otomotif Motor
    Ban Baja Kawat Kabel Keramik Semen
    """.split()
)
_MALE = tuple(
    """
    Agus Ahmad Andi Anton Ari Asep Bambang Budi Cecep Dadang Dedi Deni Didik Eko Endang Fajar
    Ferry Gunawan Hadi Hari Hendra Heri Imam Indra Irfan Iwan Joko Kurnia Lukman Muhammad Mulyadi
    Nana Nur Oki Panji Rahmat Ridwan Rizki Rudi Saepul Samsul Slamet Sugeng Suparman Taufik Teguh
    Tono Ujang Wahyu Wawan Yanto Yusuf Zainal Aditya Bagus Dimas Galih Ilham Kevin Reza
    """.split()
)
_FEMALE = tuple(
    """
    Ade Ai Aisyah Anisa Ayu Citra Dewi Dian Eka Elis Endah Eni Erna Euis Fatimah Fitri Hana Ika
    Indah Intan Ira Kartini Kiki Lestari Lilis Lina Maya Mega Melati Mimin Nani Neneng Nia Nina
    Novi Nur Nurul Putri Rani Ratna Rina Rini Rosita Sari Siti Sri Sulastri Susi Tati Titin Tuti
    Vina Wati Wulan Yanti Yuli Yuni Zahra
    """.split()
)
_FAMILY = tuple(
    """
    Hidayat Saputra Nugraha Setiawan Kurniawan Santoso Wibowo Susanto Firmansyah Gunawan Ramadhan
    Maulana Permana Suryana Suherman Sutisna Hermawan Iskandar Mulyana Rohman Hakim Fauzi Purnama
    Sudrajat Wijayanto Pratama Nurjaman Supriyadi Sukmana Kusuma Handayani Rahayu Lestari Wahyuni
    Puspitasari Anggraini Safitri Utami Maryani Nuraeni Fitriani Oktaviani Kurniasih Rohaeni
    Sihombing Siregar Nasution Simanjuntak Manurung Harahap Tampubolon Silalahi Sembiring Ginting
    Widodo Prasetyo Riyanto Suprapto Haryanto Purwanto Sumarno Suyatno Mardiyanto Basuki
    """.split()
)

_SECOND_CHOICES = len(_WORDS) - 1
_NAME_SPACE = len(_WORDS) * _SECOND_CHOICES * len(_ENDINGS)
_NAME_STEP = 718_447


def firm_words(number: int) -> str:
    """Return three words; no two numbers below a million share them."""
    rest, first = divmod(number * _NAME_STEP % _NAME_SPACE, len(_WORDS))
    ending, second = divmod(rest, _SECOND_CHOICES)
    after = (first + 1 + second) % len(_WORDS)
    return f"{_WORDS[first]} {_WORDS[after]} {_ENDINGS[ending]}"


def firm_name(words: str, *, bentuk: str) -> str:
    match bentuk:
        case "PT" | "CV" | "UD" | "Firma":
            return f"{bentuk} {words}"
        case "Perorangan":
            return f"Toko {words}"
        case _:
            return f"{bentuk} {words}"


def person_name(rng: Random, *, female: bool) -> str:
    first = rng.choice(_FEMALE if female else _MALE)
    if rng.random() < 0.06:  # noqa: PLR2004  (many Indonesians have one name)
        return first
    return f"{first} {rng.choice(_FAMILY)}"


def written_otherwise(rng: Random, name: str) -> str:
    """Return the name as another office writes it: same words, other capitals and punctuation."""
    legal, _, words = name.partition(" ")
    return rng.choice(
        (
            name.upper(),
            f"{legal}. {words}",
            f"{legal.upper()}.  {words.upper()}",
            f"{words.upper()}, {legal.upper()}",
            name,
        )
    )


def misspelt(rng: Random, name: str) -> str:
    """Return the name with one slip of the finger in one of its longer words."""
    legal, *words = name.split(" ")
    longest = max(range(len(words)), key=lambda index: len(words[index]))
    word = words[longest]
    at = rng.randint(1, len(word) - 2)
    slip = rng.randrange(3)
    if slip == 0 and word[at] != word[at + 1]:
        word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    elif slip == 1:
        word = word[:at] + word[at + 1 :]
    else:
        word = word[:at] + word[at] + word[at:]
    words[longest] = word
    return " ".join((legal, *words))
