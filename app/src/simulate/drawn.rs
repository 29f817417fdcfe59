//! The summary of a simulation as a chart.

use statistics::{Bar, Chart, Cost, Figures, Summary};

use super::told::{named, number, tenth};

/// Costs by tenth of ISEE, or by territory where nobody has an ISEE.
pub fn chart(summary: &Summary) -> Chart {
    let groups: Vec<(String, &Figures)> = if summary.deciles.is_empty() {
        summary.territories.iter().map(|(place, figures)| (named(place), figures)).collect()
    } else {
        summary.deciles.iter().map(|band| (tenth(band), &band.figures)).collect()
    };
    let by = if summary.deciles.is_empty() { "per territorio" } else { "per decimo di ISEE" };
    let all = &summary.all;
    let mut description = format!("Barre orizzontali, una per ogni gruppo. In tutto: {}", told(all.law.cost));
    let mut series = vec!["Legge in vigore".to_owned()];
    if let Some(draft) = &all.draft {
        description += &format!("; con la riforma, le barre a righe: {}", told(draft.cost));
        series.push("Riforma".to_owned());
    }
    description.push_str(". Ogni barra porta il suo numero.");
    Chart {
        title: format!("{}: costo {by}, legge del {}", summary.name, base::short_date(summary.on)),
        description,
        series,
        groups: groups.into_iter().map(|(name, figures)| (name, bars(figures))).collect(),
    }
}

fn bars(figures: &Figures) -> Vec<Bar> {
    let costs = [Some(figures.law.cost), figures.draft.as_ref().map(|draft| draft.cost)];
    let bar = |cost: Cost| Bar { value: cost.month.or(cost.once), told: told(cost) };
    costs.into_iter().flatten().map(bar).collect()
}

fn told(cost: Cost) -> String {
    match (cost.month, cost.once) {
        (Some(month), _) => format!("{} € al mese", number(month)),
        (_, Some(once)) => format!("{} €", number(once)),
        _ => "nessun importo".to_owned(),
    }
}
