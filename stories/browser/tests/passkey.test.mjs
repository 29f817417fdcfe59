// Passkeys in a real browser with a virtual device: registering one, coming in with it beside the password and alone, and
// what is left without JavaScript.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { heading, launch, logInOfficer, press, visitor } from "../lib/counter.mjs";

const OFFICER = "lia.testa";
const PASSWORD = "dimostrazione";
let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** A device that answers by itself, and makes sure of its holder. */
async function device(page) {
  const client = await page.context().newCDPSession(page);
  await client.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
  await client.send("WebAuthn.addVirtualAuthenticator", { options: { ...options, automaticPresenceSimulation: true } });
}

async function typePassword(page) {
  await page.goto("/ufficio/accesso?ritorno=/ufficio/compiti");
  await page.locator("input[name=utente]").fill(OFFICER);
  await page.locator("input[name=password]").fill(PASSWORD);
  await press(page, "Entra");
}

const inside = (page) => page.locator('form[action="/esci"]').first().waitFor({ state: "attached" });

test("a passkey is registered, and opens beside the password and alone", async () => {
  const context = await visitor(browser);
  const page = await context.newPage();
  const told = [];
  page.on("console", (message) => told.push(message.text()));
  await device(page);
  await logInOfficer(page, OFFICER);
  await page.goto("/ufficio/accesso/attiva");
  await page.getByLabel("Come vuoi chiamarla").fill("Chiave di prova");
  await press(page, "Registra la passkey");
  await page.getByText("I tuoi codici di recupero").first().waitFor();
  assert.equal(await page.locator("main ol code").count(), 10);
  await page.goto("/ufficio/sicurezza");
  await page.getByRole("heading", { name: "Chiave di prova" }).waitFor();

  await context.clearCookies();
  await typePassword(page);
  assert.equal(await heading(page), "La seconda prova");
  await press(page, "Usa la passkey");
  await inside(page);
  assert.equal(new URL(page.url()).pathname, "/ufficio/compiti");

  await context.clearCookies();
  await page.goto("/ufficio/accesso");
  await press(page, "Entra con una passkey");
  await press(page, "Usa la passkey");
  await inside(page);
  assert.deepEqual(told, [], "the policy is kept");
  await context.close();
});

test("without JavaScript a page says so, and codes go on", async () => {
  const context = await visitor(browser, { javaScriptEnabled: false });
  const page = await context.newPage();
  await typePassword(page);
  assert.equal(await heading(page), "La seconda prova");
  assert.ok(await page.getByRole("button", { name: "Usa la passkey" }).isDisabled());
  await page.getByText("Le passkey funzionano solo con JavaScript attivo").waitFor();
  assert.ok(await page.getByLabel("Codice di recupero").isEditable());
  await context.close();
});

test("a device that gives nothing is told, and nobody is in", async () => {
  const context = await visitor(browser);
  const page = await context.newPage();
  await device(page); // another one, without the passkey
  await typePassword(page);
  await press(page, "Usa la passkey");
  await page.getByText("Il dispositivo non ha dato la passkey").waitFor();
  assert.equal(await page.locator('form[action="/esci"]').count(), 0);
  await context.close();
});
