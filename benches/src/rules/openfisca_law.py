"""The assegno unico of March 2026 for openfisca-core, rule by rule as in services/assegno-unico/rules.md.

Arguments: a folder of columns, the table of amounts, how often the computation is timed. Prints the median of the
processor seconds and writes the amounts, in cents. Money is whole cents in 32-bit integers: OpenFisca's own floats
have 32 bits and would miss brackets. Parameters are constants here, which spares OpenFisca the reading of its
parameter tree.
"""

import csv
import datetime
import sys
import time
from pathlib import Path

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

PERIOD = "2026-03"
HIGHEST_ISEE = 4_658_271
NO_ISEE = -1
NO_DAY = np.datetime64("1800-01-01")
LAST_DAY = np.datetime64("2026-06-30")

child = build_entity(key="child", plural="children", label="Figlio", is_person=True)
household = build_entity(
    key="household", plural="households", label="Nucleo", roles=[{"key": "figlio", "plural": "figli", "label": "Figlio"}]
)


def read_table(path):
    with open(path, encoding="utf-8") as lines:
        rows = [row for row in csv.reader(lines) if row and row[0] == "2026-01-01"]
    cents = lambda text: round(float(text) * 100)
    bounds = np.array([cents(row[3]) for row in rows if row[3]], dtype=np.int32)
    amounts = {name: np.array([cents(row[place]) for row in rows], dtype=np.int32)
               for place, name in enumerate(["minore", "maggiorenne", "terzo", "entrambi"], start=4)}
    return bounds, amounts


BOUNDS, AMOUNTS = read_table(sys.argv[2])


def variable(name, of, kind, formula=None, default=None):
    """One OpenFisca variable; with a formula it is a rule, without one an input."""
    parts = {"value_type": kind, "entity": of, "definition_period": DateUnit.MONTH, "label": name}
    if default is not None:
        parts["default_value"] = default
    if formula is not None:
        parts["formula"] = formula
    return type(name, (Variable,), parts)


def years(birth, period):
    year = birth.astype("datetime64[Y]").astype(int) + 1970
    month = birth.astype("datetime64[M]").astype(int) % 12 + 1
    day = (birth - birth.astype("datetime64[M]") + 1).astype(int)
    start = period.start
    birthday_passed = (month < start.month) | ((month == start.month) & (day <= start.day))
    return start.year - year - np.where(birthday_passed, 0, 1)


def amount(name, isee):
    return AMOUNTS[name][np.searchsorted(BOUNDS, isee, side="left")]


def of_household(name):
    return lambda children, period: children.household(name, period)


INPUTS = [
    variable("isee", household, int), variable("cittadinanza_o_soggiorno", household, bool),
    variable("residente_in_italia", household, bool), variable("imposta_in_italia", household, bool),
    variable("entrambi_lavorano", household, bool), variable("genitore_vedovo_lavoratore", household, bool),
    variable("madre_nata_il", household, datetime.date), variable("quota_richiesta", household, int),
    variable("isee_presentato_il", household, datetime.date),
    variable("data_nascita", child, datetime.date), variable("disabilita", child, int),
    variable("a_carico", child, bool), variable("studia_o_si_forma", child, bool),
    variable("reddito_annuo", child, int), variable("in_cerca_di_lavoro", child, bool),
    variable("servizio_civile", child, bool),
]


def condizione_maggiorenne(c, p):
    income = np.maximum(c("reddito_annuo", p), 0)
    return (c("studia_o_si_forma", p) + c("servizio_civile", p) + c("in_cerca_di_lavoro", p)
            + (income > 0) * (income < 800_000))


def spetta(c, p):
    return c("a_carico", p) * (c("minorenne", p) + c("con_disabilita", p)
                               + c("fra_18_e_20_anni", p) * c("condizione_maggiorenne", p))


def diritto(h, p):
    return (h("cittadinanza_o_soggiorno", p) * h("imposta_in_italia", p) * h("residente_in_italia", p)
            * (h("figli_con_diritto", p) >= 1))


def isee_conta(h, p):
    # No day is before every day.
    return (h("isee", p) != NO_ISEE) * (h("isee_presentato_il", p) <= LAST_DAY)


def isee_utile(h, p):
    return np.where(h("isee_conta", p), h("isee", p), HIGHEST_ISEE)


def madre_giovane(h, p):
    born = h("madre_nata_il", p)
    return (born != NO_DAY) * (years(born, p) < 21)


def isee_entro_la_soglia(h, p):
    return h("isee_conta", p) * (h("isee", p) <= HIGHEST_ISEE)


def quota_minore(c, p):
    due = c("spetta", p) * (c("minorenne", p) + c("con_disabilita", p))
    return np.where(due, amount("minore", c.household("isee_utile", p)), 0)


def quota_maggiorenne(c, p):
    due = c("spetta", p) * np.logical_not(c("minorenne", p)) * np.logical_not(c("con_disabilita", p))
    return np.where(due, amount("maggiorenne", c.household("isee_utile", p)), 0)


def importo_per_grado(c, p):
    degree = c("disabilita", p)
    return np.select([degree == 3, degree == 2, degree == 1], [12_230, 11_060, 9_910], 0)


def maggiorazione_disabilita(c, p):
    due = c("spetta", p) * (c("minorenne", p) + c("fra_18_e_20_anni", p))
    return np.where(due, c("importo_per_grado", p), 0)


def maggiorazione_madre_giovane(c, p):
    return np.where(c("spetta", p) * c.household("madre_giovane", p), 2_330, 0)


def maggiorazione_genitori_lavoratori(c, p):
    due = c("spetta", p) * c("minorenne", p) * c.household("genitori_lavoratori", p)
    return np.where(due, amount("entrambi", c.household("isee_utile", p)), 0)


