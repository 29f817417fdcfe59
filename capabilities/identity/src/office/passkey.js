// Passkeys: browsers give them to scripts alone. Each form of class `sp-passkey` says in its data what to ask for; the
// answer goes into its hidden fields, and the form is sent like any other.
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const words = (list) => (list ? list.split(" ") : []);

function asked({ challenge, site, known, verified, handle, account, holder, algorithms, ceremony }) {
  const passkeys = words(known).map((id) => ({ type: "public-key", id: bytes(id) }));
  const userVerification = verified ? "required" : "preferred";
  if (ceremony === "get") {
    return { challenge: bytes(challenge), rpId: site, allowCredentials: passkeys, userVerification };
  }
  return {
    challenge: bytes(challenge),
    rp: { id: site, name: site },
    user: { id: bytes(handle), name: account, displayName: holder },
    pubKeyCredParams: words(algorithms).map((alg) => ({ type: "public-key", alg: Number(alg) })),
    excludeCredentials: passkeys,
    authenticatorSelection: { residentKey: "preferred", userVerification },
    attestation: "none",
  };
}

function fillIn(form, ceremony, { id, response }) {
  const said = { credenziale: id, contesto: text(response.clientDataJSON) };
  if (ceremony === "create") {
    said.dispositivo = text(response.getAuthenticatorData());
    said.chiave = text(response.getPublicKey());
    said.algoritmo = response.getPublicKeyAlgorithm();
  } else {
    said.dispositivo = text(response.authenticatorData);
    said.firma = text(response.signature);
    said.titolare = response.userHandle ? text(response.userHandle) : "";
  }
  for (const [name, value] of Object.entries(said)) form.elements[name].value = value;
}

async function ask(form) {
  const { ceremony } = form.dataset;
  const publicKey = asked(form.dataset);
  const found = await navigator.credentials[ceremony]({ publicKey });
  fillIn(form, ceremony, found);
}

for (const form of window.PublicKeyCredential ? document.querySelectorAll("form.sp-passkey") : []) {
  const [button, failed] = [form.querySelector("button"), form.querySelector("[role=alert]")];
  button.disabled = false;
  form.querySelector("[data-without-script]").remove();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    failed.textContent = "";
    ask(form).then(() => form.submit(), () => { failed.textContent = form.dataset.failed; });
  });
}
