//! A bar chart as SVG, for files and pages: it says what it shows, and nothing in it depends on colour.

use std::fmt::Write as _;

use rust_decimal::{Decimal, RoundingStrategy};

/// Units of the drawing; it scales to whatever width it gets.
const WIDTH: u32 = 420;
const MARGIN: u32 = 10;
/// The longest bar.
const LONGEST: u32 = 200;
const BAR: u32 = 14;
/// From one line of text or bar to the next.
const LINE: u32 = 20;
const INK: &str = "#17324d";

/// Horizontal bars, in groups: for each group a bar of every series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// The same in a sentence or two for who does not see it; where the numbers can be read.
    pub description: String,
    /// Names of one or two series: the first is drawn solid, the second hatched.
    pub series: Vec<String>,
    /// The groups, from the top.
    pub groups: Vec<(String, Vec<Bar>)>,
}

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// How long; nothing is drawn for a number that is not shown or is below zero.
    pub value: Option<Decimal>,
    /// The number in words, written beside it.
    pub told: String,
}

impl Chart {
    /// The drawing. It has no style and no script, so that any page may hold it.
    #[must_use]
    pub fn svg(&self) -> String {
        let mut svg = String::new();
        let bars = |(_, bars): &(String, Vec<Bar>)| u32::try_from(bars.len()).unwrap_or(u32::MAX);
        let lines = self.groups.iter().map(|group| bars(group) + 1).fold(0, u32::saturating_add);
        let legend = u32::try_from(self.series.len()).unwrap_or_default();
        let height = 2 * MARGIN + (lines + legend) * LINE + LINE / 2;
        self.open(&mut svg, height);
        let mut y = MARGIN;
        for (place, name) in self.series.iter().enumerate() {
            rectangle(&mut svg, place, y, Decimal::from(BAR * 2));
            text(&mut svg, MARGIN + BAR * 2 + 8, y, name, false);
            y += LINE;
        }
        y += LINE / 2;
        let greatest = self.greatest();
        for (name, bars) in &self.groups {
            text(&mut svg, MARGIN, y, name, true);
            y += LINE;
            for (place, bar) in bars.iter().enumerate() {
                let length = length(bar.value, greatest);
                rectangle(&mut svg, place, y, length);
                let beside = u32::try_from(length.ceil()).unwrap_or_default();
                text(&mut svg, MARGIN + beside + 6, y, &bar.told, false);
                y += LINE;
            }
        }
        svg.push_str("</svg>\n");
        svg
    }

    fn open(&self, svg: &mut String, height: u32) {
        let (title, description) = (escaped(&self.title), escaped(&self.description));
        let head = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
             aria-labelledby=\"grafico-titolo grafico-testo\" font-family=\"sans-serif\" font-size=\"13\">\n\
             <title id=\"grafico-titolo\">{title}</title>\n<desc id=\"grafico-testo\">{description}</desc>\n\
             <defs><pattern id=\"grafico-righe\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
             patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"#fff\"/>\
             <rect width=\"2\" height=\"6\" fill=\"{INK}\"/></pattern></defs>\n\
             <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>\n"
        );
        svg.push_str(&head);
    }

    fn greatest(&self) -> Decimal {
        let values = self.groups.iter().flat_map(|(_, bars)| bars).filter_map(|bar| bar.value);
        values.fold(Decimal::ZERO, Decimal::max)
    }
}

/// In units of the drawing, with one digit: a length is no amount.
fn length(value: Option<Decimal>, greatest: Decimal) -> Decimal {
    let share = value.unwrap_or_default().max(Decimal::ZERO).checked_div(greatest).unwrap_or_default();
    let exact = share * Decimal::from(LONGEST);
    exact.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero).normalize()
}

fn rectangle(svg: &mut String, series: usize, y: u32, length: Decimal) {
    if length.is_zero() {
        return;
    }
    let fill = if series == 0 { INK } else { "url(#grafico-righe)" };
    line(
        svg,
        format_args!(
            "<rect x=\"{MARGIN}\" y=\"{y}\" width=\"{length}\" height=\"{BAR}\" fill=\"{fill}\" stroke=\"{INK}\"/>"
        ),
    );
}

fn text(svg: &mut String, x: u32, y: u32, words: &str, strong: bool) {
    let weight = if strong { " font-weight=\"bold\"" } else { "" };
    let base = y + BAR - 2;
    line(svg, format_args!("<text x=\"{x}\" y=\"{base}\" fill=\"{INK}\"{weight}>{}</text>", escaped(words)));
}

fn line(svg: &mut String, words: std::fmt::Arguments<'_>) {
    writeln!(svg, "{words}").expect("a text can always grow");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_out_of_the_drawing_and_bars_keep_proportion() {
        let bar = |value: i64| Bar { value: Some(value.into()), told: format!("{value} €") };
        let chart = Chart {
            title: "Costo <per> \"decimo\"".to_owned(),
            description: "A & B".to_owned(),
            series: vec!["Legge".to_owned(), "Riforma".to_owned()],
            groups: vec![("1º".to_owned(), vec![bar(50), bar(100)]), ("2º".to_owned(), vec![bar(0), bar(-3)])],
        };
        let svg = chart.svg();
        assert!(
            svg.contains("Costo &lt;per&gt; &quot;decimo&quot;</title>") && svg.contains(">A &amp; B</desc>"),
            "{svg}"
        );
        assert!(svg.contains("width=\"100\"") && svg.contains("width=\"200\""), "{svg}");
        assert!(svg.contains("url(#grafico-righe)") && !svg.contains("style"), "{svg}");
        assert_eq!(svg.matches("<rect x=").count(), 4, "two of the legend, two that are above zero: {svg}");
    }
}
