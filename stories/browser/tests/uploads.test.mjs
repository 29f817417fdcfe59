// Far too large attachments: a browser sends everything before it reads, and must still get to read why it was refused.

import assert from "node:assert/strict";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { heading, launch, logIn, press, visitor } from "../lib/counter.mjs";

const MEGABYTE = 1024 * 1024;
let browser;
let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "allegati-"));
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A file of zeros that takes no room on the disk. */
async function sparse(megabytes) {
  const path = join(folder, `enorme-${megabytes}.pdf`);
  const file = await open(path, "w");
  await file.truncate(megabytes * MEGABYTE);
  await file.close();
  return path;
}

for (const megabytes of [60, 300]) {
  test(`an attachment of ${megabytes} MB is refused with a page that says why`, async () => {
    const page = await (await visitor(browser)).newPage();
    await logIn(page, "silvia");
    await page.goto("/servizi/istanza-generica/domanda");
    await page.getByLabel("Oggetto").fill("Una prova");
    await page.getByLabel("Che cosa chiedi?").fill("Una prova con un allegato troppo grande.");
    await page.locator("input[type=file]").setInputFiles(await sparse(megabytes));
    const answered = page.waitForResponse((response) => response.request().method() === "POST");
    await press(page, "Continua");
    assert.equal((await answered).status(), 413);
    assert.equal(await heading(page), "Hai inviato troppi dati");
    const told = await page.locator("main").innerText();
    assert.match(told, new RegExp(`Hai inviato ${megabytes + 1} MB; qui puoi inviarne al massimo 51 MB`));
    await page.context().close();
  });
}
