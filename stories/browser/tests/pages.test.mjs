// Every page, narrow and wide: accessibility, shape, silence of the console, no request elsewhere; then every link.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, before, test } from "node:test";

import { foldMenus, shape, unfold, violations, watch } from "../lib/checks.mjs";
import { BASE, WIDTHS, launch, visitor } from "../lib/counter.mjs";
import { prepare } from "../lib/scene.mjs";

const OUTPUT = new URL("../output/", import.meta.url);
let browser;
let scene;
/** Address → where it was found and by whom it is visited. */
const links = new Map();

before(async () => {
  await mkdir(OUTPUT, { recursive: true });
  browser = await launch();
  scene = await prepare(browser);
});
after(() => browser?.close());

/** A tab of the person: "fresh" visitors leave no cookie behind for the next page. */
async function tabOf(who) {
  const context = who === "fresh" ? await visitor(browser) : scene.people[who];
  return { page: await context.newPage(), done: () => (who === "fresh" ? context.close() : undefined) };
}

async function collectLinks(page, entry) {
  const found = await page.$$eval("a[href]", (all) => all.map((link) => link.href));
  for (const href of found) {
    const url = new URL(href);
    url.hash = "";
    const visitOnce = url.origin === BASE && !links.has(url.href) && !url.search.includes("lingua=");
    if (visitOnce) links.set(url.href, { on: entry.name, who: entry.who });
  }
}

async function visit(entry, width) {
  const { page, done } = await tabOf(entry.who);
  try {
    await page.setViewportSize({ width, height: 900 });
    const seen = watch(page);
    const response = await page.goto(entry.path);
    const expected = [entry.status ?? 200].flat();
    assert.ok(expected.includes(response.status()), `answers ${response.status()}, not ${expected}`);
    if (entry.first) {
      await entry.first(page);
      await page.waitForLoadState("load");
    }
    await page.screenshot({ path: new URL(`${entry.name}-${width}.png`, OUTPUT).pathname, fullPage: true });
    const found = await shape(page);
    await unfold(page);
    const unfolded = await shape(page);
    await foldMenus(page);
    // Chromium also complains of the page itself when it answers 404 or 422, as some of these must.
    const refused = entry.then || expected.some((status) => status >= 400);
    const said = seen.complaints.filter((line) => !refused || !line.includes("Failed to load resource"));
    const problems = {
      axe: await violations(page),
      lang: found.lang === (entry.lang ?? "it") ? [] : [`lang is ${found.lang}`],
      title: found.titles === (entry.titles ?? 1) && !found.emptyTitle && found.tabTitle ? [] : [`${found.titles} h1, tab «${found.tabTitle}»`],
      width: found.scrolls ? ["the page scrolls sideways"] : [],
      outside: found.outside,
      unfolded: unfolded.scrolls ? ["unfolded, the page scrolls sideways"] : unfolded.outside,
      console: said,
      elsewhere: seen.elsewhere,
      failed: seen.failed,
    };
    if (width === WIDTHS[0] && expected[0] < 400) await collectLinks(page, entry);
    const told = Object.entries(problems).filter(([, list]) => list.length > 0);
    assert.deepEqual(Object.fromEntries(told), {}, `${entry.name} at ${width} px`);
  } finally {
    await page.close();
    await done();
  }
}

/** Three pages at a time; the widths of one page one after the other, since some pages save a draft. */
test("every page at every width", { concurrency: 3 }, async (t) => {
  const waiting = [...scene.pages];
  const walker = async () => {
    for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
      for (const width of WIDTHS) await t.test(`${entry.name} ${width} px`, () => visit(entry, width));
    }
  };
  await Promise.all([walker(), walker(), walker()]);
});

test("at 200 % nothing is lost", async (t) => {
  const zoomed = ["inizio", "assegno", "riepilogo", "ricevuta", "pratica-accolta", "ufficio-elenco", "ufficio-pratica"];
  for (const entry of scene.pages.filter((page) => zoomed.includes(page.name))) {
    await t.test(entry.name, async () => {
      const state = await scene.people[entry.who].storageState();
      const context = await visitor(browser, { storageState: state, viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 });
      try {
        const page = await context.newPage();
        await page.goto(entry.path);
        const { scrolls, outside } = await shape(page);
        assert.deepEqual({ scrolls, outside }, { scrolls: false, outside: [] });
      } finally {
        await context.close();
      }
    });
  }
});

test("no link is dead", async () => {
  assert.ok(links.size > 30, `only ${links.size} links were found`);
  const dead = [];
  for (const [href, { on, who }] of links) {
    const context = who === "fresh" ? scene.people.nobody : scene.people[who];
    const response = await context.request.get(href, { maxRedirects: 5 });
    if (response.status() >= 400) dead.push(`${response.status()} ${new URL(href).pathname} on ${on} (${who})`);
  }
  assert.deepEqual(dead, []);
});
