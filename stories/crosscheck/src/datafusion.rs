use std::sync::Arc;

use anyhow::Context;
use datafusion::{
    arrow::{
        datatypes::{DataType, Field, Schema},
        util::display::{ArrayFormatter, FormatOptions},
    },
    prelude::{CsvReadOptions, SessionConfig, SessionContext},
};
use rules::{
    InputType,
    sql::{SqlLaw, SqlQuery, SqlTable},
};

use crate::{Answer, Written};

/// Asks DataFusion for every rule of every entity: one answer for each query of the law.
///
/// # Errors
/// What DataFusion refused.
pub async fn ask(law: &SqlLaw, facts: &Written) -> anyhow::Result<Vec<Answer>> {
    let config = SessionConfig::new().set_bool("datafusion.sql_parser.parse_float_as_decimal", true);
    let context = SessionContext::new_with_config(config);
    for table in &law.tables {
        let file = facts.file(&table.name).display().to_string();
        let schema = schema(table);
        context.register_csv(table.name.as_str(), file, CsvReadOptions::new().schema(&schema)).await?;
    }
    let mut answers = Vec::new();
    for (query, table) in law.queries.iter().zip(&law.tables) {
        answers.push(answer(&context, query, table).await.with_context(|| format!("rules of «{}»", table.name))?);
    }
    Ok(answers)
}

async fn answer(context: &SessionContext, query: &SqlQuery, table: &SqlTable) -> anyhow::Result<Answer> {
    let options = FormatOptions::default().with_null("");
    let mut rows = Vec::new();
    for batch in context.sql(&query.text).await?.collect().await? {
        let columns = batch.columns().iter().map(|column| ArrayFormatter::try_new(column.as_ref(), &options));
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        rows.extend((0..batch.num_rows()).map(|row| columns.iter().map(|one| one.value(row).to_string()).collect()));
    }
    Ok(Answer { rules: query.rules.clone(), members: table.members, rows })
}

fn schema(table: &SqlTable) -> Arc<Schema> {
    let keys: &[&str] = if table.members { &["nucleo", "posizione"] } else { &["nucleo"] };
    let keys = keys.iter().map(|key| Field::new(*key, DataType::Int64, false));
    let inputs = table.columns.iter().map(|(name, kind)| Field::new(name, type_of(*kind), true));
    Arc::new(Schema::new(keys.chain(inputs).collect::<Vec<_>>()))
}

const fn type_of(kind: InputType) -> DataType {
    match kind {
        InputType::Bool => DataType::Boolean,
        InputType::Date => DataType::Date32,
        InputType::Text => DataType::Utf8,
        InputType::Integer | InputType::Decimal => DataType::Decimal128(18, 4),
    }
}
