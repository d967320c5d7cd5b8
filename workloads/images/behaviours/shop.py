"""A small shop of four services: a front that asks the catalogue, the stock and the cart over the network."""

import json
from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit

from clusters.kernel import Outcome, Request
from workloads.images.behaviours.behaviour import Behaviour, Served, Server, number
from workloads.images.behaviours.http import head, http, moved, other_protocol, path_of

PRODUCTS = (("tea", "Green tea", 5), ("mug", "A large mug", 9), ("kettle", "A red kettle", 34))
IN_STOCK = 20
MOST = 1000  # of one product in a cart
PARTS = ("catalog", "stock", "cart")
PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>The little shop</title><style>
body {{ font: 17px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 1.5rem auto; padding: 0 1rem; color: #222; }}
table {{ width: 100%; border-collapse: collapse; }}
td {{ text-align: left; padding: .4rem; border-bottom: 1px solid #ccc; }}
button {{ font: inherit; padding: .25rem .8rem; }} .bad {{ color: #a00; }} small {{ color: #666; }}
</style></head>
<body>
<h1>The little shop</h1>
{products}
{cart}
{problems}
<p><small>{hostname}</small></p>
</body>
</html>
"""


def role(server: Server) -> str:
    """`front`, `catalog`, `stock` or `cart`: the first argument, or SHOP_ROLE."""
    return server.argv[1] if len(server.argv) > 1 else server.env.get("SHOP_ROLE", "front")


def ports(server: Server) -> tuple[int, ...]:
    return (number(server.env.get("PORT", "80"), 80),)


def quits(server: Server) -> tuple[int, str] | None:
    known = role(server) in ("front", *PARTS)
    return None if known else (2, f"shop: there is no role {role(server)!r}: front, catalog, stock or cart")


def serve(server: Server, request: Request) -> Served:
    plain = other_protocol(request)
    if plain:
        return Served(plain)
    if path_of(request) == "/healthz":
        return Served(http(200, "ok\n"))
    return {"catalog": catalog, "stock": stock, "cart": cart}.get(role(server), front)(server, request)


def catalog(_: Server, request: Request) -> Served:
    if path_of(request) != "/products":
        return Served(http(404, "not found\n"))
    return _json([{"id": name, "name": title, "price": price} for name, title, price in PRODUCTS])


def stock(server: Server, request: Request) -> Served:
    """GET /stock; POST /take with item=..."""
    held = {name: IN_STOCK for name, _, _ in PRODUCTS} | dict(server.state.get("stock", {}))
    if path_of(request) == "/take" and request.method == "POST":
        item = _field(request, "item")
        if held.get(item, 0) < 1:
            return Served(http(409, f"no {item or 'such thing'} left\n"))
        return _json(held, {**server.state, "stock": {**held, item: held[item] - 1}})
    return _json(held) if path_of(request) == "/stock" else Served(http(404, "not found\n"))


def cart(server: Server, request: Request) -> Served:
    """GET /items; POST /items with item=..."""
    held: Mapping[str, int] = server.state.get("cart", {})
    if path_of(request) != "/items":
        return Served(http(404, "not found\n"))
    if request.method != "POST":
        return _json(dict(held))
    item = _field(request, "item")
    if item not in [name for name, _, _ in PRODUCTS]:
        return Served(http(400, "no such product\n"))
    after = {**held, item: min(held.get(item, 0) + 1, MOST)}
    return _json(after, {**server.state, "cart": after})


def front(server: Server, request: Request) -> Served:
    """The page; POST /cart takes one from the stock and lays it into the cart."""
    path = path_of(request)
    if path == "/cart" and request.method == "POST":
        body = f"item={_field(request, 'item')}".encode()
        for part, where in (("stock", "/take"), ("cart", "/items")):
            _, problem = ask(server, part, where, "POST", body)
            if problem:
                return Served(http(502, PAGE.format(products="", cart="", problems=_bad([problem]),
                                                    hostname=escape(server.hostname)), "text/html"))  # fmt: skip
        return Served(moved("/", 303))
    if path not in ("/", "/index.html"):
        return Served(http(404, "not found\n"))
    found = {
        part: ask(server, part, where) for part, where in zip(PARTS, ("/products", "/stock", "/items"), strict=True)
    }
    problems = [problem for _, problem in found.values() if problem]
    products, held, laid = (found[part][0] for part in PARTS)
    page = PAGE.format(
        products=_products(products or [], held or {}),
        cart=_cart(laid) if isinstance(laid, dict) else "",
        problems=_bad(problems),
        hostname=escape(server.hostname),
    )
    return Served(head(request, http(200 if products else 503, page, "text/html; charset=utf-8")))


def ask(server: Server, part: str, path: str, method: str = "GET", body: bytes = b"") -> tuple[Any, str]:
    """(what another service says, why it says nothing). Where it is comes from CATALOG_URL and the like."""
    url = urlsplit(server.env.get(f"{part.upper()}_URL", f"http://{part}"))
    host, port = url.hostname or part, url.port or 80
    if server.wire is None:
        return None, f"{part}: network is unreachable"
    headers = (("Host", host), ("Content-Type", "application/x-www-form-urlencoded"), ("User-Agent", "shop/1.0"))
    outcome = server.wire.send(host, Request("http", port, method, path, headers, body, host))
    if not outcome.ok:
        return None, f"{part} (http://{host}:{port}): {outcome.reason}"
    if outcome.status != 200:
        return None, f"{part}: {outcome.status} {outcome.body.decode(errors='replace')[:100].strip()}"
    try:
        return json.loads(outcome.body), ""
    except ValueError:
        return None, f"{part}: what it says is no JSON"


def _products(products: Any, held: Any) -> str:
    rows = [one for one in products if isinstance(one, dict)] if isinstance(products, list) else []
    left = held if isinstance(held, dict) else {}
    lines = "".join(
        f"<tr><td>{escape(str(one.get('name', '')))}</td><td>{escape(str(one.get('price', '')))} €</td>"
        f'<td>{escape(str(left.get(one.get("id"), "?")))} left</td><td><form method="post" action="/cart">'
        f'<button name="item" value="{escape(str(one.get("id", "")))}">Buy</button></form></td></tr>\n'
        for one in rows
    )
    return f"<table>{lines}</table>" if lines else ""


def _cart(laid: Mapping[str, Any]) -> str:
    told = ", ".join(f"{escape(str(count))} × {escape(str(item))}" for item, count in laid.items())
    return f"<p><b>In your cart:</b> {told or 'nothing yet'}</p>"


def _bad(problems: list[str]) -> str:
    return "".join(f'<p class="bad">{escape(problem)}</p>\n' for problem in problems)


def _field(request: Request, name: str) -> str:
    return parse_qs(request.body.decode(errors="replace")[:1000]).get(name, [""])[0]


def _json(value: Any, state: Mapping[str, Any] | None = None) -> Served:
    return Served(http(200, json.dumps(value) + "\n", "application/json"), state)


def answer(server: Server, request: Request) -> Outcome:
    return serve(server, request).outcome


SHOP = Behaviour("shop", answer, ports, quits, serve=serve)
