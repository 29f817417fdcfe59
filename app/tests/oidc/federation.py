"""A trust anchor and a provider of CIE, as the package spid-cie-oidc has them, in one process on loopback.

federation.py serve PORT FOLDER      makes keys, entries and a person, and serves
federation.py register PORT FOLDER CLIENT    lets the anchor vouch for a relying party, with a trust mark
federation.py forget PORT FOLDER NAME        the anchor vouches for it no longer
federation.py remember PORT FOLDER NAME      ... and again
federation.py tokens PORT FOLDER             how many sessions of the provider are revoked, and how many are not
"""

import json
import pathlib
import sys
import time
import urllib.request

command, port, folder = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3])
ANCHOR = f"http://127.0.0.1:{port}"
PROVIDER = f"{ANCHOR}/oidc/op"
MARK = f"{ANCHOR}/openid_relying_party/public"

import aiohttp  # noqa: E402
import django  # noqa: E402
from django.conf import settings  # noqa: E402

settings.configure(
    SECRET_KEY="of a federation that nobody trusts",
    DEBUG=False,
    ALLOWED_HOSTS=["127.0.0.1"],
    APPEND_SLASH=False,
    USE_TZ=True,
    AUTH_USER_MODEL="spid_cie_oidc_accounts.User",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "spid_cie_oidc.accounts", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
        "django.contrib.messages", "spid_cie_oidc.entity", "spid_cie_oidc.authority", "spid_cie_oidc.provider",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware", "django.contrib.messages.middleware.MessageMiddleware",
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "federation.sqlite", "OPTIONS": {"timeout": 20}}},
    # Its own pages extend a design that is another package; forms are all that is needed here.
    TEMPLATES=[{
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", {
            "op_user_login.html": "<form method=post action='/oidc/op/authorization'>{% csrf_token %}{{ form }}{{ hidden_form }}</form>",
            "op_user_consent.html": "<form method=post action='/oidc/op/consent'>{% csrf_token %}{{ form }}</form>",
        })]},
    }],
    OIDCFED_DEFAULT_TRUST_ANCHOR=ANCHOR,
    OIDCFED_TRUST_ANCHORS=[ANCHOR],
    OIDCFED_PROVIDER_PROFILE="cie",
    OIDCFED_DEFAULT_PROVIDER_PROFILE="cie",
    OIDCFED_PROVIDER_MAX_CONSENT_TIMEFRAME=3600,
    OIDCFED_REQUIRED_TRUST_MARKS=[MARK],
    HTTPC_PARAMS={"connection": {"ssl": True}, "session": {"timeout": aiohttp.ClientTimeout(total=10)}},
    LOGGING={"version": 1, "handlers": {"out": {"class": "logging.StreamHandler"}}, "root": {"handlers": ["out"], "level": "INFO"}},
)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.urls import path  # noqa: E402
from spid_cie_oidc.accounts.models import User  # noqa: E402
from spid_cie_oidc.authority.models import (  # noqa: E402
    FederationDescendant, FederationEntityAssignedProfile, FederationEntityProfile,
)
from spid_cie_oidc.authority.urls import urlpatterns as of_authority  # noqa: E402
from spid_cie_oidc.entity.jwks import create_jwk, public_jwk_from_private_jwk  # noqa: E402
from spid_cie_oidc.entity.jwtse import unpad_jwt_payload  # noqa: E402
from spid_cie_oidc.entity.models import FederationEntityConfiguration  # noqa: E402
from spid_cie_oidc.entity.urls import urlpatterns as of_entity  # noqa: E402
from spid_cie_oidc.entity.views import entity_configuration  # noqa: E402
from spid_cie_oidc.provider.models import OidcSession  # noqa: E402
from spid_cie_oidc.provider.views import userinfo_endpoint  # noqa: E402
from spid_cie_oidc.provider.urls import urlpatterns as of_provider  # noqa: E402

urlpatterns = of_entity + of_authority + of_provider
urlpatterns.append(path("oidc/op/.well-known/openid-federation", entity_configuration))

signed = userinfo_endpoint.create_jws


def whole(claims, key):
    """What is said of a person, with by whom, for whom and until when: the package leaves that out, the rules want it."""
    client = FederationDescendant.objects.get(type="openid_relying_party").sub
    now = int(time.time())
    return signed({"iss": PROVIDER, "aud": client, "iat": now, "exp": now + 300, **claims}, key)


