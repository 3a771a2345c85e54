"""PURE: the condition of a rule in words, drawn from the expression the engine runs.

Nobody writes these sentences beside the code, so that they cannot drift from it.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.detection.facts.asof import POINTS, AsOf
from app.detection.rules.rule import Rule
from app.infra.wording import N_, translate

# fmt: off
TERMS: Final[Mapping[str, str]] = {
    "jumlah_tk":     N_("jumlah pekerja terkait"),
    "sumber_segar":  N_("jumlah sumber yang masih segar"),
    "bulan_tunggak": N_("jumlah bulan menunggak"),
    "kurang":        N_("jumlah program yang kurang"),
    "dilaporkan":    N_("jumlah pekerja menurut sumber"),
    "terdaftar":     N_("jumlah pekerja terdaftar"),
    "cara":          N_("cara membandingkan"),
}
_COMPARED: Final[Mapping[str, str]] = {
    "__ge__": N_("{left} paling sedikit {right}"),
    "__gt__": N_("{left} lebih dari {right}"),
    "__le__": N_("{left} paling banyak {right}"),
    "__lt__": N_("{left} kurang dari {right}"),
    "__eq__": N_("{left} adalah {right}"),
    "__sub__": N_("selisih {left} dan {right}"),
}
_BOUND: Final[Mapping[str, str]] = {
    "__and__": N_("{left}; dan {right}"),
    "__or__": N_("{left}; atau {right}"),
}
# fmt: on
_VALUES: Final[Mapping[str, str]] = {"daftar": N_("daftar nama"), "jumlah": N_("jumlah orang")}
_SHARE: Final = N_("{share} persen dari {term}")


class UnknownExpression(Exception):
    """The rule uses a word that has no wording yet."""


@dataclass(frozen=True, slots=True)
class _Spoken:
    text: str
    points: int | None = None
    """Set where the text is a term times a number of ten-thousandths."""


def in_words(rule: Rule, asof: AsOf, language: str) -> str:
    """Return the condition under which a candidate of `rule` becomes a finding.

    Raises:
        UnknownExpression: it uses a column or an operation that has no wording.
    """
    expression = repr(rule.when(asof))
    return _spoken(ast.parse(expression, mode="eval").body, language).text


def _spoken(node: ast.expr, language: str) -> _Spoken:
    match node:
        case ast.Constant(value=value):
            return _Spoken(str(value))
        case ast.Name(id=word):
            return _Spoken(translate(_VALUES[word], language) if word in _VALUES else word)
        case ast.Call(func=ast.Name(id="col"), args=[ast.Name(id=column)]):
            if column not in TERMS:
                raise UnknownExpression(column)
            return _Spoken(translate(TERMS[column], language))
        case ast.Call(func=ast.Attribute(value=left, attr=verb), args=[right]):
            return _operation(verb, left, right, language)
        case _:
            raise UnknownExpression(ast.unparse(node))


def _operation(verb: str, left: ast.expr, right: ast.expr, language: str) -> _Spoken:
    one, other = _spoken(left, language), _spoken(right, language)
    if verb == "__or__":
        one, other = _bracketed(one), _bracketed(other)
    if verb == "__mul__":
        return _Spoken(one.text, points=int(other.text))
    template = _COMPARED.get(verb) or _BOUND.get(verb)
    if template is None:
        raise UnknownExpression(verb)
    return _Spoken(
        translate(template, language, left=_plain(one, language), right=_plain(other, language))
    )


def _bracketed(said: _Spoken) -> _Spoken:
    """Hold together what is bound by "and" on one side of an "or"."""
    return _Spoken(f"({said.text})") if "; " in said.text else said


def _plain(said: _Spoken, language: str) -> str:
    """Return a term; one that was scaled to whole numbers as the share it stands for."""
    if said.points is None or said.points == POINTS:
        return said.text
    share = f"{said.points / 100:g}".replace(".", "," if language == "id" else ".")
    return translate(_SHARE, language, share=share, term=said.text)
