// The pages of the two services, of login, profile and desk, each with who looks at it, in states worth looking at.

import { follow, logIn, logInOfficer, press, apply, visitor } from "./counter.mjs";

/** Prepares cases and drafts by hand of the sample people; gives who is logged in and the addresses to visit. */
export async function prepare(browser) {
  const people = { nobody: await visitor(browser) };
  for (const handle of ["chiara", "elena", "luca", "maria", "silvia", "noe", "davide", "nadia", "attilio", "lidia"]) {
    people[handle] = await visitor(browser);
    await logIn(await people[handle].newPage(), handle);
  }
  for (const id of ["anna.ferri", "carla.neri", "gaia.longo"]) {
    people[id] = await visitor(browser);
    await logInOfficer(await people[id].newPage(), id);
  }
  const tab = (who) => people[who].pages()[0];
  const granted = await apply(tab("chiara"));
  const asked = await apply(tab("elena"));
  const open = await apply(tab("maria"));
  const noticed = await genericRequest(tab("silvia"));
  await grant(tab("anna.ferri"), granted);
  await askAgain(tab("anna.ferri"), asked);
  await tab("anna.ferri").goto(`/ufficio${open}`);
  await press(tab("anna.ferri"), "Prendi in carico");
  await giveNotice(tab("carla.neri"), noticed);
  await letterOf(tab("chiara"), granted);
  return { people, pages: pages({ granted, asked, open, noticed }) };
}

async function genericRequest(page) {
  await page.goto("/servizi/istanza-generica/domanda");
  await page.getByLabel("Oggetto").fill("Copia della domanda del 2025");
  await page.getByLabel("Che cosa chiedi?").fill("Vorrei una copia della domanda presentata nel 2025.");
  await press(page, "Continua");
  await page.getByLabel(/^Dichiaro/).check();
  await press(page, "Continua");
  await press(page, "Invia la domanda");
  return new URL(page.url()).pathname.replace(/\/ricevuta$/, "");
}

async function grant(page, place) {
  await page.goto(`/ufficio${place}`);
  await press(page, "Prendi in carico");
  await follow(page, "Accogli");
  await press(page, "Accogli la domanda");
}

async function askAgain(page, place) {
  await page.goto(`/ufficio${place}`);
  await press(page, "Prendi in carico");
  await follow(page, "Chiedi un’integrazione");
  await page.locator('input[name=campi][value=iban]').check();
  await page.locator('[name="motivo.iban"]').fill("Il conto risulta chiuso.");
  await press(page, "Invia la richiesta");
}

async function giveNotice(page, place) {
  await page.goto(`/ufficio${place}`);
  await press(page, "Prendi in carico");
  await follow(page, "Non accogliere");
  await page.getByLabel("I motivi").fill("Nel 2025 non risulta nessuna domanda a tuo nome.");
  await press(page, "Invia il preavviso");
}

/** Letters are composed in the background: waits for the first. */
async function letterOf(page, place) {
  for (let tries = 0; tries < 50; tries += 1) {
    await page.goto(`${place}/ricevuta`);
    if (await page.getByRole("link", { name: "Scarica la ricevuta in PDF" }).count()) return;
    await page.waitForTimeout(200);
  }
  throw new Error("the receipt was not composed in ten seconds");
}

