"""The few ways the application says no. Knows nothing of HTTP.

```text
AppError
├── Invalid            what was sent is wrong: names the fields            (web: 422)
├── Unauthenticated    nobody is signed in, or the token is not good        (web: 401)
├── Forbidden          this person may not do this                          (web: 403)
├── NotFound           it is not there, or not in this person's scope       (web: 404)
├── Conflict           somebody was faster, or it was already done          (web: 409)
│   └── Stale          the row changed since the caller read it             (web: 412)
├── Refused            the law or the record does not allow it yet          (web: 409)
└── Unavailable        the machine cannot do it now; nothing was changed    (web: 503)
```

A message is one Indonesian sentence used as a template: `template` is the key by which
`app.infra.wording` finds the English one, `values` fill both.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One wrong field: where it is, and one sentence on what to do. Never the whole input."""

    field: str
    template: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format(**self.values)


class AppError(Exception):
    """An anticipated no. `code` is the stable name that integrators may rely on."""

    code = "error"

    def __init__(self, template: str, /, **values: object) -> None:
        super().__init__(template)
        self.template = template
        self.values = values

    def __str__(self) -> str:
        return self.template.format(**self.values)


class Invalid(AppError):
    code = "invalid"

    def __init__(
        self, template: str, /, *, fields: tuple[FieldProblem, ...] = (), **values: object
    ) -> None:
        super().__init__(template, **values)
        self.fields = fields


class Unauthenticated(AppError):
    code = "unauthenticated"


class Forbidden(AppError):
    code = "forbidden"


class NotFound(AppError):
    code = "not-found"


class Conflict(AppError):
    code = "conflict"


class Stale(Conflict):
    """A change names the version it was made against, and that version is no longer there."""

    code = "stale"


class Refused(AppError):
    """`missing` lists, sentence by sentence, what stands in the way; empty when there is one."""

    code = "refused"

    def __init__(
        self, template: str, /, *, missing: tuple[FieldProblem, ...] = (), **values: object
    ) -> None:
        super().__init__(template, **values)
        self.missing = missing


class Unavailable(AppError):
    code = "unavailable"


def particulars(error: AppError) -> tuple[FieldProblem, ...]:
    """Return what is wrong field by field, or what stands in the way thing by thing."""
    if isinstance(error, Invalid):
        return error.fields
    if isinstance(error, Refused):
        return error.missing
    return ()
