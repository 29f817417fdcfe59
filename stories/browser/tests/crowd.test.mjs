// The waiting room and the switch to read-only, on a program of their own in which one person at a time comes in.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";

import { PROGRAM, dataFolder, end, start } from "../lib/program.mjs";

const OUTPUT = new URL("../output/", import.meta.url);
const ROOM = "/servizi/assegno-unico/attesa";
const SUMMARY = "/servizi/assegno-unico/domanda";
let data, program, browser, lib, checks;

before(async () => {
  await mkdir(OUTPUT, { recursive: true });
  data = await dataFolder();
  const narrow = ["--admissions-at-once", "1", "--admissions-per-minute", "1"];
  program = start(["demo", "--data", data, "--port", "0", "--people", "60", ...narrow]);
  for await (const line of createInterface(program.stdout)) {
    if (!line.startsWith("Sportello è aperto: ")) continue;
    process.env.SPORTELLO = line.split(": ")[1].trim();
    break;
  }
  program.stdout.resume();
  program.stderr.resume();
  lib = await import("../lib/counter.mjs");
  checks = await import("../lib/checks.mjs");
  browser = await lib.launch();
});
after(async () => {
  await browser?.close();
  await end(program, data);
});

async function person(handle) {
  const page = await (await lib.visitor(browser)).newPage();
  await lib.logIn(page, handle);
  return page;
}

/** Accessible and within the window, narrow and wide; `entry` brings the page into its state. */
async function good(page, name) {
  for (const width of lib.WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: new URL(`${name}-${width}.png`, OUTPUT).pathname, fullPage: true });
    const found = await checks.shape(page);
    const problems = { axe: await checks.violations(page), outside: found.outside, wide: found.scrolls ? [name] : [] };
    const told = Object.entries(problems).filter(([, list]) => list.length > 0);
    assert.deepEqual(Object.fromEntries(told), {}, `${name} at ${width} px`);
    assert.equal(found.titles, 1);
  }
}

const turn = (page) => page.locator(".sp-callout-title").first().innerText();

test("whoever waits reads a time, and a second window reads the same", async () => {
  const chiara = await person("chiara");
  await chiara.goto(SUMMARY);
  const elena = await person("elena");
  await elena.goto(SUMMARY);
  assert.equal(new URL(elena.url()).pathname, ROOM);
  await good(elena, "attesa-senza-posto");
  await lib.press(elena, "Prendi il tuo posto");
  const told = await turn(elena);
  assert.match(told, /^Tocca a te il .* ore \d\d:\d\d$/);
  const second = await elena.context().newPage();
  await second.goto(ROOM);
  assert.equal(await turn(second), told);
  await good(second, "attesa");
  await lib.press(chiara, "Invia la domanda");
  assert.match(chiara.url(), /ricevuta$/, "whoever was in is not disturbed");
});

test("a service with a window says when, and how the order is made", async () => {
  const nobody = await (await lib.visitor(browser)).newPage();
  for (const [language, name] of [["it", "finestra"], ["de", "finestra-de"]]) {
    await nobody.goto(`/servizi/contributo-affitto?lingua=${language}`);
    await good(nobody, name);
  }
});

test("read-only keeps what was typed", async () => {
  const noe = await person("noe");
  await noe.goto("/servizi/istanza-generica/domanda");
  await noe.getByLabel("Oggetto").fill("Copia della domanda");
  await noe.getByLabel("Che cosa chiedi?").fill("Vorrei una copia della domanda presentata nel 2025.");
  execFileSync(PROGRAM, ["read-only", "on", "--data", data]);
  await assert.doesNotReject(async () => {
    for (let tries = 0; !(await noe.request.get("/salute/pronto").then((told) => told.json())).read_only; tries += 1) {
      if (tries === 100) throw new Error("it is not noticed");
      await noe.waitForTimeout(100);
    }
  });
  await noe.waitForTimeout(2_000); // the pages' own view of the switch is as old as that
  await lib.press(noe, "Continua");
  assert.equal(await lib.heading(noe), "Per ora il sito si può solo consultare");
  await good(noe, "sola-lettura");
  const reader = await person("chiara");
  await reader.goto("/pratiche");
  await good(reader, "sola-lettura-pratiche");
  execFileSync(PROGRAM, ["read-only", "off", "--data", data]);
  await noe.waitForTimeout(2_500);
  await lib.press(noe, "Invia di nuovo");
  assert.match(await lib.heading(noe), /^(?!Per ora)/);
  await noe.goto("/servizi/istanza-generica/domanda/richiesta?modifica=1");
  assert.equal(await noe.getByLabel("Che cosa chiedi?").inputValue(), "Vorrei una copia della domanda presentata nel 2025.");
});
