// Officials who come in by the administration's own identity provider: a real one (`oidc-provider`, which OpenID has certified), on
// loopback, with a program of its own. In, out, out at the provider, and what both doors look like together.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";

import { ROOT, dataFolder, end, start } from "../lib/program.mjs";

const OUTPUT = new URL("../output/", import.meta.url);
/** Who works there, by the name under which they log in. */
const PEOPLE = {
  "ada.prova": { name: "Ada Prova", groups: ["famiglia-operatori"] },
  "leo.prova": { name: "Leo Prova", groups: ["mensa"] },
};
let data, program, server, browser, lib, checks, issuer;

const port = () =>
  new Promise((done) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

async function provide(own) {
  const { Provider } = await import("oidc-provider");
  const listening = await port();
  issuer = `http://127.0.0.1:${listening}`;
  const key = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "sportello",
        redirect_uris: [`${own}/ufficio/accesso/ente/ritorno`],
        post_logout_redirect_uris: [`${own}/esci/fatto`],
        backchannel_logout_uri: `${own}/ufficio/accesso/ente/fuori`,
        backchannel_logout_session_required: true,
        token_endpoint_auth_method: "private_key_jwt",
        jwks_uri: `${own}/ufficio/accesso/ente/chiavi.json`,
        id_token_signed_response_alg: "ES256",
      },
    ],
    jwks: { keys: [{ ...key, use: "sig", alg: "ES256", kid: "prova" }] },
    scopes: ["openid", "profile", "groups"],
    claims: { openid: ["sub", "sid"], profile: ["name", "preferred_username"], groups: ["groups"] },
    features: { backchannelLogout: { enabled: true } },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, preferred_username: id, ...PEOPLE[id] }),
    }),
    cookies: { keys: ["una chiave di prova"] },
  });
  server = createServer(provider.callback());
  await new Promise((done) => server.listen(listening, "127.0.0.1", done));
}

async function begin(own, listen) {
  await writeFile(
    join(data, "identity.toml"),
    `${await organisation()}
[staff]
issuer = "${issuer}"
name = "Accesso dell’ente"
client_id = "sportello"
[[staff.groups]]
group = "famiglia-operatori"
office = "famiglia"
roles = ["operator"]
`,
  );
  const usual = await readFile(join(ROOT, "deploy/sportello.toml"), "utf8");
  const changed = usual
    .replace(/^mode = .*/m, 'mode = "demo"')
    .replace(/^listen = .*/m, `listen = "${listen}"`)
    .replace(/^public_url = .*/m, `public_url = "${own}"`);
  await writeFile(join(data, "sportello.toml"), changed);
  program = start(["serve", "--data", data, "--config", join(data, "sportello.toml")]);
  program.stdout.resume();
  const told = createInterface(program.stderr);
  told.on("line", (line) => process.env.VERBOSE && console.error(line));
  const known = async () => (await fetch(`${own}/ufficio/accesso/ente/avvia`, { redirect: "manual" }).catch(() => ({}))).status === 302;
  for (let tries = 0; !(await known()); tries += 1) {
    assert.ok(tries < 240, "the program finds its provider");
    await new Promise((done) => setTimeout(done, 250));
  }
}

/** Who we are, as in the sample. */
async function organisation() {
  const sample = await readFile(join(ROOT, "deploy/identity.toml"), "utf8");
  return sample.slice(sample.indexOf("[organisation]"), sample.indexOf("[spid]"));
}

before(async () => {
  await mkdir(OUTPUT, { recursive: true });
  data = await dataFolder();
  const listen = `127.0.0.1:${await port()}`;
  const own = `http://${listen}`;
  process.env.SPORTELLO = own;
  await provide(own);
  await begin(own, listen);
  lib = await import("../lib/counter.mjs");
  checks = await import("../lib/checks.mjs");
  browser = await lib.launch();
});
after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  await end(program, data);
});

/** Shows the provider who it is, and agrees. */
async function comeIn(page, account) {
  await page.goto("/ufficio/accesso?ritorno=/ufficio/pratiche");
  await lib.follow(page, "Entra con Accesso dell’ente");
  await page.locator("input[name=login]").fill(account);
  await page.locator("input[name=password]").fill("qualunque");
  await page.locator("button[type=submit]").click();
  await page.locator("button[type=submit]", { hasText: "Continue" }).click();
}

const isIn = (page) => page.locator('form[action="/esci"]').first().waitFor({ state: "attached" });

test("both doors are one accessible page", async () => {
  const page = await (await lib.visitor(browser)).newPage();
  await page.goto("/ufficio/accesso");
  for (const width of lib.WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: new URL(`accesso-ente-${width}.png`, OUTPUT).pathname, fullPage: true });
    const found = await checks.shape(page);
    assert.deepEqual([await checks.violations(page), found.outside, found.scrolls], [[], [], false], `${width} px`);
  }
  await page.context().close();
});

test("an official comes in by the provider, and leaves both", async () => {
  const page = await (await lib.visitor(browser)).newPage();
  await comeIn(page, "ada.prova");
  await isIn(page);
  assert.equal(new URL(page.url()).pathname, "/ufficio/pratiche");
  await page.getByText("Ada Prova").first().waitFor();
  await page.goto("/esci");
  await lib.press(page, "Esci");
  await page.getByRole("heading", { name: "Do you want to sign-out" }).waitFor();
  await page.locator("button[name=logout]").click();
  await page.waitForURL("**/esci/fatto");
  await page.goto("/ufficio/accesso?ritorno=/ufficio/pratiche");
  await lib.follow(page, "Entra con Accesso dell’ente");
  await page.locator("input[name=login]").waitFor();
  await page.context().close();
});

test("who leaves the provider is out here, too", async () => {
  const page = await (await lib.visitor(browser)).newPage();
  await comeIn(page, "ada.prova");
  await isIn(page);
  const provider = await page.context().newPage();
  await provider.goto(`${issuer}/session/end`);
  await provider.locator("button[name=logout]").click();
  await provider.getByText("Sign-out Success").waitFor();
  await page.goto("/ufficio/pratiche");
  assert.equal(new URL(page.url()).pathname, "/ufficio/accesso");
  await page.context().close();
});

test("whom no group brings here is told so, and who gives up, too", async () => {
  const page = await (await lib.visitor(browser)).newPage();
  await comeIn(page, "leo.prova");
  await page.getByText("non fai parte di nessun gruppo").waitFor();
  await page.screenshot({ path: new URL("accesso-ente-rifiutato.png", OUTPUT).pathname, fullPage: true });
  assert.deepEqual(await checks.violations(page), []);
  await page.context().clearCookies();
  await page.goto("/ufficio/accesso");
  await lib.follow(page, "Entra con Accesso dell’ente");
  await page.getByRole("link", { name: "[ Cancel ]" }).click();
  await page.getByText("Hai interrotto l’accesso").waitFor();
  await page.context().close();
});
