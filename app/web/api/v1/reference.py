"""The API described for people: the page `/api/v1/docs`, and docs/api.md.

`python -m app.web.api.v1` writes docs/api.md to standard output.
"""

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.infra.wording import N_, translate
from app.web.api.v1.description import CONVENTIONS, OPENING, TAGS

Schema = Mapping[str, Any]
METHODS: Final = ("get", "post", "put", "patch", "delete")
REF: Final = "#/components/schemas/"
# fmt: off
KINDS: Final[Mapping[str, str]] = {
    "string":  N_("teks"),
    "integer": N_("bilangan bulat"),
    "number":  N_("bilangan"),
    "boolean": N_("true atau false"),
    "object":  N_("objek"),
    "array":   N_("daftar"),
    "null":    N_("null"),
    "date":    N_("hari YYYY-MM-DD"),
    "date-time": N_("saat UTC"),
    "binary":  N_("berkas"),
    "any":     N_("nilai apa pun"),
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Field:
    """`documents` names the documents that the kind refers to."""

    name: str
    kind: str
    required: bool
    description: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    status: str
    description: str
    document: str


@dataclass(frozen=True, slots=True)
class OperationText:
    anchor: str
    method: str
    path: str
    summary: str
    paragraphs: tuple[str, ...]
    scopes: tuple[str, ...]
    parameters: tuple[Field, ...]
    body: str
    body_document: str
    replies: tuple[Reply, ...]
    curl: str


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    words: str
    operations: tuple[OperationText, ...]


@dataclass(frozen=True, slots=True)
class DocumentText:
    name: str
    description: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    opening: str
    conventions: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    documents: tuple[DocumentText, ...]


def reference(document: Schema, *, language: str) -> Reference:
    """Return the OpenAPI document as sections that a person reads from top to bottom."""
    schemas = document["components"]["schemas"]
    found: dict[str, list[OperationText]] = {name: [] for name, _ in TAGS}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                text = _operation(path, method, item[method], schemas, language)
                found[item[method]["tags"][0]].append(text)
    return Reference(
        opening=translate(OPENING, language),
        conventions=tuple(
            (translate(name, language), translate(text, language))
            for name, text in CONVENTIONS.items()
        ),
        sections=tuple(
            Section(name, translate(words, language), tuple(found[name]))
            for name, words in TAGS
            if found[name]
        ),
        documents=tuple(_document(name, schemas[name], language) for name in sorted(schemas)),
    )


def _operation(
    path: str, method: str, operation: Schema, schemas: Schema, language: str
) -> OperationText:
    said = operation.get("description", "").rsplit("Lingkup token:", 1)[0]
    media, body = _body(operation)
    return OperationText(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=translate(operation["summary"], language),
        paragraphs=tuple(
            translate(" ".join(part.split()), language) for part in said.split("\n\n") if part
        ),
        scopes=tuple(operation["x-scopes"]),
        parameters=tuple(
            _field(
                f"{entry['name']} ({entry['in']})",
                {**entry["schema"], "description": entry.get("description", "")},
                required=entry.get("required", False),
                language=language,
            )
            for entry in operation.get("parameters", ())
        ),
        body=media,
        body_document=_ref_name(body),
        replies=tuple(
            Reply(
                status=status,
                description=translate(reply["description"], language),
                document=_reply_document(reply),
            )
            for status, reply in sorted(operation["responses"].items())
        ),
        curl=_curl(path, method, operation, schemas),
    )


def _document(name: str, schema: Schema, language: str) -> DocumentText:
    required = set(schema.get("required", ()))
    return DocumentText(
        name=name,
        description=translate(" ".join(schema.get("description", "").split()), language),
        fields=tuple(
            _field(key, part, required=key in required, language=language)
            for key, part in schema.get("properties", {}).items()
        ),
    )


def _field(name: str, schema: Schema, *, required: bool, language: str) -> Field:
    text = " ".join(str(schema.get("description", "")).split())
    return Field(
        name=name,
        kind=kind_of(schema, language),
        required=required,
        description=translate(text, language),
        documents=tuple(dict.fromkeys(_refs(schema))),
    )


def kind_of(schema: Schema, language: str) -> str:
    """Return the kind of a value in words; choices are listed as they are sent."""
    if "$ref" in schema:
        return _ref_name(schema)
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return " / ".join(kind_of(choice, language) for choice in choices)
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    kind = schema.get("format") or schema.get("type", "any")
    if schema.get("contentMediaType") == "application/octet-stream":
        kind = "binary"
    words = translate(KINDS.get(kind) or KINDS.get(schema.get("type", "any"), kind), language)
    if kind == "array":
        return f"{words}: {kind_of(schema.get('items', {}), language)}"
    return words


def _refs(schema: Schema) -> Iterator[str]:
    if "$ref" in schema:
        yield _ref_name(schema)
    for choice in schema.get("anyOf", ()):
        yield from _refs(choice)
    if "items" in schema:
        yield from _refs(schema["items"])


def _ref_name(schema: Schema) -> str:
    return str(schema.get("$ref", "")).removeprefix(REF)


def _reply_document(reply: Schema) -> str:
    for media in reply.get("content", {}).values():
        return _ref_name(media.get("schema", {}))
    return ""


def _body(operation: Schema) -> tuple[str, Schema]:
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        return str(media), content["schema"]
    return "", {}


def sample(schema: Schema, schemas: Schema) -> object:
    """Return a value that fits the schema: its own example, else the plainest one."""
    if "$ref" in schema:
        return sample(schemas[_ref_name(schema)], schemas)
    if examples := schema.get("examples") or schema.get("enum"):
        return examples[0]
    if choices := schema.get("anyOf"):
        return sample(choices[0], schemas)
    kind = schema.get("type", "")
    if kind == "object":
        properties = schema.get("properties", {})
        return {name: sample(properties[name], schemas) for name in schema.get("required", ())}
    if kind == "array":
        return [sample(schema.get("items", {}), schemas)]
    plain = {"integer": schema.get("minimum", 1), "boolean": False}
    return plain.get(kind, "contoh")


def _curl(path: str, method: str, operation: Schema, schemas: Schema) -> str:
    address = path
    parts = ["curl -sS"]
    headers = ['-H "Authorization: Bearer $TOKEN"']
    for entry in operation.get("parameters", ()):
        value = sample(entry["schema"], schemas)
        if entry["in"] == "path":
            address = address.replace(f"{{{entry['name']}}}", str(value))
        elif entry["name"] == "If-Match":
            headers.append("-H 'If-Match: \"1\"'")
        elif entry["name"] == "Idempotency-Key":
            headers.append('-H "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)"')
    if method != "get":
        parts.append(f"-X {method.upper()}")
    parts.append(f'"$PATUH{address}"')
    parts += headers
    media, body = _body(operation)
    if media == "application/json":
        content = operation["requestBody"]["content"][media]
        document = (content.get("examples") or body.get("examples") or [None])[0]
        document = sample(body, schemas) if document is None else document
        text = json.dumps(document, ensure_ascii=False)
        parts += ["-H 'Content-Type: application/json'", f"-d {shlex.quote(text)}"]
    elif media:
        parts += list(_form_parts(schemas[_ref_name(body)], schemas))
    return " \\\n  ".join(parts)


def _form_parts(schema: Schema, schemas: Schema) -> Iterator[str]:
    for name in schema.get("required", ()):
        part = schema["properties"][name]
        inner = part.get("items", part)
        if inner.get("contentMediaType") or inner.get("format") == "binary":
            yield f"-F {name}=@{name}.pdf" if part is inner else f"-F {name}=@pemberi_kerja.csv"
        else:
            yield f"-F {name}={shlex.quote(str(sample(part, schemas)))}"


def markdown(found: Reference) -> str:
    """Return the reference as docs/api.md holds it."""
    lines = [
        "# API",
        "",
        "Generated by `python -m app.web.api.v1`; do not edit by hand.",
        "Machines read `/api/v1/openapi.json`; the same text is at `/api/v1/docs`.",
        "",
    ]
    lines += [found.opening, ""]
    lines += [f"- **{name}**: {text}" for name, text in found.conventions]
    for section in found.sections:
        lines += ["", f"## {section.name}", "", section.words]
        for operation in section.operations:
            lines += list(_operation_lines(operation))
    lines += ["", "## Dokumen"]
    for document in found.documents:
        lines += ["", f"### {document.name}", ""]
        if document.description:
            lines += [document.description, ""]
        lines += list(_table(document.fields))
    return "\n".join(lines) + "\n"


def _operation_lines(operation: OperationText) -> Iterator[str]:
    yield from ("", f"### {operation.method} {operation.path}", "", f"**{operation.summary}**")
    for paragraph in operation.paragraphs:
        yield from ("", paragraph)
    yield from ("", f"Lingkup: {', '.join(f'`{scope}`' for scope in operation.scopes)}", "")
    if operation.parameters:
        yield from _table(operation.parameters)
        yield ""
    if operation.body:
        yield from (f"Isi: `{operation.body}`, dokumen {operation.body_document}", "")
    yield "Jawaban: " + "; ".join(
        f"{reply.status} {reply.description}" + (f" ({reply.document})" if reply.document else "")
        for reply in operation.replies
    )
    yield from ("", "```sh", operation.curl, "```")


def _table(fields: tuple[Field, ...]) -> Iterator[str]:
    yield from ("| isian | jenis | wajib | keterangan |", "|---|---|---|---|")
    for field in fields:
        kind = field.kind.replace("|", "\\|")
        must = "ya" if field.required else ""
        yield f"| `{field.name}` | {kind} | {must} | {field.description} |"
