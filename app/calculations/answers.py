"""The law's results as documents: parameters, citations and derivations ready for JSON."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache

from app.calculations.schemas import (
    CitationDocument,
    DerivationDocument,
    InputDocument,
    ParameterDocument,
)
from app.law.citation import Citation
from app.law.dated import Applied
from app.law.derivation import Derivation


# Both caches hold at most what the registry of parameters holds.
@cache
def citation_document(citation: Citation) -> CitationDocument:
    article_is_read = (citation.article_grade or citation.grade) != "C"
    return CitationDocument(
        instrument=citation.instrument,
        article=citation.article if article_is_read else None,
        grade=citation.grade,
        source=citation.source,
        checked_by=citation.checked_by,
        note=citation.note,
        printable=citation.printable,
    )


def citation_documents(parameters: Iterable[Applied[object]]) -> tuple[CitationDocument, ...]:
    """Return each citation once, in the order of the parameters."""
    return tuple(dict.fromkeys(citation_document(parameter.citation) for parameter in parameters))


@cache
def parameter_document(parameter: Applied[object]) -> ParameterDocument:
    return ParameterDocument(
        key=parameter.key,
        title=parameter.title,
        value=json_value(parameter.value),
        unit=parameter.version.unit,
        valid_from=parameter.version.valid_from,
        valid_to=parameter.version.valid_to,
        grade=parameter.version.grade,
        provisional=parameter.provisional,
        citation=citation_document(parameter.citation),
    )


def parameter_documents(parameters: Iterable[Applied[object]]) -> tuple[ParameterDocument, ...]:
    return tuple(parameter_document(parameter) for parameter in parameters)


def derivation_document(derivation: Derivation) -> DerivationDocument:
    return DerivationDocument(
        label=derivation.label,
        value=derivation.value,
        formula=derivation.formula,
        inputs=tuple(_inputs(derivation)),
        citation=None if derivation.citation is None else citation_document(derivation.citation),
        children=tuple(derivation_document(child) for child in derivation.children),
    )


def json_value(value: object) -> object:
    """Return what JSON can hold: exact rates as decimal text, days as ISO text."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [json_value(item) for item in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)


def _inputs(derivation: Derivation) -> Iterator[InputDocument]:
    for item in derivation.inputs:
        key = None if item.parameter is None else item.parameter.key
        yield InputDocument(label=item.label, value=item.value, parameter=key)
