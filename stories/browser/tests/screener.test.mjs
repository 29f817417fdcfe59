// «Che cosa mi spetta?», step by step: every page narrow and wide, with the keyboard only, without JavaScript.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, before, test } from "node:test";

import { foldMenus, shape, unfold, violations, watch } from "../lib/checks.mjs";
import { WIDTHS, follow, heading, launch, logIn, press, visitor } from "../lib/counter.mjs";
import { button, enter, focused, tabTo } from "../lib/keyboard.mjs";

const OUTPUT = new URL("../output/", import.meta.url);
const ADD = "Aggiungi un’altra persona";
let browser;
before(async () => {
  await mkdir(OUTPUT, { recursive: true });
  browser = await launch();
});
after(() => browser?.close());

/** What a mother of a small child answers, question by question. */
const ANSWERS = [
  ["Che cittadinanza hai?", (page) => page.getByRole("radio", { name: "Italiana o di un Paese dell’Unione europea" }).check()],
  ["Che cosa fai adesso?", (page) => page.getByLabel("Il tuo lavoro").selectOption({ label: "Lavoro per un datore di lavoro" })],
  ["Qual è il tuo ISEE?", (page) => page.getByLabel("ISEE, in euro").fill("8.000")],
  ["Che genitore sei?", (page) => page.getByRole("radio", { name: "La madre" }).check()],
  ["Quanto guadagni al mese?", (page) => page.getByLabel("Paga di un mese").fill("900")],
  ["Quanto guadagna la tua famiglia?", (page) => page.getByLabel("Reddito di tutta la famiglia").fill("6.000")],
  ["Paghi un affitto?", (page) => page.getByLabel("Affitto di un anno").fill("3.000")],
  ["Avete risparmi, altre case, auto o barche di valore?", (page) => page.getByRole("radio", { name: "Sì" }).check()],
  ["L’altro genitore lavora?", (page) => page.getByRole("radio", { name: "No" }).check()],
];

async function born(page, row, [day, month, year]) {
  const part = (name) => page.locator(`[name="persone.${row}.data_nascita.${name}"]`);
  await part("giorno").fill(day);
  await part("mese").fill(month);
  await part("anno").fill(year);
}

const choose = (page, name, value) => page.locator(`input[type=radio][name="${name}"][value="${value}"]`).check();

/** From the first page to the result; `look` sees each page. */
async function walk(page, look = () => {}) {
  await page.goto("/");
  await follow(page, "Che cosa mi spetta?");
  await look("inizio");
  await press(page, "Avanti");
  await look("errori");
  await born(page, 0, ["1", "3", "2007"]);
  await choose(page, "persone.0.disabilita", "nessuna");
  await press(page, ADD);
  assert.ok(new URL(page.url()).hash, "the page is shown from the new person on");
  await choose(page, "persone.1.chi", "figlio");
  await born(page, 1, ["20", "4", "2026"]);
  await choose(page, "persone.1.disabilita", "nessuna");
  await press(page, "Avanti");
  await look("altro");
  await page.getByRole("link", { name: "Persona 2: Va al nido?" }).click();
  await choose(page, "persone.1.nido", "nessuno");
  await press(page, "Avanti");
  for (let asked = 0; asked < 12 && (await page.locator('[name="sp.domanda"]').count()); asked += 1) {
    const title = await heading(page);
    const answer = ANSWERS.find(([question]) => question === title);
    assert.ok(answer, `nobody knows an answer to «${title}»`);
    await look(`domanda-${asked + 2}`);
    await answer[1](page);
    await press(page, "Avanti");
  }
  await look("risultato");
  assert.equal(await heading(page), "Ecco che cosa ti può spettare");
}

for (const width of WIDTHS) {
  test(`every step at ${width} px`, async () => {
    const context = await visitor(browser, { viewport: { width, height: 900 } });
    const page = await context.newPage();
    const seen = watch(page);
    const problems = [];
    await walk(page, async (name) => {
      await page.screenshot({ path: new URL(`verifica-${name}-${width}.png`, OUTPUT).pathname, fullPage: true });
      await unfold(page);
      const { scrolls, outside, titles } = await shape(page);
      await foldMenus(page);
      const wrong = [...(await violations(page)), ...outside, ...(scrolls ? ["it scrolls sideways"] : []), ...(titles === 1 ? [] : ["no single title"])];
      problems.push(...wrong.map((one) => `${name}: ${one}`));
    });
    const complaints = seen.complaints.filter((line) => !line.includes("422"));
    assert.deepEqual({ problems, complaints, elsewhere: seen.elsewhere, failed: seen.failed }, { problems: [], complaints: [], elsewhere: [], failed: [] });
    assert.deepEqual(await context.cookies(), [], "nothing is kept in the browser");
    await context.close();
  });
}

test("without JavaScript, up to the application", async () => {
  const context = await visitor(browser, { javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await walk(page);
  const box = page.locator("main .sp-box", { hasText: "Assegno di inclusione" });
  await box.getByRole("button", { name: /^Vai alla domanda con queste risposte/ }).click();
  assert.equal(await heading(page), "Accedi");
  const [carried] = await context.cookies();
  assert.ok(carried.httpOnly && carried.expires - Date.now() / 1000 <= 1800, "one cookie, for half an hour");
  await logIn(page, "sofia");
  assert.equal(await heading(page), "Controlla e conferma");
  assert.match(await page.locator("main").innerText(), /6\.000,00\s€[\s\S]*Lo hai indicato tu in «Che cosa mi spetta\?»/);
  await context.close();
});

test("with the keyboard only", async () => {
  const context = await visitor(browser);
  const page = await context.newPage();
  const field = (name) => (now) => now.name === name;
  await page.goto("/che-cosa-mi-spetta");
  for (const [part, text] of [["giorno", "16"], ["mese", "6"], ["anno", "1991"]]) {
    await tabTo(page, field(`persone.0.data_nascita.${part}`), part);
    await page.keyboard.type(text);
  }
  await tabTo(page, field("persone.0.disabilita"), "the disability");
  await page.keyboard.press("Space");
  await tabTo(page, button(ADD), "the button for one person more");
  await enter(page);
  await tabTo(page, (now) => now.tag === "button" && now.words.startsWith("Togli"), "the button that takes the person away");
  await enter(page);
  // Enter in a field goes on, whatever button comes first on the page.
  await tabTo(page, field("persone.0.data_nascita.anno"), "the year");
  await enter(page);
  assert.equal(await heading(page), "Che cosa fai adesso?");
  await tabTo(page, field("lavoro"), "the work");
  await page.keyboard.type("Lavoro per");
  await tabTo(page, button("Avanti"), "the way on");
  await enter(page);
  assert.equal(await heading(page), "Con queste risposte non ti spetta nessuno di questi aiuti");
  await tabTo(page, (now) => now.tag === "summary" && now.words === "Perché", "the reasons");
  await page.keyboard.press("Enter");
  assert.ok(await page.locator("main details[open]").count(), "the reasons unfold");
  assert.equal((await focused(page)).visible, true);
  await context.close();
});
