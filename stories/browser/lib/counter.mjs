// A browser in front of the program: people who log in, and what they do, by the words on the pages.

import { chromium } from "playwright-core";

export const BASE = process.env.SPORTELLO ?? "http://localhost:8080";
/** Narrow telephone and usual desktop. */
export const WIDTHS = [360, 1280];

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
  });

/** A new visitor: own cookies, Italian unless said otherwise. */
export const visitor = (browser, options = {}) =>
  browser.newContext({ baseURL: BASE, locale: "it-IT", viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...options });

/** Goes through the demonstration identity provider. Works from any page that led to the login. */
export async function logIn(page, handle) {
  if (!page.url().includes("/accesso")) await page.goto("/accesso");
  await page.locator('main a[href*="/accesso/saml/avvia"]').first().click();
  await page.locator(`input[name=persona][value=${handle}]`).check();
  await page.locator('form[action="/idp-dimostrativo/scelta"] button[type=submit]').first().click();
  await page.locator("main form button[type=submit]").first().click();
  await page.locator('form[action="/esci"]').first().waitFor({ state: "attached" });
}

/** Comes in at the officers' door with the password shown there. */
export async function logInOfficer(page, id) {
  if (!page.url().includes("/ufficio/accesso")) await page.goto("/ufficio/accesso");
  const line = page.locator("main li", { hasText: id });
  const password = await line.locator("code").nth(1).innerText();
  await page.locator("input[name=utente]").fill(id);
  await page.locator("input[name=password]").fill(password);
  await page.locator("main form button[type=submit]").first().click();
  await page.locator('form[action="/esci"]').first().waitFor({ state: "attached" });
}

export const press = (page, words) => page.locator("main").getByRole("button", { name: words, exact: true }).first().click();
export const follow = (page, words) => page.locator("main").getByRole("link", { name: words }).first().click();
export const heading = (page) => page.locator("h1").first().innerText();

/** Sends a complete application; gives the address of its case. */
export async function apply(page, service = "assegno-unico") {
  await page.goto(`/servizi/${service}/domanda`);
  await press(page, "Invia la domanda");
  await page.getByText("Domanda inviata").first().waitFor();
  return new URL(page.url()).pathname.replace(/\/ricevuta$/, "");
}
