"""The kinds of column an extract may have: how a value is written, and what else we can read.

Every rule is a SQL expression, so that DuckDB judges millions of rows without leaving the engine.
In them `@x` is the text as it was sent, `@v` what `value` made of it, and `@c` the text without
stray spaces, apostrophes and placeholders.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.registry.sql import literal

EARLIEST: Final = "DATE '1900-01-01'"
LATEST: Final = "DATE '2100-12-31'"
EARLIEST_MONTH: Final = 1977 * 12
LATEST_MONTH: Final = 2100 * 12 + 11
MONTH_NAMES: Final = (
    "januari", "februari", "maret", "april", "mei", "juni",
    "juli", "agustus", "september", "oktober", "november", "desember",
)  # fmt: skip
PROGRAMMES: Final = ("JKK", "JKM", "JHT", "JP")

_SPACES: Final = (
    r"[\s\x{0000}-\x{001f}\x{00a0}\x{2007}\x{200b}-\x{200f}\x{202a}-\x{202f}\x{2066}-\x{2069}"
    r"\x{feff}]+"
)
_PLACEHOLDERS: Final = "(?i)(-{1,3}|[–—]|#?N/A|NULL|#(REF!|VALUE!|NAME[?]|NUM!))"
SCIENTIFIC: Final = "regexp_full_match(@c, '[0-9]+([.,][0-9]+)?[eE][+]?[0-9]+')"


@dataclass(frozen=True, slots=True)
class Reading:
    """Another way to write a value: `assumed` names what we took it to be.

    `empties`: the value is read as "none" on purpose, which is no fault.
    """

    when: str
    value: str
    assumed: str
    empties: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """A reason for turning a value away; `code` names its sentence."""

    when: str
    code: str


@dataclass(frozen=True, slots=True)
class Kind:
    """`strict`: the value is written as agreed, so nothing else needs to be asked.

    `readings` are tried in order; a value that none of them reads gets the first fault that
    holds, the last of which always does. `text` writes a stored value the way an extract does.
    `sound` is what every value (`@v`) must be, however it was written.

    While rows are sorted they are kept small: `value` may be a number that stands for the text,
    and `unpacked` makes the stored value (of `sql_type`) of it. `codes` are the values that a
    column of codes knows.
    """

    sql_type: str
    value: str
    strict: str
    readings: tuple[Reading, ...]
    faults: tuple[Fault, ...]
    text: str = "@x"
    sound: str = "true"
    unpacked: str = "@v"
    codes: tuple[str, ...] = ()


def cleaned(x: str) -> str:
    """Return `x` without stray spaces, leading apostrophes and placeholders; null when empty."""
    bare = f"trim(regexp_replace(trim(regexp_replace({x}, '{_SPACES}', ' ', 'g')), '^[''’`]+', ''))"
    empty = f"regexp_full_match({bare}, '{_PLACEHOLDERS}')"
    return f"CASE WHEN {empty} THEN NULL ELSE nullif({bare}, '') END"


def cleaning(x: str, c: str) -> str:
    """Return the assumption made by cleaning, or null: `x` as sent, `c` what was left."""
    return (
        f"CASE WHEN {c} IS NOT DISTINCT FROM {x} THEN NULL "
        f"WHEN {c} IS NULL AND trim({x}) = '' THEN NULL "
        f"WHEN {c} IS NULL THEN 'placeholder' "
        f"WHEN regexp_matches({x}, '^[\\s]*[''’`]') THEN 'apostrophe' ELSE 'spaces' END"
    )


def _digits(x: str) -> str:
    return f"regexp_replace({x}, '[^0-9]', '', 'g')"


def _word_month(part: str) -> str:
    names = ", ".join(f"'{name}'" for name in MONTH_NAMES)
    return f"list_position([{names}], lower({part}))"


def _parsed(*formats: str) -> str:
    listed = ", ".join(f"'{one}'" for one in formats)
    return f"CAST(try_strptime(@c, [{listed}]) AS DATE)"


def _placed(values: Sequence[str]) -> tuple[str, str]:
    """Return the SQL of a text's place among `values`, and that of the text at a place.

    The likely ones stand first. Places are in the order of the texts.
    """
    places = {value: place for place, value in enumerate(sorted(values))}
    to_place = " ".join(f"WHEN {literal(value)} THEN {places[value]}" for value in values)
    to_text = " ".join(f"WHEN {places[value]} THEN {literal(value)}" for value in values)
    return f"CAST(CASE @x {to_place} END AS UTINYINT)", f"CASE @v {to_text} END"


def among(kind: Kind, values: Sequence[str]) -> Kind:
    """Return the kind of the same column when it holds one of a few `values`, kept as a place."""
    place, text = _placed(values)
    return replace(kind, value=place, strict="@v IS NOT NULL", unpacked=text)


def enumeration(*values: str) -> Kind:
    """Return the kind of a column that holds one of `values`."""
    listed = ", ".join(f"'{value}'" for value in values)
    folded = ", ".join(f"'{value.lower()}'" for value in values)
    fold = "lower(regexp_replace(@c, '[ _-]+', '_', 'g'))"
    place, text = _placed(values)
    return Kind(
        sql_type="VARCHAR",
        value=place,
        strict="@v IS NOT NULL",
        unpacked=text,
        codes=values,
        readings=(
            Reading(f"@c IN ({listed})", "@c", ""),
            Reading(
                f"{fold} IN ({folded})",
                f"list_extract([{listed}], CAST(list_position([{folded}], {fold}) AS BIGINT))",
                "code_case",
            ),
        ),
        faults=(Fault("true", "unknown_code"),),
    )


def region(codes: frozenset[str]) -> Kind:
    """Return the kind of a regency code: `codes` are those that exist, written PP.KK."""
    listed = ", ".join(f"'{code}'" for code in sorted(codes))
    plain = "substr(@c, 1, 2) || '.' || substr(@c, 3, 2)"
    return Kind(
        sql_type="VARCHAR",
        value="@x",
        strict=f"@x IN ({listed})",
        readings=(
            Reading(f"@c IN ({listed})", "@c", ""),
            Reading(
                f"regexp_full_match(@c, '[0-9]{{4}}') AND {plain} IN ({listed})",
                plain,
                "region_plain",
            ),
            Reading(
                "regexp_full_match(@c, '[0-9]{2},[0-9]{2}')"
                f" AND replace(@c, ',', '.') IN ({listed})",
                "replace(@c, ',', '.')",
                "region_plain",
            ),
            Reading(
                "regexp_full_match(@c, '[0-9]{2}[.][0-9]{2}[.][0-9.]+')"
                f" AND substr(@c, 1, 5) IN ({listed})",
                "substr(@c, 1, 5)",
                "region_shortened",
            ),
        ),
        faults=(Fault("true", "unknown_region"),),
    )


def _number(sql_type: str, digits: int) -> Kind:
    most = f"{{1,{digits}}}"
    bare = r"regexp_replace(@c, '^(?i:rp|idr)[. ]*|[ ]+|,-$', '', 'g')"
    number = f"TRY_CAST({_digits(bare)} AS {sql_type})"
    uncut = f"regexp_replace({bare}, '[.,]0{{1,2}}$', '')"
    whole = f"TRY_CAST({_digits(uncut)} AS {sql_type})"
    return Kind(
        sql_type=sql_type,
        value=f"TRY_CAST(@x AS {sql_type})",
        # Writing a number again costs half of what looking at its digits does.
        strict=f"@v BETWEEN 0 AND {10**digits - 1} AND CAST(@v AS VARCHAR) = @x",
        readings=(
            Reading(f"regexp_full_match(@c, '[0-9]{most}')", number, ""),
            Reading(f"regexp_full_match({bare}, '[0-9]{most}')", number, "money_symbol"),
            Reading(
                f"regexp_full_match({bare}, '[0-9]{{1,3}}([.][0-9]{{3}})+(,0{{1,2}})?')",
                whole,
                "money_dots",
            ),
            Reading(
                f"regexp_full_match({bare}, '[0-9]{{1,3}}(,[0-9]{{3}}){{2,}}([.]0{{1,2}})?')",
                whole,
                "money_commas",
            ),
            Reading(f"regexp_full_match({bare}, '[0-9]+[.,]0{{1,2}}')", whole, "money_cents"),
        ),
        faults=(
            Fault(SCIENTIFIC, "number_scientific"),
            Fault(
                r"regexp_matches(@c, '^(?i:rp|idr)?[. ]*[-−(].*[0-9]|[0-9]-$')", "number_negative"
            ),
            Fault("regexp_full_match(@c, '[0-9]{1,3},[0-9]{3}')", "number_comma"),
            Fault("regexp_full_match(@c, '[0-9.]+[,.][0-9]+')", "number_fraction"),
            Fault("regexp_full_match(@c, '[0-9]+')", "number_too_large"),
            Fault("true", "number_unreadable"),
        ),
        text="CAST(@x AS VARCHAR)",
    )


def _outside_number(lengths: str) -> Kind:
    """Return the kind of a number other agencies give out. It never turns a row away."""
    return Kind(
        sql_type="VARCHAR",
        value="@x",
        strict=f"regexp_full_match(@x, '[0-9]*[1-9][0-9]*') AND length(@x) IN ({lengths})",
        readings=(
            Reading("regexp_full_match(@c, '[0 .,/-]+')", "NULL", "number_zeros", empties=True),
            Reading(
                f"regexp_full_match(@c, '[0-9 ./-]+') AND length({_digits('@c')}) IN ({lengths})",
                _digits("@c"),
                "number_punctuation",
            ),
            Reading("regexp_full_match(@c, '[0-9 ./-]+')", _digits("@c"), "number_length"),
            Reading("true", "NULL", "number_dropped", empties=True),
        ),
        faults=(Fault("true", "unreadable"),),
    )


TEXT: Final = Kind(
    sql_type="VARCHAR",
    value="@x",
    strict="regexp_full_match(@x, '[A-Za-z0-9(][!-~]*( [!-~]+)*')"
    " AND (strlen(@x) > 4 OR @x NOT IN ('N/A', 'NULL'))",
    readings=(Reading("true", "@c", ""),),
    faults=(Fault("true", "unreadable"),),
)

# Numbers that offices give out: letters and digits, upper case. Digits that a spreadsheet has
# rounded away cannot be brought back.
CODE: Final = Kind(
    sql_type="VARCHAR",
    value="@x",
    strict="regexp_full_match(@x, '[A-Z][A-Z./-]*[0-9][A-Z0-9./-]*|[0-9][0-9A-DF-Z./-]*')",
    readings=(
        Reading(SCIENTIFIC, "NULL", ""),
        Reading("upper(replace(@c, ' ', '')) = @c", "@c", ""),
        Reading("true", "upper(replace(@c, ' ', ''))", "code_case"),
    ),
    faults=(Fault("true", "scientific"),),
)

REFERENCE: Final = Kind(
    sql_type="VARCHAR",
    value="@x",
    strict="regexp_full_match(@x, '[A-Za-z0-9][!-~]*') AND NOT contains(@x, 'E+')"
    " AND NOT contains(@x, 'e+') AND @x NOT IN ('N/A', 'NULL')",
    readings=(Reading(SCIENTIFIC, "NULL", ""), Reading("true", "@c", "")),
    faults=(Fault("true", "scientific"),),
)

# Kept as a number: 16 digits fit, and sort and compare sooner than as text (see `stored`).
NIK: Final = Kind(
    sql_type="BIGINT",
    value="TRY_CAST(@x AS BIGINT)",
    # A number is also read out of an exponent, or of `0x` and digits to the base of 16. Other ways
    # to write one take sixteen characters for fewer digits.
    strict="@v BETWEEN 1000000000000000 AND 9999999999999999 AND strlen(@x) = 16 AND @x >= '1'"
    " AND NOT contains(@x, 'e') AND NOT contains(@x, 'E')",
    readings=(
        Reading("@c = '0000000000000000'", "NULL", ""),
        Reading("regexp_full_match(@c, '[0-9]{16}')", "TRY_CAST(@c AS BIGINT)", ""),
        Reading(
            "regexp_full_match(@c, '[0-9 ]+') AND length(replace(@c, ' ', '')) = 16",
            "TRY_CAST(replace(@c, ' ', '') AS BIGINT)",
            "spaces",
        ),
    ),
    faults=(
        Fault(SCIENTIFIC, "nik_scientific"),
        Fault("regexp_full_match(@c, '0+')", "nik_zeros"),
        Fault("regexp_full_match(@c, '[0-9]{15}')", "nik_15"),
        Fault("regexp_full_match(@c, '[0-9]+')", "nik_length"),
        Fault("true", "nik_characters"),
    ),
    text="lpad(CAST(@x AS VARCHAR), 16, '0')",
)

DAY: Final = Kind(
    sql_type="DATE",
    value="TRY_CAST(@x AS DATE)",
    strict="strlen(@x) = 10 AND contains(@x, '-') AND @v IS NOT NULL",
    readings=(
        Reading("regexp_full_match(@c, '[0-9]{4}-[0-9]{2}-[0-9]{2}')", _parsed("%Y-%m-%d"), ""),
        Reading(
            "regexp_full_match(@c, '[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}')",
            _parsed("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"),
            "day_dmy",
        ),
        Reading(
            "regexp_full_match(@c, '[0-9]{4}[/.-][0-9]{1,2}[/.-][0-9]{1,2}')",
            _parsed("%Y/%m/%d", "%Y-%m-%d", "%Y.%m.%d"),
            "day_ymd",
        ),
        Reading(
            "regexp_full_match(@c, '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+(Z|[+][0-9:]+)?')",
            _parsed("%Y-%m-%d").replace("@c", "substr(@c, 1, 10)"),
            "day_time",
        ),
        Reading("regexp_full_match(@c, '[12][0-9]{7}')", _parsed("%Y%m%d"), "day_compact"),
        Reading(
            "regexp_full_match(@c, '[1-6][0-9]{4}')",
            "DATE '1899-12-30' + TRY_CAST(@c AS INTEGER)",
            "day_serial",
        ),
        Reading(
            "regexp_full_match(@c, '[0-9]{1,2} [A-Za-z]+ [0-9]{4}')",
            _parsed("%d %m %Y").replace(
                "@c",
                "split_part(@c, ' ', 1) || ' ' || "
                + _word_month("split_part(@c, ' ', 2)")
                + " || ' ' || split_part(@c, ' ', 3)",
            ),
            "day_words",
        ),
    ),
    faults=(
        Fault("regexp_full_match(@c, '[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}')", "day_short"),
        Fault("true", "day_none"),
    ),
    text="strftime(@x, '%Y-%m-%d')",
    sound=f"@v BETWEEN {EARLIEST} AND {LATEST}",
)

# The last day of membership: systems that cannot leave a day empty write the end of time.
END_DAY: Final = Kind(
    sql_type=DAY.sql_type,
    value=DAY.value,
    strict=DAY.strict,
    readings=(
        Reading(
            "regexp_matches(@c, '^9999-12-31|^31[/.-]12[/.-]9999')", "NULL", "no_end", empties=True
        ),
        *DAY.readings,
    ),
    faults=DAY.faults,
    text=DAY.text,
    sound=DAY.sound,
)


def _index(year: str, month: str) -> str:
    number = f"TRY_CAST({month} AS INTEGER)"
    return (
        f"CASE WHEN {number} BETWEEN 1 AND 12 "
        f"THEN TRY_CAST({year} AS INTEGER) * 12 + {number} - 1 END"
    )


MONTH: Final = Kind(
    sql_type="INTEGER",
    value="TRY_CAST(substr(@x, 1, 4) AS INTEGER) * 12 + TRY_CAST(substr(@x, 6) AS INTEGER) - 1",
    strict="regexp_full_match(@x, '[0-9]{4}-(0[1-9]|1[0-2])')",
    readings=(
        Reading(
            "regexp_full_match(@c, '[0-9]{4}-[0-9]{2}')",
            _index("substr(@c, 1, 4)", "substr(@c, 6)"),
            "",
        ),
        Reading(
            "regexp_full_match(@c, '[0-9]{4}[/.-][0-9]{1,2}')",
            _index("substr(@c, 1, 4)", "substr(@c, 6)"),
            "month_ym",
        ),
        Reading(
            "regexp_full_match(@c, '[0-9]{1,2}[/.-][0-9]{4}')",
            _index("right(@c, 4)", "regexp_extract(@c, '^[0-9]+')"),
            "month_my",
        ),
        Reading(
            "regexp_full_match(@c, '(19|20)[0-9]{4}')",
            _index("substr(@c, 1, 4)", "substr(@c, 5)"),
            "month_compact",
        ),
        Reading(
            "regexp_full_match(@c, '[0-9]{4}-[0-9]{2}-01([T ]00:00:00.*)?')",
            _index("substr(@c, 1, 4)", "substr(@c, 6, 2)"),
            "month_day",
        ),
        Reading(
            "regexp_full_match(@c, '0?1[/.-][0-9]{1,2}[/.-][0-9]{4}')",
            _index("right(@c, 4)", "regexp_extract(@c, '[/.-]([0-9]+)[/.-]', 1)"),
            "month_day",
        ),
        Reading(
            "regexp_full_match(@c, '[A-Za-z]+[ -][0-9]{4}')",
            _index("right(@c, 4)", _word_month("regexp_extract(@c, '^[A-Za-z]+')")),
            "month_words",
        ),
    ),
    faults=(Fault("true", "month_none"),),
    text="printf('%04d-%02d', @x // 12, @x % 12 + 1)",
    sound=f"@v BETWEEN {EARLIEST_MONTH} AND {LATEST_MONTH}",
)

RUPIAH: Final = _number("BIGINT", 15)
COUNT: Final = _number("INTEGER", 8)
NPWP: Final = _outside_number("15, 16, 22")
NIB: Final = _outside_number("13")

RISK_CLASS: Final = Kind(
    codes=("1", "2", "3", "4", "5"),
    sql_type="TINYINT",
    value="TRY_CAST(@x AS TINYINT)",
    strict="@x IN ('1', '2', '3', '4', '5')",
    readings=(
        Reading("@c IN ('1', '2', '3', '4', '5')", "TRY_CAST(@c AS TINYINT)", ""),
        Reading(
            "upper(@c) IN ('I', 'II', 'III', 'IV', 'V')",
            "CAST(list_position(['I', 'II', 'III', 'IV', 'V'], upper(@c)) AS TINYINT)",
            "class_roman",
        ),
        Reading(
            "regexp_full_match(@c, '(?i:kelas ?)?[1-5]([.,]0)?')",
            "TRY_CAST(regexp_extract(@c, '[1-5]') AS TINYINT)",
            "code_case",
        ),
    ),
    faults=(Fault("true", "unknown_code"),),
    text="CAST(@x AS VARCHAR)",
)

PROGRAMME: Final = enumeration(*PROGRAMMES)


_SETS: Final = tuple(
    ",".join(name for place, name in enumerate(PROGRAMMES) if mask >> place & 1)
    for mask in range((1 << len(PROGRAMMES)) - 1, 0, -1)
)
_SET, _SET_TEXT = _placed(_SETS)
_LISTED_SETS: Final = ", ".join(f"'{one}'" for one in _SETS)
_PARTS: Final = (
    "list_filter(string_split_regex(upper(regexp_replace(@c, '[\\[\\]\"'']', '', 'g')), "
    "'[,;+/| &]+'), lambda p: p <> '')"
)
_LISTED: Final = ", ".join(f"'{name}'" for name in PROGRAMMES)
_ORDERED: Final = (
    f"array_to_string(list_filter([{_LISTED}], lambda p: list_contains({_PARTS}, p)), ',')"
)

# JKP has no bill of its own: it is paid from a recomposition of the others.
PROGRAMME_SET: Final = Kind(
    sql_type="VARCHAR",
    value=_SET,
    strict="@v IS NOT NULL",
    unpacked=_SET_TEXT,
    codes=PROGRAMMES,
    readings=(
        Reading(f"@c IN ({_LISTED_SETS})", "@c", ""),
        Reading(
            f"len(list_filter({_PARTS}, lambda p: NOT list_contains([{_LISTED}], p))) = 0"
            f" AND len({_PARTS}) > 0",
            _ORDERED,
            "programme_order",
        ),
        Reading(
            f"len(list_filter({_PARTS}, lambda p: NOT list_contains([{_LISTED}, 'JKP'], p))) = 0"
            f" AND len(list_filter({_PARTS}, lambda p: p <> 'JKP')) > 0",
            _ORDERED,
            "programme_jkp",
        ),
    ),
    faults=(Fault("true", "unknown_code"),),
)
