// What must hold on every page.

import AxeBuilder from "@axe-core/playwright";
import { BASE } from "./counter.mjs";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "EN-301-549"];

/** Collects what the browser complains about, and requests that leave the site or fail. */
export function watch(page) {
  const seen = { complaints: [], elsewhere: [], failed: [] };
  page.on("console", (message) => message.type() === "error" && seen.complaints.push(message.text()));
  page.on("pageerror", (error) => seen.complaints.push(String(error)));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (!["data:", "blob:"].includes(url.protocol) && url.origin !== BASE) seen.elsewhere.push(request.url());
  });
  page.on("response", (response) => {
    if (response.status() >= 400 && !response.request().isNavigationRequest()) seen.failed.push(`${response.status()} ${response.url()}`);
  });
  return seen;
}

/** Violations of the accessibility rules, one line each with the first places. */
export async function violations(page) {
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).withTags(TAGS).analyze();
  return found.map((rule) => `${rule.id}: ${rule.help} — ${rule.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(" | ")}`);
}

/** Unfolds menus and explanations: what they hold must fit, too. */
export const unfold = (page) =>
  page.$$eval("details", (all) => {
    for (const details of all) details.open = true;
  });

/** Folds the menus of the header again: unfolded, they lie over the page. */
export const foldMenus = (page) =>
  page.$$eval("header details", (all) => {
    for (const details of all) details.open = false;
  });

/** Language, headings, and what sticks out of the page. */
export const shape = (page) =>
  page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const hidden = (element) => {
      const style = getComputedStyle(element);
      return style.clipPath !== "none" || style.clip !== "auto" || style.visibility === "hidden";
    };
    // What scrolls inside its own box does not stick out of the page.
    const inBox = (element) => {
      for (let box = element.parentElement; box && box !== document.body; box = box.parentElement) {
        if (["auto", "scroll", "hidden"].includes(getComputedStyle(box).overflowX) || hidden(box)) return true;
      }
      return false;
    };
    const outside = [...document.querySelectorAll("a, button, input, select, textarea, summary, h1, h2, h3, p, dd, td")]
      .filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width > 1 && element.checkVisibility() && (box.right > width + 1 || box.left < -1) && !hidden(element) && !inBox(element);
      })
      .map((element) => `${element.tagName.toLowerCase()} «${element.textContent.trim().slice(0, 40)}»`);
    const first = document.querySelectorAll("h1");
    return {
      lang: document.documentElement.lang,
      titles: first.length,
      emptyTitle: [...first].some((title) => !title.textContent.trim()),
      tabTitle: document.title,
      scrolls: document.documentElement.scrollWidth > width,
      outside: [...new Set(outside)].slice(0, 5),
    };
  });