/** name, address, who looks, and what differs from the usual: status, language, what to do on the page first. */
function pages({ granted, asked, open, noticed }) {
  const service = "/servizi/assegno-unico";
  const generic = "/servizi/istanza-generica";
  const simulation = "/ufficio/simulazioni/assegno-unico";
  const empty = (page) => press(page, "Continua");
  return [
    { name: "inizio", path: "/", who: "nobody" },
    { name: "inizio-en", path: "/?lingua=en", who: "fresh", lang: "en" },
    { name: "inizio-de", path: "/?lingua=de", who: "fresh", lang: "de" },
    { name: "inizio-mio", path: "/", who: "chiara" },
    { name: "servizi", path: "/servizi", who: "nobody" },
    { name: "evento", path: "/eventi-della-vita/nascita", who: "nobody" },
    { name: "cerca", path: "/cerca?q=figli", who: "nobody" },
    { name: "cerca-niente", path: "/cerca?q=xyzzy", who: "nobody" },
    { name: "assegno", path: service, who: "nobody" },
    { name: "assegno-en", path: `${service}?lingua=en`, who: "fresh", lang: "en" },
    { name: "assegno-de", path: `${service}?lingua=de`, who: "fresh", lang: "de" },
    { name: "assegno-novita", path: `${service}/novita`, who: "nobody" },
    { name: "che-cosa-mi-spetta", path: "/che-cosa-mi-spetta", who: "nobody" },
    { name: "naspi", path: "/servizi/naspi", who: "nobody" },
    { name: "naspi-riepilogo", path: "/servizi/naspi/domanda", who: "nadia" },
    { name: "naspi-non-spetta", path: "/servizi/naspi/domanda", who: "luca" },
    { name: "invalidita", path: "/servizi/invalidita-civile", who: "nobody" },
    { name: "invalidita-de", path: "/servizi/invalidita-civile?lingua=de", who: "fresh", lang: "de" },
    { name: "invalidita-riepilogo", path: "/servizi/invalidita-civile/domanda", who: "attilio" },
    { name: "invalidita-non-spetta", path: "/servizi/invalidita-civile/domanda", who: "lidia" },
    { name: "affitto", path: "/servizi/contributo-affitto", who: "nobody" },
    { name: "affitto-domanda", path: "/servizi/contributo-affitto/domanda", who: "noe" },
    { name: "attesa-posto", path: "/servizi/assegno-unico/attesa", who: "davide" },
    { name: "inclusione", path: "/servizi/assegno-inclusione", who: "nobody" },
    { name: "nido", path: "/servizi/bonus-nido", who: "nobody" },
    { name: "congedo", path: "/servizi/congedo-parentale", who: "nobody" },
    { name: "istanza", path: generic, who: "nobody" },
    { name: "rettifica", path: "/servizi/rettifica-dati", who: "nobody" },
    { name: "privacy", path: "/privacy", who: "nobody" },
    { name: "accessibilita", path: "/accessibilita", who: "nobody" },
    { name: "note-legali", path: "/note-legali", who: "nobody" },
    { name: "non-trovata", path: "/non-esiste", who: "nobody", status: 404 },
    { name: "stile", path: "/stile", who: "nobody", titles: 2 },
    { name: "accesso", path: "/accesso", who: "nobody" },
    { name: "accesso-scaduto", path: "/accesso?scaduta=1", who: "nobody" },
    { name: "idp", path: "/idp-dimostrativo/", who: "nobody" },
    { name: "idp-scelta", path: "/accesso", who: "nobody", first: (page) => page.locator('main a[href*="avvia"]').first().click() },
    { name: "esci", path: "/esci", who: "chiara" },
    { name: "profilo", path: "/profilo", who: "chiara" },
    { name: "profilo-dati", path: "/profilo/dati", who: "chiara" },
    { name: "profilo-letture", path: "/profilo/letture", who: "chiara" },
    { name: "riepilogo", path: `${service}/domanda`, who: "chiara" },
    { name: "riepilogo-en", path: `${service}/domanda/riepilogo?lingua=en`, who: "maria", lang: "en" },
    { name: "riepilogo-non-spetta", path: `${service}/domanda`, who: "luca" },
    { name: "iban", path: `${service}/domanda`, who: "noe" },
    { name: "iban-errori", path: `${service}/domanda`, who: "noe", status: 200, first: empty, then: 422 },
    { name: "figlio", path: `${service}/domanda/figli?aggiungi=figli`, who: "davide" },
    { name: "figlio-errori", path: `${service}/domanda/figli?aggiungi=figli`, who: "davide", first: empty, then: 422 },
    { name: "istanza-domanda", path: `${generic}/domanda`, who: "noe" },
    { name: "istanza-errori", path: `${generic}/domanda`, who: "noe", first: empty, then: 422 },
    { name: "pratiche", path: "/pratiche", who: "chiara" },
    { name: "pratica-accolta", path: granted, who: "chiara" },
    { name: "ricevuta", path: `${granted}/ricevuta`, who: "chiara" },
    { name: "comunicazione", path: `${granted}`, who: "chiara", first: (page) => follow(page, "Ricevuta della domanda") },
    { name: "ritiro", path: `${granted}/ritiro`, who: "chiara" },
    { name: "pratica-sospesa", path: asked, who: "elena" },
    { name: "integrazione", path: `${asked}/integrazione`, who: "elena" },
    { name: "pratica-preavviso", path: noticed, who: "silvia" },
    { name: "osservazioni", path: `${noticed}/osservazioni`, who: "silvia" },
    { name: "verifica", path: "/verifica", who: "nobody" },
    { name: "verifica-niente", path: "/verifica/0/0000000000000000", who: "nobody", status: 404 },
    { name: "ufficio-accesso", path: "/ufficio/accesso", who: "nobody" },
    { name: "ufficio-elenco", path: "/ufficio/pratiche", who: "anna.ferri" },
    { name: "ufficio-elenco-vuoto", path: "/ufficio/pratiche?q=xyzzy", who: "anna.ferri" },
    { name: "ufficio-pratica", path: `/ufficio${open}`, who: "anna.ferri" },
    { name: "ufficio-pratica-accolta", path: `/ufficio${granted}`, who: "anna.ferri" },
    { name: "ufficio-accogli", path: `/ufficio${open}/accogli`, who: "anna.ferri" },
    { name: "ufficio-rigetta", path: `/ufficio${open}/rigetta`, who: "anna.ferri" },
    { name: "ufficio-integrazione", path: `/ufficio${open}/integrazione`, who: "anna.ferri" },
    { name: "ufficio-preavviso", path: `/ufficio${noticed}/rigetta`, who: "carla.neri" },
    { name: "ufficio-servizi", path: "/ufficio/servizi", who: "anna.ferri" },
    { name: "ufficio-compiti", path: "/ufficio/compiti", who: "anna.ferri" },
    { name: "ufficio-mio-accesso", path: "/ufficio/sicurezza", who: "anna.ferri" },
    { name: "ufficio-seconda-prova", path: "/ufficio/accesso/attiva", who: "anna.ferri" },
    { name: "ufficio-accesso-passkey", path: "/ufficio/accesso", who: "fresh", first: (page) => press(page, "Entra con una passkey") },
    { name: "simulazioni", path: "/ufficio/simulazioni", who: "gaia.longo" },
    { name: "simulazione", path: simulation, who: "gaia.longo" },
    { name: "simulazione-risultato", path: `${simulation}?calcola=si&nuovo.quattro_figli_importo=175%2C00`, who: "gaia.longo" },
    { name: "simulazione-errori", path: `${simulation}?calcola=si&nuovo.quattro_figli_importo=tanto`, who: "gaia.longo", status: 422 },
  ];
}
