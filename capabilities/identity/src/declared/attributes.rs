use serde::Deserialize;

/// What SPID can tell of a person (AgID, "Tabella attributi").
pub(super) const SPID: [&str; 23] = [
    "spidCode",
    "name",
    "familyName",
    "placeOfBirth",
    "countyOfBirth",
    "dateOfBirth",
    "gender",
    "companyName",
    "companyFiscalNumber",
    "registeredOffice",
    "fiscalNumber",
    "ivaCode",
    "idCard",
    "expirationDate",
    "mobilePhone",
    "email",
    "address",
    "digitalAddress",
    "domicileStreetAddress",
    "domicilePostalCode",
    "domicileMunicipality",
    "domicileProvince",
    "domicileNation",
];
/// What CIE tells, always all of it.
pub(super) const CIE: [&str; 4] = ["name", "familyName", "dateOfBirth", "fiscalNumber"];
/// Without these nobody is known here.
pub(super) const NEEDED_OF_SPID: [&str; 4] = ["spidCode", "name", "familyName", "fiscalNumber"];

/// Index of the set that the node of eIDAS is asked for.
pub(crate) const EIDAS_MINIMUM: usize = 99;
/// The sets that the node of eIDAS knows, under indices and names that are its own (AgID, FICEP).
pub(crate) const EIDAS_SETS: [(usize, &str, &[&str]); 2] = [
    (
        EIDAS_MINIMUM,
        "eIDAS Natural Person Minimum Attribute Set",
        &["spidCode", "name", "familyName", "dateOfBirth", "fiscalNumber"],
    ),
    (
        100,
        "eIDAS Natural Person Full Attribute Set",
        &["spidCode", "name", "familyName", "dateOfBirth", "fiscalNumber", "placeOfBirth", "address", "gender"],
    ),
];

/// What is asked of a provider for one service or a group of services.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AttributeSet {
    /// As the provider names the purpose to the person; CIE gives an identifier (UUID).
    pub(crate) name: String,
    /// The services whose people are asked for it; the first set is for all others.
    #[serde(default)]
    pub(crate) services: Vec<String>,
    /// Names of attributes.
    #[serde(default = "of_cie")]
    pub(crate) ask: Vec<String>,
}

impl AttributeSet {
    /// What the house itself uses: who the person is, and how to reach them.
    pub(crate) fn usual(name: &str) -> Self {
        let ask = [
            "spidCode",
            "name",
            "familyName",
            "fiscalNumber",
            "dateOfBirth",
            "placeOfBirth",
            "gender",
            "email",
            "mobilePhone",
        ];
        Self { name: name.to_owned(), services: Vec::new(), ask: ask.map(str::to_owned).to_vec() }
    }
}

fn of_cie() -> Vec<String> {
    CIE.map(str::to_owned).to_vec()
}

/// CIE tells the same whatever is asked: where nothing is declared, one set is enough.
pub(super) fn one_of_cie() -> AttributeSet {
    AttributeSet { name: "Sportello".to_owned(), services: Vec::new(), ask: of_cie() }
}
