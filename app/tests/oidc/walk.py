"""Goes the ways of a person between the program and the provider, and holds what is seen to what must be:

walk.py PROGRAM ANCHOR known      everything that must work when the federation knows both
walk.py PROGRAM ANCHOR unknown    the provider does not know us
walk.py PROGRAM ANCHOR gone       the program does not know the provider
"""

import html
import re
import sys
import time
import urllib.parse

import requests
from django.conf import settings

settings.configure()

from spid_cie_oidc.entity.jwtse import unpad_jwt_head, unpad_jwt_payload, verify_jws  # noqa: E402
from spid_cie_oidc.entity.schemas.jwks import JwksCie  # noqa: E402
from spid_cie_oidc.entity.schemas.rp_metadata import RPMetadataCie  # noqa: E402
from spid_cie_oidc.provider.schemas.authn_requests import AuthenticationRequestCie  # noqa: E402

program, anchor, case = sys.argv[1:4]
provider = f"{anchor}/oidc/op"
checks = []


def check(what, holds, seen=""):
    checks.append((what, holds))
    if not holds:
        print(f"  failed: {what}: {str(seen)[:1500]}")


def fields(page, **typed):
    inputs = re.findall(r"<input[^>]*>", page)
    found = {}
    for one in inputs:
        name, value = re.search(r'name="([^"]*)"', one), re.search(r'value="([^"]*)"', one)
        if name:
            found[name[1]] = html.unescape(value[1]) if value else ""
    return {**found, **typed}


def begin(person, back="/profilo", level=""):
    query = urllib.parse.urlencode({"idp": provider, "ritorno": back, **({"livello": level} if level else {})})
    return person.get(f"{program}/accesso/oidc/avvia?{query}", allow_redirects=False, timeout=20)


def log_in(person, back="/profilo", level=""):
    """To the provider, its login and its consent; gives the page where it ends."""
    started = begin(person, back, level)
    login = person.get(started.headers["location"], timeout=20)
    check("the provider takes the request", login.status_code == 200 and "authz_request_object" in login.text, login.text)
    own = {"Referer": anchor}
    consent = person.post(f"{provider}/authorization", data=fields(login.text, username="anna", password="una prova"), headers=own, timeout=20)
    check("the provider takes the login", "agree" in consent.text, consent.text)
    answer = person.post(f"{provider}/consent", data=fields(consent.text, agree="True"), headers=own, allow_redirects=False, timeout=20)
    return started, answer, person.get(answer.headers["location"], timeout=60)


def say_who():
    text = requests.get(f"{program}/.well-known/openid-federation", timeout=20)
    check("content type of the entity configuration", text.headers["content-type"] == "application/entity-statement+jwt", text.headers)
    head, claims = unpad_jwt_head(text.text), unpad_jwt_payload(text.text)
    check("signed with the key that it names", verify_jws(text.text, claims["jwks"]["keys"][0]), head)
    party = claims["metadata"]["openid_relying_party"]
    try:
        RPMetadataCie(**party)
        JwksCie(**party["jwks"])
        seen = ""
    except Exception as error:  # noqa: BLE001
        seen = error
    check("the package's schema of relying parties", not seen, seen)
    check("the mark of the anchor is shown", claims.get("trust_marks"), claims.get("trust_marks"))


def request_itself():
    started = begin(requests.Session(), "/servizi", "3")
    query = urllib.parse.parse_qs(urllib.parse.urlparse(started.headers["location"]).query)
    claims = unpad_jwt_payload(query["request"][0])
    asked = {**claims, "scope": claims["scope"].split(), "acr_values": claims["acr_values"].split()}
    try:
        AuthenticationRequestCie(**asked)
        seen = ""
    except Exception as error:  # noqa: BLE001
        seen = error
    check("the package's schema of requests", not seen, seen)
    check("level 3 is asked", claims["acr_values"].endswith("SpidL3"), claims)


def known():
    person = requests.Session()
    page = person.get(f"{program}/accesso", timeout=20)
    check("the provider can be chosen", "/accesso/oidc/avvia" in page.text, page.text)
    say_who()
    request_itself()
    _, answer, end = log_in(person)
    check("the provider names itself", "iss=" in answer.headers["location"], answer.headers)
    check("the person is in", end.status_code == 200 and "BNCNNA90M49Z404C" in end.text, end.text)
    check("as who they are, by whom, at which level", "Anna Bianchi" in end.text and "CIE di prova, livello 2" in end.text, end.text)
    again = person.get(answer.headers["location"], timeout=20)
    check("the same answer opens nothing a second time", again.status_code == 403, again.status_code)
    other = requests.Session()
    _, answer, _ = log_in(other, "/profilo", "3")
    check("at level 3", "livello 3" in other.get(f"{program}/profilo", timeout=20).text)
    stranger = requests.get(answer.headers["location"], timeout=20)
    check("another browser gets nothing", stranger.status_code == 403, stranger.status_code)
    out = person.post(f"{program}/esci", headers={"Origin": program}, timeout=20)
    check("leaving ends it at the provider, too", "gestore=si" in out.url, out.url)
    check("and here", person.get(f"{program}/profilo", allow_redirects=False, timeout=20).status_code != 200)
    given_up = requests.Session()
    started = begin(given_up)
    state = unpad_jwt_payload(urllib.parse.parse_qs(urllib.parse.urlparse(started.headers["location"]).query)["request"][0])
    no = f"{provider}/notconsent?{urllib.parse.urlencode({'redirect_uri': state['redirect_uri'], 'state': state['state']})}"
    page = given_up.get(no, timeout=20)
    check("who does not agree reads so", page.status_code in (403, 502) and "Accesso non riuscito" in page.text, page.text)


def unknown():
    person = requests.Session()
    started = begin(person)
    page = person.get(started.headers["location"], timeout=60)
    check("the provider refuses whom the anchor does not vouch for", "Accesso non riuscito" in page.text, page.text)
    check("and nobody is in", "BNCNNA90M49Z404C" not in page.text)


def gone():
    page = requests.get(f"{program}/accesso", timeout=20)
    check("a provider that the anchor does not vouch for cannot be chosen", "/accesso/oidc/avvia" not in page.text, page.text)
    check("nor addressed", begin(requests.Session()).status_code == 404)


for _ in range(40):
    # The federation is looked up beside the pages.
    if case == "gone" or "/accesso/oidc/avvia" in requests.get(f"{program}/accesso", timeout=20).text:
        break
    time.sleep(0.25)
{"known": known, "unknown": unknown, "gone": gone}[case]()
failed = [what for what, holds in checks if not holds]
print(f"{case}: {len(checks)} checks, {len(failed)} failed")
least = {"known": 18, "unknown": 2, "gone": 2}[case]
sys.exit(1 if failed or len(checks) < least else 0)
