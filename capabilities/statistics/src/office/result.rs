//! What a simulation says, as tables and a drawing.

use base::shown_count;
use catalogue::{LawTeller, Service, SimulationUnit};
use rules::{Decimal, Facts};
use web::{
    Page,
    components::{Cell as Shown, Fact, Table},
};

use crate::{
    chart::{Bar, Chart},
    grid::{Cell, Grid, LEAST, Measure},
    summary::{Figures, Moved, Summary},
};

/// The result, ready to be shown.
pub(super) struct Result {
    pub lead: String,
    pub facts: Vec<Fact>,
    pub chart: String,
    pub tenths: Table,
    pub territories: Table,
    pub withheld: Option<String>,
    pub download: String,
}

impl Result {
    pub fn new(page: &Page, service: &Service, summary: &Summary, download: String) -> Self {
        let teller = LawTeller { words: &service.law, facts: &Facts::default(), language: page.language };
        let teller = Teller { page, law: teller, summary };
        let (everybody, tenths, territories) = table_of(page, summary);
        let withholds = [&everybody, &tenths, &territories].into_iter().any(Grid::withholds);
        Self {
            lead: page.t2(
                "statistics.result.lead",
                "people",
                teller.count(summary.all.people),
                "day",
                page.date(&summary.on),
            ),
            facts: teller.facts(&everybody),
            chart: teller.chart(&tenths).svg(),
            tenths: teller.table("statistics.result.tenths", "statistics.result.tenth", &tenths),
            territories: teller.table("statistics.result.territories", "statistics.result.territory", &territories),
            withheld: withholds.then(|| page.t1("statistics.result.withheld_text", "least", LEAST)),
            download,
        }
    }
}

/// Everybody, tenths of the ISEE, and territories.
pub(super) fn table_of(page: &Page, summary: &Summary) -> (Grid, Grid, Grid) {
    let mut tenths: Vec<(String, &Figures)> =
        summary.deciles.iter().map(|band| (band.decile.to_string(), &band.figures)).collect();
    if summary.without.rows > 0 {
        tenths.push((page.t("statistics.result.without").to_owned(), &summary.without));
    }
    let territories: Vec<(String, &Figures)> =
        summary.territories.iter().map(|(place, figures)| (place.clone(), figures)).collect();
    let everybody = [(page.t("statistics.result.all").to_owned(), &summary.all)];
    (Grid::new(&everybody), Grid::new(&tenths), Grid::new(&territories))
}

struct Teller<'a> {
    page: &'a Page,
    law: LawTeller<'a>,
    summary: &'a Summary,
}

impl Teller<'_> {
    fn count(&self, number: Decimal) -> String {
        // Weighted samples count in fractions of people.
        let whole = number.round().normalize().to_string();
        whole.parse().map_or(whole, |count| shown_count(count, self.page.language))
    }

    /// A figure in words, or that it is not told.
    fn told(&self, measure: Measure, cell: &Cell) -> String {
        match cell.value {
            None => self.page.t("statistics.result.withheld").to_owned(),
            Some(value) if measure.is_cost() => self.law.money(value),
            Some(value) => self.count(value),
        }
    }

    fn title(&self, measure: Measure) -> String {
        let persons = self.summary.of == SimulationUnit::Person && measure == Measure::Households;
        let key = match measure {
            _ if persons => "persons",
            Measure::Cost if self.monthly() => "cost_month",
            Measure::DraftCost if self.monthly() => "draft_cost_month",
            measure => measure.key(),
        };
        self.page.t(&format!("statistics.measure.{key}")).to_owned()
    }

    fn monthly(&self) -> bool {
        self.summary.all.law.cost.month.is_some()
    }

    fn facts(&self, everybody: &Grid) -> Vec<Fact> {
        let cells = everybody.groups.iter().flat_map(|(_, cells)| everybody.measures.iter().zip(cells));
        let fact = |(measure, cell): (&Measure, &Cell)| {
            let moved = self.summary.all.change.as_ref().and_then(|change| match measure {
                Measure::Winners => Some(&change.winners),
                Measure::Losers => Some(&change.losers),
                _ => None,
            });
            let told = self.told(*measure, cell);
            Fact::new(self.title(*measure), moved.map_or_else(|| told.clone(), |moved| self.with_mean(&told, moved)))
        };
        cells.map(fact).collect()
    }

    fn with_mean(&self, told: &str, moved: &Moved) -> String {
        match moved.mean.filter(|_| moved.rows >= LEAST) {
            Some(mean) => self.page.t2("statistics.result.mean", "number", told, "mean", self.law.money(mean)),
            None => told.to_owned(),
        }
    }

    fn table(&self, caption: &str, group: &str, grid: &Grid) -> Table {
        let heads = grid.measures.iter().map(|measure| self.title(*measure));
        let row = |(name, cells): &(String, Vec<Cell>)| {
            let figures =
                grid.measures.iter().zip(cells).map(|(measure, cell)| Shown::number(self.told(*measure, cell)));
            std::iter::once(Shown::text(name)).chain(figures).collect()
        };
        Table {
            caption: self.page.t(caption).to_owned(),
            head: std::iter::once(self.page.t(group).to_owned()).chain(heads).collect(),
            rows: grid.groups.iter().map(row).collect(),
        }
    }

    /// The costs by tenth; of a law without amounts, who is entitled.
    fn chart(&self, grid: &Grid) -> Chart {
        let paid = grid.measures.contains(&Measure::Cost);
        let drawn =
            if paid { [Measure::Cost, Measure::DraftCost] } else { [Measure::Entitled, Measure::DraftEntitled] };
        let places = drawn
            .into_iter()
            .filter_map(|measure| Some((measure, grid.measures.iter().position(|own| *own == measure)?)));
        let places: Vec<(Measure, usize)> = places.collect();
        let bars = |cells: &Vec<Cell>| {
            let bar = |(measure, place): &(Measure, usize)| Bar {
                value: cells[*place].value,
                told: self.told(*measure, &cells[*place]),
            };
            places.iter().map(bar).collect()
        };
        let tenth = |name: &String| match name.parse::<u32>() {
            Ok(_) => self.page.t1("statistics.result.tenth_of", "place", name),
            Err(_) => name.clone(),
        };
        Chart {
            title: self.page.t("statistics.result.chart").to_owned(),
            description: self.page.t("statistics.result.chart_text").to_owned(),
            series: places.iter().map(|(measure, _)| self.title(*measure)).collect(),
            groups: grid.groups.iter().map(|(name, cells)| (tenth(name), bars(cells))).collect(),
        }
    }
}
