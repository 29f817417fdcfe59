//! Foreign citizens who live in Italy: the weights say which are larger (F4 of `FONTI.md`).

/// A community of foreign citizens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Community {
    /// ISO 3166-1 alpha-2.
    pub country: &'static str,
    /// Belfiore code of the country.
    pub code: &'static str,
    /// The country's name in Italian.
    pub name: &'static str,
    /// Whether the country is in the European Union.
    pub european_union: bool,
    /// Surnames in use there, all equally likely.
    pub surnames: &'static [&'static str],
    /// Women's given names.
    pub female: &'static [&'static str],
    /// Men's given names.
    pub male: &'static [&'static str],
}

/// F4 · Relative size, community.
#[rustfmt::skip]
pub(crate) const COMMUNITIES: &[(u32, Community)] = &[
    (215, Community {
        country: "RO", code: "Z129", name: "Romania", european_union: true,
        surnames: &["Popescu", "Ionescu", "Popa", "Dumitru", "Stan", "Gheorghe", "Rusu", "Munteanu"],
        female: &["Maria", "Elena", "Ioana", "Andreea", "Mihaela", "Cristina"],
        male: &["Andrei", "Ion", "Mihai", "Alexandru", "Vasile", "Gheorghe"],
    }),
    (82, Community {
        country: "AL", code: "Z100", name: "Albania", european_union: false,
        surnames: &["Hoxha", "Shehu", "Prifti", "Gjoka", "Kola", "Leka"],
        female: &["Elona", "Mimoza", "Anila", "Entela", "Blerta"],
        male: &["Arben", "Ilir", "Agron", "Besnik", "Klajdi"],
    }),
    (82, Community {
        country: "MA", code: "Z330", name: "Marocco", european_union: false,
        surnames: &["Alaoui", "El Idrissi", "Bennani", "Tazi", "Naciri", "Chraibi"],
        female: &["Fatima", "Khadija", "Aicha", "Naima", "Samira"],
        male: &["Mohamed", "Ahmed", "Youssef", "Hassan", "Rachid"],
    }),
    (61, Community {
        country: "CN", code: "Z210", name: "Cina", european_union: false,
        surnames: &["Chen", "Hu", "Wang", "Zhang", "Lin", "Zhou"],
        female: &["Li", "Mei", "Xia", "Yan", "Jing"],
        male: &["Wei", "Jun", "Ming", "Bin", "Lei"],
    }),
    (54, Community {
        country: "UA", code: "Z138", name: "Ucraina", european_union: false,
        surnames: &["Shevchenko", "Kovalenko", "Bondarenko", "Tkachenko", "Melnyk"],
        female: &["Oksana", "Olena", "Iryna", "Natalia", "Halyna"],
        male: &["Andriy", "Oleh", "Ivan", "Mykola", "Taras"],
    }),
    (38, Community {
        country: "BD", code: "Z249", name: "Bangladesh", european_union: false,
        surnames: &["Hossain", "Islam", "Miah", "Rahman", "Uddin"],
        female: &["Nasrin", "Shirin", "Sultana", "Farzana", "Rokeya"],
        male: &["Abdul", "Kamal", "Jahangir", "Rafiq", "Shahin"],
    }),
    (34, Community {
        country: "IN", code: "Z222", name: "India", european_union: false,
        surnames: &["Singh", "Kaur", "Kumar", "Sharma", "Patel"],
        female: &["Simran", "Manpreet", "Priya", "Anjali", "Sunita"],
        male: &["Gurpreet", "Harpreet", "Rajesh", "Sanjay", "Amit"],
    }),
    (29, Community {
        country: "EG", code: "Z336", name: "Egitto", european_union: false,
        surnames: &["Mahmoud", "Ibrahim", "Hassan", "Mostafa", "Saad"],
        female: &["Mona", "Heba", "Nadia", "Amal", "Dina"],
        male: &["Mahmoud", "Ahmed", "Mostafa", "Karim", "Omar"],
    }),
    (31, Community {
        country: "PH", code: "Z216", name: "Filippine", european_union: false,
        surnames: &["Reyes", "Santos", "Cruz", "Garcia", "Mendoza"],
        female: &["Maricel", "Rowena", "Jocelyn", "Analyn", "Grace"],
        male: &["Jose", "Ramon", "Rodel", "Noel", "Arnel"],
    }),
    (29, Community {
        country: "PK", code: "Z236", name: "Pakistan", european_union: false,
        surnames: &["Khan", "Ahmed", "Hussain", "Malik", "Iqbal"],
        female: &["Ayesha", "Saima", "Nazia", "Rubina", "Farah"],
        male: &["Muhammad", "Imran", "Asif", "Tariq", "Nadeem"],
    }),
    (18, Community {
        country: "PE", code: "Z611", name: "Perù", european_union: false,
        surnames: &["Quispe", "Flores", "Huaman", "Rojas", "Vargas"],
        female: &["Rosa", "Carmen", "Luz", "Milagros", "Yesenia"],
        male: &["Luis", "Carlos", "Juan", "Jorge", "Víctor"],
    }),
    (8, Community {
        country: "DE", code: "Z112", name: "Germania", european_union: true,
        surnames: &["Müller", "Schmidt", "Weber", "Fischer", "Wagner"],
        female: &["Ursula", "Katrin", "Sabine", "Petra", "Heike"],
        male: &["Jürgen", "Stefan", "Thomas", "Klaus", "Jörg"],
    }),
    (15, Community {
        country: "PL", code: "Z127", name: "Polonia", european_union: true,
        surnames: &["Nowak", "Kowalski", "Wiśniewski", "Wójcik", "Zieliński"],
        female: &["Agnieszka", "Małgorzata", "Katarzyna", "Ewa", "Joanna"],
        male: &["Piotr", "Krzysztof", "Tomasz", "Paweł", "Marek"],
    }),
];
