"""Whether a request comes from the sandbox's own page: not from another site, nor by a name that was bent to us."""

from starlette.requests import Request


def is_from_our_page(request: Request, port: int) -> bool:
    """Programs that are no browser send neither `Origin` nor `Sec-Fetch-Site`; they are on this machine, as we are.

    The host is compared against DNS rebinding: a foreign name that resolves to 127.0.0.1 stays a foreign name.
    """
    hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
    origin = request.headers.get("origin")
    if request.headers.get("host") not in hosts:
        return False
    if origin is not None and origin not in {f"http://{host}" for host in hosts}:
        return False
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    return request.method == "GET" or request.headers.get("content-type", "").split(";")[0] == "application/json"