userinfo_endpoint.create_jws = whole


def key():
    return {**create_jwk(), "use": "sig"}


def public(private):
    return {**public_jwk_from_private_jwk(private), "use": "sig"}


def found():
    """Keys, entries, the person: made once."""
    call_command("migrate", verbosity=0)
    own, fed, core = key(), key(), key()
    contact = {"organization_name": "Federazione di prova", "homepage_uri": ANCHOR, "policy_uri": f"{ANCHOR}/policy",
               "logo_uri": f"{ANCHOR}/logo.svg", "contacts": ["federazione@sportello.example"]}
    FederationEntityConfiguration.objects.create(
        sub=ANCHOR, jwks_fed=[own], jwks_core=[], entity_type="federation_entity", is_active=True,
        constraints={"max_path_length": 1}, trust_mark_issuers={MARK: [ANCHOR]},
        metadata={"federation_entity": {**contact, "federation_fetch_endpoint": f"{ANCHOR}/fetch",
                                        "federation_list_endpoint": f"{ANCHOR}/list"}})
    at = {f"{name}_endpoint": f"{PROVIDER}/{name}" for name in ("authorization", "token", "userinfo", "revocation", "introspection")}
    algorithms = {f"{name}_signing_alg_values_supported": ["RS256", "ES256"] for name in ("id_token", "userinfo", "request_object")}
    FederationEntityConfiguration.objects.create(
        sub=PROVIDER, jwks_fed=[fed], jwks_core=[core], entity_type="openid_provider", is_active=True, authority_hints=[ANCHOR],
        metadata={"federation_entity": contact, "openid_provider": {
            **at, **algorithms, "issuer": PROVIDER, "organization_name": "CIE di prova", "jwks": {"keys": [public(core)]},
            "code_challenge_methods_supported": ["S256"], "response_types_supported": ["code"],
            "scopes_supported": ["openid", "offline_access"], "subject_types_supported": ["pairwise"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "client_registration_types_supported": ["automatic"],
            "userinfo_encryption_alg_values_supported": ["RSA-OAEP", "RSA-OAEP-256"],
            "userinfo_encryption_enc_values_supported": ["A256CBC-HS512"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"]}})
    FederationDescendant.objects.create(name="CIE di prova", sub=PROVIDER, type="openid_provider", jwks=[public(fed)],
                                        status="valid", is_active=True, metadata_policy={})
    person = User(username="anna", attributes={
        "given_name": "Anna", "family_name": "Bianchi", "birthdate": "1990-08-09", "email": "anna@sportello.example",
        "https://attributes.eid.gov.it/fiscal_number": "TINIT-BNCNNA90M49Z404C"})
    person.set_password("una prova")
    person.save()
    (folder / "anchor.json").write_text(json.dumps({"keys": [public(own)]}))


def register(client):
    with urllib.request.urlopen(f"{client}/.well-known/openid-federation", timeout=10) as answer:
        claims = unpad_jwt_payload(answer.read().decode())
    entry = FederationDescendant.objects.create(name="Sportello", sub=client, type="openid_relying_party", status="valid",
                                                is_active=True, jwks=claims["jwks"]["keys"], metadata_policy={})
    profile = FederationEntityProfile.objects.create(
        name="RP pubblico", profile_category="openid_relying_party", profile_id=MARK,
        trust_mark_template={"id": MARK, "organization_type": "public"})
    anchor = FederationEntityConfiguration.objects.get(sub=ANCHOR)
    FederationEntityAssignedProfile.objects.create(descendant=entry, profile=profile, issuer=anchor)


if __name__ == "__main__":
    if command == "serve":
        found()
        call_command("runserver", f"127.0.0.1:{port}", use_reloader=False, use_threading=True, skip_checks=True, verbosity=0)
    elif command == "register":
        register(sys.argv[4])
    elif command in ("forget", "remember"):
        FederationDescendant.objects.filter(sub=sys.argv[4]).update(is_active=command == "remember")
    elif command == "tokens":
        print(OidcSession.objects.filter(revoked=True).count(), OidcSession.objects.filter(revoked=False).count())
