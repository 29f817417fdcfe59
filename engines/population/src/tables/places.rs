//! A sample of municipalities: weights are thousands of residents, rounded (F11 of `FONTI.md`).

/// A municipality of the sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Municipality {
    /// Belfiore code.
    pub code: &'static str,
    /// Name in Italian.
    pub name: &'static str,
    /// Two letters.
    pub province: &'static str,
    /// Region.
    pub region: &'static str,
    /// General postal code.
    pub cap: &'static str,
}

const fn town(
    code: &'static str,
    name: &'static str,
    province: &'static str,
    region: &'static str,
    cap: &'static str,
) -> Municipality {
    Municipality { code, name, province, region, cap }
}

/// F11 · Residents in thousands, municipality.
#[rustfmt::skip]
pub(crate) const MUNICIPALITIES: &[(u32, Municipality)] = &[
    (2750, town("H501", "Roma", "RM", "Lazio", "00100")),
    (1370, town("F205", "Milano", "MI", "Lombardia", "20100")),
    (910, town("F839", "Napoli", "NA", "Campania", "80100")),
    (850, town("L219", "Torino", "TO", "Piemonte", "10100")),
    (630, town("G273", "Palermo", "PA", "Sicilia", "90100")),
    (560, town("D969", "Genova", "GE", "Liguria", "16100")),
    (390, town("A944", "Bologna", "BO", "Emilia-Romagna", "40100")),
    (365, town("D612", "Firenze", "FI", "Toscana", "50100")),
    (315, town("A662", "Bari", "BA", "Puglia", "70100")),
    (300, town("C351", "Catania", "CT", "Sicilia", "95100")),
    (255, town("L781", "Verona", "VR", "Veneto", "37100")),
    (250, town("L736", "Venezia", "VE", "Veneto", "30100")),
    (217, town("F158", "Messina", "ME", "Sicilia", "98100")),
    (207, town("G224", "Padova", "PD", "Veneto", "35100")),
    (199, town("L424", "Trieste", "TS", "Friuli-Venezia Giulia", "34100")),
    (198, town("B157", "Brescia", "BS", "Lombardia", "25100")),
    (198, town("G337", "Parma", "PR", "Emilia-Romagna", "43100")),
    (196, town("G999", "Prato", "PO", "Toscana", "59100")),
    (187, town("L049", "Taranto", "TA", "Puglia", "74100")),
    (184, town("F257", "Modena", "MO", "Emilia-Romagna", "41100")),
    (170, town("H224", "Reggio di Calabria", "RC", "Calabria", "89100")),
    (171, town("H223", "Reggio nell'Emilia", "RE", "Emilia-Romagna", "42100")),
    (162, town("G478", "Perugia", "PG", "Umbria", "06100")),
    (153, town("E625", "Livorno", "LI", "Toscana", "57100")),
    (156, town("H199", "Ravenna", "RA", "Emilia-Romagna", "48100")),
    (147, town("B354", "Cagliari", "CA", "Sardegna", "09100")),
    (145, town("D643", "Foggia", "FG", "Puglia", "71100")),
    (150, town("H294", "Rimini", "RN", "Emilia-Romagna", "47900")),
    (126, town("H703", "Salerno", "SA", "Campania", "84100")),
    (129, town("D548", "Ferrara", "FE", "Emilia-Romagna", "44100")),
    (121, town("I452", "Sassari", "SS", "Sardegna", "07100")),
    (127, town("E472", "Latina", "LT", "Lazio", "04100")),
    (124, town("E054", "Giugliano in Campania", "NA", "Campania", "80014")),
    (123, town("F704", "Monza", "MB", "Lombardia", "20900")),
    (116, town("I754", "Siracusa", "SR", "Sicilia", "96100")),
    (118, town("G482", "Pescara", "PE", "Abruzzo", "65100")),
    (120, town("A794", "Bergamo", "BG", "Lombardia", "24100")),
    (118, town("L378", "Trento", "TN", "Trentino-Alto Adige/Südtirol", "38100")),
    (110, town("L840", "Vicenza", "VI", "Veneto", "36100")),
    (106, town("L117", "Terni", "TR", "Umbria", "05100")),
    (106, town("A952", "Bolzano", "BZ", "Trentino-Alto Adige/Südtirol", "39100")),
    (102, town("F952", "Novara", "NO", "Piemonte", "28100")),
    (103, town("G535", "Piacenza", "PC", "Emilia-Romagna", "29100")),
    (99, town("A271", "Ancona", "AN", "Marche", "60100")),
    (96, town("A390", "Arezzo", "AR", "Toscana", "52100")),
    (97, town("A285", "Andria", "BT", "Puglia", "76123")),
    (98, town("L483", "Udine", "UD", "Friuli-Venezia Giulia", "33100")),
    (94, town("E506", "Lecce", "LE", "Puglia", "73100")),
    (91, town("A182", "Alessandria", "AL", "Piemonte", "15100")),
    (92, town("E463", "La Spezia", "SP", "Liguria", "19100")),
    (89, town("G702", "Pisa", "PI", "Toscana", "56100")),
    (84, town("C352", "Catanzaro", "CZ", "Calabria", "88100")),
    (89, town("E715", "Lucca", "LU", "Toscana", "55100")),
    (82, town("B180", "Brindisi", "BR", "Puglia", "72100")),
    (84, town("L407", "Treviso", "TV", "Veneto", "31100")),
    (84, town("C933", "Como", "CO", "Lombardia", "22100")),
    (78, town("L682", "Varese", "VA", "Lombardia", "21100")),
    (63, town("D086", "Cosenza", "CS", "Calabria", "87100")),
    (55, town("L331", "Trapani", "TP", "Sicilia", "91100")),
    (73, town("H163", "Ragusa", "RG", "Sicilia", "97100")),
    (73, town("B963", "Caserta", "CE", "Campania", "81100")),
    (64, town("G942", "Potenza", "PZ", "Basilicata", "85100")),
    (70, town("A345", "L'Aquila", "AQ", "Abruzzo", "67100")),
    (47, town("B519", "Campobasso", "CB", "Molise", "86100")),
    (33, town("A326", "Aosta", "AO", "Valle d'Aosta/Vallée d'Aoste", "11100")),
    (60, town("F052", "Matera", "MT", "Basilicata", "75100")),
    (33, town("F979", "Nuoro", "NU", "Sardegna", "08100")),
    (41, town("F132", "Merano", "BZ", "Trentino-Alto Adige/Südtirol", "39012")),
];

/// Invented streets.
pub(crate) const STREETS: &[&str] = &[
    "Via dei Campioni",
    "Via delle Ipotesi",
    "Via della Media",
    "Viale delle Stime",
    "Piazza della Mediana",
    "Via dei Casi",
    "Via della Varianza",
    "Corso delle Frequenze",
    "Via dei Pesi Interi",
    "Via del Sorteggio",
    "Vicolo dei Quantili",
    "Via delle Prove",
    "Via dell'Invenzione",
    "Largo dei Decimali",
    "Via della Tabella",
    "Via dei Margini",
];
