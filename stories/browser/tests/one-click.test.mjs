// The main job in other ways than with a mouse: keyboard only, without JavaScript; how fast, how light.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { BASE, follow, heading, launch, logIn, press, visitor } from "../lib/counter.mjs";
import { button, enter, focused, link, tabTo } from "../lib/keyboard.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

test("with the keyboard only", async () => {
  const context = await visitor(browser);
  const page = await context.newPage();
  await page.goto("/");
  await page.keyboard.press("Tab");
  assert.match((await focused(page)).words, /Vai al contenuto/, "the first stop skips to the content");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "contenuto");
  await tabTo(page, link("Assegno unico"), "the service");
  await enter(page);
  await tabTo(page, link("Accedi e richiedi"), "the call to action");
  await enter(page);
  await tabTo(page, link("Entra con"), "the login");
  await enter(page);
  await tabTo(page, (now) => now.name === "persona", "the people");
  const choices = await page.locator("input[name=persona]").count();
  for (let presses = 0; presses < choices && !(await page.locator("input[name=persona][value=teresa]").isChecked()); presses += 1) {
    await page.keyboard.press("ArrowDown");
  }
  await tabTo(page, button("Entra come questa persona"), "the button of the identity provider");
  await enter(page);
  await tabTo(page, button("Continua"), "the way back");
  await enter(page);
  assert.equal(await heading(page), "Controlla e conferma");
  await tabTo(page, button("Invia la domanda"), "the confirmation");
  await enter(page);
  assert.match(await page.locator("main").innerText(), /Domanda inviata/);
  await context.close();
});

test("without JavaScript", async () => {
  const context = await visitor(browser, { javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto("/servizi/assegno-unico");
  await follow(page, "Accedi e richiedi");
  await logIn(page, "sofia");
  assert.equal(await heading(page), "Controlla e conferma");
  await press(page, "Invia la domanda");
  assert.match(await page.locator("main").innerText(), /Domanda inviata/);
  await page.locator("details.sp-person > summary").click();
  await page.locator('form[action="/esci"] button').first().click();
  assert.equal(await heading(page), "Sei uscito");
  await context.close();
});

test("the receipt arrives in less than two seconds", async (t) => {
  const context = await visitor(browser);
  const page = await context.newPage();
  await logIn(page, "giorgio");
  await page.goto("/servizi/assegno-unico/domanda");
  const started = performance.now();
  await press(page, "Invia la domanda");
  await page.getByText("Domanda inviata").first().waitFor();
  const elapsed = Math.round(performance.now() - started);
  t.diagnostic(`receipt after ${elapsed} ms`);
  assert.ok(elapsed < 2000, `${elapsed} ms`);
  await context.close();
});

test("the first page weighs less than 200 kB", async (t) => {
  const context = await visitor(browser);
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  let bytes = 0;
  await client.send("Network.enable");
  client.on("Network.loadingFinished", (event) => (bytes += event.encodedDataLength));
  await page.goto("/", { waitUntil: "networkidle" });
  t.diagnostic(`first page: ${(bytes / 1000).toFixed(1)} kB in all`);
  assert.ok(bytes > 5_000 && bytes < 200_000, `${bytes} bytes`);
  const sheet = await page.locator("link[rel=stylesheet]").first().getAttribute("href");
  const response = await fetch(new URL(sheet, BASE), { headers: { "accept-encoding": "gzip" } });
  assert.equal(response.headers.get("content-encoding"), "gzip");
  await context.close();
});
