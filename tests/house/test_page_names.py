"""Pages are addressed by names of their own: no link or form of a page leads into the API."""

from fastapi.routing import iter_route_contexts
from jinja2 import nodes

from app.infra.templating import TEMPLATES, environment
from app.web.addresses import API, PAGE
from app.web.pages.routes import router


def names() -> set[str]:
    found = (
        str(getattr(one.original_route, "name", "")) for one in iter_route_contexts(router.routes)
    )
    return {name for name in found if name.startswith(PAGE)}


def test_every_address_in_a_template_is_that_of_a_page() -> None:
    asked = {
        f"{PAGE}{call.args[0].value}"
        for path in TEMPLATES.rglob("*.html")
        for call in environment().parse(path.read_text("utf-8")).find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name == "url_for"
        if isinstance(call.args[0], nodes.Const)
        if not str(call.args[0].value).startswith(API)
    }

    assert asked
    assert asked - names() == set()
