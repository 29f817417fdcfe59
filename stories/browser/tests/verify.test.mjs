// The page that checks a receipt in the visitor's own browser: genuine, altered, and from a file without any network.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { apply, launch, logIn, visitor } from "../lib/counter.mjs";

let browser;
let folder;
let context;
let genuine;
before(async () => {
  browser = await launch();
  folder = await mkdtemp(join(tmpdir(), "verifica-"));
  context = await visitor(browser);
  const page = await context.newPage();
  await logIn(page, "roberto");
  const place = await apply(page);
  genuine = Buffer.from(await (await context.request.get(`${place}/prova/1`)).body());
});
after(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

async function outcome(page, bytes) {
  await page.locator("input#file").setInputFiles({ name: "prova.json", mimeType: "application/json", buffer: bytes });
  const told = page.locator("#outcome").filter({ hasText: /autentica/i });
  await told.waitFor();
  return told.innerText();
}

function altered() {
  const bytes = Buffer.from(genuine);
  bytes[Math.floor(bytes.length / 2)] ^= 1;
  return bytes;
}

const GENUINE = /Autentica: registrata alla posizione \d+ il /;
const WRONG = /Non autentica/;

test("a genuine receipt is told genuine, in the program's own page", async () => {
  const page = await context.newPage();
  await page.goto("/verifica");
  assert.match(await outcome(page, genuine), GENUINE);
});

test("one altered bit is found", async () => {
  const page = await context.newPage();
  await page.goto("/verifica");
  assert.match(await outcome(page, altered()), WRONG);
});

test("the downloaded page works from disk without network", async () => {
  const html = await (await context.request.get("/verifica/pagina")).text();
  const file = join(folder, "verifica.html");
  await writeFile(file, html);
  const offline = await browser.newContext({ offline: true, locale: "it-IT" });
  const page = await offline.newPage();
  await page.goto(pathToFileURL(file).href);
  assert.match(await outcome(page, genuine), GENUINE);
  await page.reload();
  assert.match(await outcome(page, altered()), WRONG);
  await offline.close();
});
