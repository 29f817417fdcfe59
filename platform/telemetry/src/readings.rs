use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric, MetricEncoder, NoLabelSet},
    metrics::{counter::ConstCounter, gauge::ConstGauge},
};

/// Whether a figure only grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Grows until the program is started again; its name is told with `_total` at the end.
    Counter,
    /// Goes up and down.
    Gauge,
}

/// A figure that somebody looked up at the moment when it was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Its name, with the unit at the end and without `_total`.
    pub name: &'static str,
    /// What it means, for people.
    pub help: &'static str,
    /// Whether it only grows.
    pub kind: Kind,
    /// What tells it from others of its name; never anything of a person.
    pub labels: Vec<(&'static str, String)>,
    /// The figure itself.
    pub value: f64,
}

impl Reading {
    /// A figure that goes up and down.
    #[must_use]
    pub fn gauge(name: &'static str, help: &'static str, value: f64) -> Self {
        Self { name, help, kind: Kind::Gauge, labels: Vec::new(), value }
    }

    /// A figure that only grows.
    #[must_use]
    pub fn counter(name: &'static str, help: &'static str, value: f64) -> Self {
        Self { kind: Kind::Counter, ..Self::gauge(name, help, value) }
    }

    /// The same for one of several.
    #[must_use]
    pub fn of(mut self, label: &'static str, value: impl Into<String>) -> Self {
        self.labels.push((label, value.into()));
        self
    }
}

/// The readings that are given out next.
#[derive(Debug, Clone, Default)]
pub(crate) struct Latest(Arc<Mutex<Vec<Reading>>>);

impl Latest {
    pub(crate) fn set(&self, mut readings: Vec<Reading>) {
        // Those of one name stand together: it is described once.
        readings.sort_by_key(|reading| reading.name);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = readings;
    }
}

impl Collector for Latest {
    fn encode(&self, mut encoder: DescriptorEncoder) -> fmt::Result {
        let readings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for same in readings.chunk_by(|one, next| one.name == next.name) {
            let Some(first) = same.first() else { continue };
            let (counter, gauge) = (ConstCounter::new(0.0), ConstGauge::new(0.0));
            let kind = if first.kind == Kind::Counter { counter.metric_type() } else { gauge.metric_type() };
            let mut family = encoder.encode_descriptor(first.name, first.help, None, kind)?;
            for reading in same {
                match reading.labels.as_slice() {
                    [] => put(&mut family, reading)?,
                    _ => put(&mut family.encode_family(&reading.labels)?, reading)?,
                }
            }
        }
        Ok(())
    }
}

fn put(encoder: &mut MetricEncoder<'_>, reading: &Reading) -> fmt::Result {
    match reading.kind {
        Kind::Counter => encoder.encode_counter::<NoLabelSet, _, f64>(&reading.value, None),
        Kind::Gauge => encoder.encode_gauge(&reading.value),
    }
}
