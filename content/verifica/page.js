// The page itself: choosing a file, showing the outcome, changing the language. All text goes in as text, never as HTML.

const state = { language: "it", outcome: null, check: 0 };
const byId = (id) => document.getElementById(id);

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** The log's key that the office wrote into the page when it was downloaded, or null if nobody did. */
function embeddedKey() {
  const content = document.querySelector('meta[name="sportello-log-key"]').content;
  return content === "" || content.startsWith("{{") ? null : content;
}

// --- checking -------------------------------------------------------------------------------------------------------

async function check(file) {
  state.check += 1;
  const mine = state.check;
  show({ kind: "working" });
  // Lets the browser show that work goes on before the computation holds it up.
  await new Promise((resolve) => setTimeout(resolve, 20));
  const outcome = await outcomeOf(file);
  if (mine === state.check) show(outcome);
}

async function outcomeOf(file) {
  const key = embeddedKey();
  if (key !== null && readKey(key) === null) return { kind: "damaged" };
  if (file.size > MAX_BYTES) return { kind: "flaw", flaw: new Flaw("too-large"), file: file.name };
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return { kind: "genuine", verified: verifyReceipt(bytes, key), file: file.name };
  } catch (error) {
    return error instanceof Flaw ? { kind: "flaw", flaw: error, file: file.name } : { kind: "unread" };
  }
}

// --- showing --------------------------------------------------------------------------------------------------------

function show(outcome) {
  state.outcome = outcome;
  for (const link of byId("details").querySelectorAll("a[download]")) URL.revokeObjectURL(link.href);
  byId("outcome").replaceChildren(...outcomeSummary(outcome));
  byId("details").replaceChildren(...(outcome.kind === "genuine" ? receiptDetails(outcome.verified) : []));
  byId("result").hidden = false;
}

function banner(look, heading, ...paragraphs) {
  const children = paragraphs.map((text) => element("p", {}, text));
  return [element("div", { class: `banner ${look}` }, element("h2", {}, heading), ...children)];
}

function outcomeSummary({ kind, verified, flaw, file }) {
  const say = (key, particulars) => pageText(key, state.language, particulars);
  if (kind === "working") return [element("p", {}, say("working"))];
  if (flaw?.code === "pdf") return banner("doubt", say("otherFile"), flawText(flaw, state.language), say("file", { name: file }));
  if (kind === "flaw") return banner("bad", say("wrong"), flawText(flaw, state.language), say("advice"), say("file", { name: file }));
  if (kind !== "genuine") return banner("bad", say("outcome"), say(kind));
  const contents = say("contents", {
    acts: verified.acts.length, documents: verified.documents.length, origin: verified.origin, size: verified.treeSize,
  });
  if (!verified.trusted) return banner("doubt", say("consistent"), say("untrusted"), contents, say("file", { name: file }));
  const [first] = verified.acts;
  return banner("good", say("genuine", { position: first.position, at: longDate(first.at) }), contents, say("file", { name: file }));
}

/** In Italian time, as the office writes it; the text itself where it is no instant. */
function longDate(at) {
  const instant = new Date(at);
  if (Number.isNaN(instant.getTime())) return at;
  const options = { dateStyle: "long", timeStyle: "short", timeZone: "Europe/Rome" };
  return new Intl.DateTimeFormat(state.language, options).format(instant);
}

function receiptDetails({ acts, documents }) {
  const say = (key, particulars) => pageText(key, state.language, particulars);
  const sections = [element("h2", {}, say("acts")), ...acts.map(actCard)];
  if (documents.length > 0) {
    const items = documents.map((document) => element("li", {}, saveLink(document, say("save", { name: document.name }))));
    sections.push(element("h2", {}, say("documents")), element("ul", {}, ...items));
  }
  return sections;
}

/** Never opened in place: a document is saved, and the person's own program opens it. */
function saveLink({ name, content }, text) {
  const blob = new Blob([content], { type: "application/octet-stream" });
  return element("a", { href: URL.createObjectURL(blob), download: name }, text);
}

function actCard({ position, kind, at, content }) {
  const say = (key) => pageText(key, state.language);
  const actor = isObject(content.actor) ? content.actor : {};
  const rows = [
    [say("position"), String(position)],
    [say("when"), longDate(at)],
    [say("who"), actor.name],
    [labelOf(FIELDS, "on_behalf_of", state.language), isObject(actor.authority) ? actor.authority.principal : undefined],
    [say("protocol"), protocolText(content.payload)],
    [say("service"), isObject(content.payload) ? content.payload.service_name : undefined],
  ].filter(([, value]) => typeof value === "string" && value !== "");
  const list = element("dl", {}, ...rows.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
  const whole = element("details", {}, element("summary", {}, say("everything")), contentView(content));
  return element("article", {}, element("h3", {}, labelOf(KINDS, kind, state.language)), list, whole);
}

/** As on paper: at least seven digits and the year. */
function protocolText(payload) {
  if (!isObject(payload) || !isObject(payload.protocol)) return undefined;
  const { number, year } = payload.protocol;
  return `${String(number).padStart(7, "0")}/${year}`;
}

function contentView(value) {
  if (Array.isArray(value)) return element("ol", {}, ...value.map((item) => element("li", {}, contentView(item))));
  if (!isObject(value)) return document.createTextNode(plainText(value));
  const rows = Object.entries(value).flatMap(([name, inner]) => [
    element("dt", {}, labelOf(FIELDS, name, state.language)),
    element("dd", {}, contentView(inner)),
  ]);
  return element("dl", {}, ...rows);
}

function plainText(value) {
  if (value === null || value === "") return pageText("nothing", state.language);
  return typeof value === "boolean" ? pageText(value ? "yes" : "no", state.language) : String(value);
}

// --- language and events --------------------------------------------------------------------------------------------

function speak(language) {
  state.language = language;
  document.documentElement.lang = language;
  document.title = pageText("title", language);
  for (const place of document.querySelectorAll("[data-text]")) place.textContent = pageText(place.dataset.text, language);
  for (const button of document.querySelectorAll("button[lang]")) {
    button.setAttribute("aria-pressed", String(button.lang === language));
  }
  byId("languages").setAttribute("aria-label", pageText("languages", language));
  if (state.outcome !== null) show(state.outcome);
}

function listen() {
  for (const button of document.querySelectorAll("button[lang]")) button.addEventListener("click", () => speak(button.lang));
  byId("file").addEventListener("change", ({ target }) => target.files.length > 0 && check(target.files[0]));
  const box = byId("box");
  const mark = (over) => (event) => (event.preventDefault(), box.classList.toggle("over", over));
  box.addEventListener("dragleave", mark(false));
  // On the whole page, so that a file dropped beside the box does not replace the page.
  document.addEventListener("dragover", mark(true));
  document.addEventListener("drop", (event) => {
    mark(false)(event);
    if (event.dataTransfer.files.length > 0) check(event.dataTransfer.files[0]);
  });
}

if (typeof document !== "undefined") {
  byId("log-key").textContent = embeddedKey() ?? "—";
  byId("checker").hidden = false;
  listen();
  speak("it");
}
