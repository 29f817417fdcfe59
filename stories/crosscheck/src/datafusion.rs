use std::sync::Arc;

use anyhow::Context;
use datafusion::{
    arrow::{
        array::RecordBatch,
        datatypes::{DataType, Field, Schema},
        util::display::{ArrayFormatter, FormatOptions},
    },
    common::TableReference,
    datasource::MemTable,
    execution::runtime_env::RuntimeEnvBuilder,
    prelude::{CsvReadOptions, SessionConfig, SessionContext},
};
use rules::{
    InputType,
    sql::{SqlLaw, SqlQuery, SqlTable},
};

use crate::{Answer, Written};

/// Most memory of its operators, in bytes: beyond, a query is an error.
const MEMORY: usize = 1 << 30;

/// Asks DataFusion for every rule of every entity: one answer for each query of the law.
///
/// # Errors
/// What DataFusion refused.
pub async fn ask(law: &SqlLaw, facts: &Written) -> anyhow::Result<Vec<Answer>> {
    let config =
        SessionConfig::new().with_target_partitions(1).set_bool("datafusion.sql_parser.parse_float_as_decimal", true);
    let runtime = RuntimeEnvBuilder::new().with_memory_limit(MEMORY, 1.0).build_arc()?;
    let context = SessionContext::new_with_config_rt(config, runtime);
    for table in &law.tables {
        let file = facts.file(&table.name).display().to_string();
        let schema = schema(table);
        context
            .register_csv(TableReference::bare(table.name.as_str()), file, CsvReadOptions::new().schema(&schema))
            .await?;
    }
    for layer in &law.layers {
        let rows = context.sql(&layer.text).await.with_context(|| layer.table.clone())?;
        let planned = Arc::clone(rows.schema().inner());
        let rows = rows.collect().await.with_context(|| layer.table.clone())?;
        // What was planned and what came may differ in whether a column can be NULL.
        let schema = rows.first().map_or(planned, RecordBatch::schema);
        let table = MemTable::try_new(schema, vec![rows])?;
        context.register_table(TableReference::bare(layer.table.as_str()), Arc::new(table))?;
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
    Ok(Answer { relation: table.members.then(|| table.name.clone()), rules: query.rules.clone(), rows })
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