def aumento_primo_anno(c, p):
    return np.where(c("spetta", p) * (c("eta", p) == 0), c("quota_minore", p) // 2, 0)


def aumento_uno_tre_anni(c, p):
    age = c("eta", p)
    due = (c("spetta", p) * (age >= 1) * (age <= 2) * (c.household("figli_con_diritto", p) >= 3)
           * c.household("isee_entro_la_soglia", p))
    return np.where(due, c("quota_minore", p) // 2, 0)


def importo_figlio(c, p):
    return (c("quota_minore", p) + c("quota_maggiorenne", p) + c("maggiorazione_disabilita", p)
            + c("maggiorazione_madre_giovane", p) + c("maggiorazione_genitori_lavoratori", p)
            + c("aumento_primo_anno", p) + c("aumento_uno_tre_anni", p))


def importo_nucleo(h, p):
    return (h.sum(h.members("importo_figlio", p)) + h("maggiorazione_figli_successivi", p)
            + h("maggiorazione_quattro_figli", p))


def importo(h, p):
    whole, half, share = h("importo_nucleo", p), h("meta", p), h("quota_richiesta", p)
    return np.where(h("diritto", p), np.select([share == 1, share == 2], [half, whole - half], whole), 0)


RULES = [
    variable("eta", child, int, lambda c, p: years(c("data_nascita", p), p)),
    variable("minorenne", child, bool, lambda c, p: (c("eta", p) >= 0) * (c("eta", p) <= 17)),
    variable("fra_18_e_20_anni", child, bool, lambda c, p: (c("eta", p) >= 18) * (c("eta", p) <= 20)),
    variable("con_disabilita", child, bool, lambda c, p: c("disabilita", p) != 0),
    variable("condizione_maggiorenne", child, bool, condizione_maggiorenne),
    variable("spetta", child, bool, spetta),
    variable("figli_con_diritto", household, int, lambda h, p: h.sum(h.members("spetta", p))),
    variable("diritto", household, bool, diritto),
    variable("isee_conta", household, bool, isee_conta),
    variable("isee_utile", household, int, isee_utile),
    variable("quota_minore", child, int, quota_minore),
    variable("quota_maggiorenne", child, int, quota_maggiorenne),
    variable("maggiorazione_figli_successivi", household, int,
             lambda h, p: np.maximum(h("figli_con_diritto", p) - 2, 0) * amount("terzo", h("isee_utile", p))),
    variable("importo_per_grado", child, int, importo_per_grado),
    variable("maggiorazione_disabilita", child, int, maggiorazione_disabilita),
    variable("madre_giovane", household, bool, madre_giovane),
    variable("maggiorazione_madre_giovane", child, int, maggiorazione_madre_giovane),
    variable("genitori_lavoratori", household, bool,
             lambda h, p: h("entrambi_lavorano", p) + h("genitore_vedovo_lavoratore", p)),
    variable("maggiorazione_genitori_lavoratori", child, int, maggiorazione_genitori_lavoratori),
    variable("maggiorazione_quattro_figli", household, int,
             lambda h, p: np.where(h("figli_con_diritto", p) >= 4, 15_000, 0)),
    variable("aumento_primo_anno", child, int, aumento_primo_anno),
    variable("isee_entro_la_soglia", household, bool, isee_entro_la_soglia),
    variable("aumento_uno_tre_anni", child, int, aumento_uno_tre_anni),
    variable("importo_figlio", child, int, importo_figlio),
    variable("importo_nucleo", household, int, importo_nucleo),
    variable("meta", household, int, lambda h, p: h("importo_nucleo", p) // 2),
    variable("importo", household, int, importo),
]


def simulation(system, folder):
    column = lambda name, kind: np.fromfile(folder / name, dtype=kind)
    offsets = column("offsets", "<u4")
    count, members = len(offsets) - 1, int(offsets[-1])
    builder = SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("child", np.arange(members))
    households = builder.declare_entity("household", np.arange(count))
    builder.join_with_persons(households, np.repeat(np.arange(count), np.diff(offsets)), np.repeat("figlio", members))
    built = builder.build(system)
    days = lambda name: column(name, "<i4").astype("int64")
    for name in ["isee", "reddito_annuo"]:
        values = column(name, "<i8")
        built.set_input(name, PERIOD, np.where(values < 0, NO_ISEE, values).astype(np.int32))
    for name in ["data_nascita", "madre_nata_il", "isee_presentato_il"]:
        values = days(name)
        there = np.where(values < -100_000, 0, values).astype("datetime64[D]")
        built.set_input(name, PERIOD, np.where(values < -100_000, NO_DAY, there))
    built.set_input("quota_richiesta", PERIOD, column("quota_richiesta", "<u4").astype(np.int32))
    built.set_input("disabilita", PERIOD, column("disabilita", "<u4").astype(np.int32))
    for name in ["cittadinanza_o_soggiorno", "residente_in_italia", "imposta_in_italia", "entrambi_lavorano",
                 "genitore_vedovo_lavoratore", "a_carico", "studia_o_si_forma", "in_cerca_di_lavoro", "servizio_civile"]:
        built.set_input(name, PERIOD, column(name, "u1") == 2)
    return built


def main():
    folder, times = Path(sys.argv[1]), int(sys.argv[3])
    system = TaxBenefitSystem([child, household])
    for one in INPUTS + RULES:
        system.add_variable(one)
    taken = []
    for _ in range(times):
        built = simulation(system, folder)
        before = time.process_time()
        amounts = built.calculate("importo", PERIOD)
        taken.append(time.process_time() - before)
    amounts.astype("<i4").tofile(folder / "importo")
    print(sorted(taken)[len(taken) // 2])


if __name__ == "__main__":
    main()
