// A person who has no mouse: where the focus is, whether it can be seen, and how to get somewhere.

import assert from "node:assert/strict";

/**
 * What has the focus: its words, and whether a person can see that it has: something about it, its pseudo-elements or
 * what stands around it must look different without the focus.
 */
export const focused = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    const around = [element, element.parentElement, element.closest("li, div, fieldset")].filter(Boolean);
    const looks = () =>
      around
        .flatMap((node) => [null, "::before", "::after"].map((pseudo) => getComputedStyle(node, pseudo)))
        .map((style) => [style.outline, style.boxShadow, style.backgroundColor, style.borderColor, style.clipPath].join())
        .join("|");
    const before = looks();
    element.blur();
    const without = looks();
    element.focus();
    const box = element.getBoundingClientRect();
    return {
      tag: element.tagName.toLowerCase(),
      words: (element.innerText || element.value || element.getAttribute("aria-label") || "").trim(),
      name: element.getAttribute("name") ?? "",
      visible: before !== without && box.width > 0 && box.bottom > 0 && box.top < innerHeight,
    };
  });

/** Presses Tab until `wanted` has the focus; every stop on the way must be visible. */
export async function tabTo(page, wanted, what) {
  const unseen = [];
  for (let presses = 0; presses < 150; presses += 1) {
    await page.keyboard.press("Tab");
    const now = await focused(page);
    if (now.tag !== "body" && !now.visible) unseen.push(`${now.tag} «${now.words.slice(0, 40)}» on ${page.url()}`);
    if (wanted(now)) {
      assert.deepEqual(unseen, [], "the focus cannot be seen");
      return;
    }
  }
  assert.fail(`Tab does not reach ${what} on ${page.url()}`);
}

export async function enter(page) {
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
}

export const link = (words) => (now) => now.tag === "a" && now.words.startsWith(words);
export const button = (words) => (now) => now.tag === "button" && now.words === words;
