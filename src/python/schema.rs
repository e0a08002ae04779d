//! The columns of the tables that go to Python.

use arrow_schema::{DataType, Field, Fields, Schema, SchemaRef};
use std::sync::Arc;

/// Findings in the shape of `--format json`, but for `start` and `end`, which count characters here; bytes stand beside them.
pub(super) fn findings() -> SchemaRef {
    let mut fields = vec![
        text("path"),
        Field::new("record", DataType::Struct(record()), true),
        text("rule"),
        text("severity"),
        text("message"),
        Field::new("help", DataType::Utf8, true),
    ];
    fields.extend(stretch());
    fields.extend(["line", "column", "end_line", "end_column"].map(number));
    fields.push(list("related", related()));
    fields.push(Field::new("fix", DataType::Struct(fix()), true));
    fields.extend([text("evidence"), text("fingerprint")]);
    Arc::new(Schema::new(fields))
}

/// Cleaned texts and what was changed in each.
pub(super) fn cleaned() -> SchemaRef {
    Arc::new(Schema::new(vec![
        text("path"),
        Field::new("text", DataType::LargeUtf8, true),
        text("verdict"),
        list("reasons", reasons()),
        number("fixes"),
        list("ledger", ledger()),
    ]))
}

/// The part of an index that one document makes.
pub(super) fn digests() -> SchemaRef {
    Arc::new(Schema::new(vec![
        text("path"),
        Field::new("site", DataType::Utf8, true),
        list("blocks", blocks()),
        binary("sketch"),
        numbers("keys"),
    ]))
}

/// Documents that are like another, with its sketch.
pub(super) fn likes() -> SchemaRef {
    Arc::new(Schema::new(vec![text("path"), text("other"), binary("sketch")]))
}

/// Blocks that are nearly another, with its sketch.
pub(super) fn nears() -> SchemaRef {
    Arc::new(Schema::new(["hash", "other", "sketch"].map(binary).to_vec()))
}

/// What each document holds and asks others about.
pub(super) fn voices() -> SchemaRef {
    Arc::new(Schema::new(vec![
        text("path"),
        Field::new("lot", DataType::Int64, true),
        numbers("keys"),
        numbers("more"),
        list("names", names()),
        numbers("suspects"),
    ]))
}

/// The terms of documents that were drawn.
pub(super) fn terms() -> SchemaRef {
    Arc::new(Schema::new(vec![number("lot"), numbers("terms")]))
}

/// How often names stand in documents; `count` is for the merge alone.
pub(super) fn rolls() -> SchemaRef {
    Arc::new(Schema::new(vec![text("word"), number("documents"), binary("count")]))
}

/// Names, and what they have in common with others an edit away: as those that are right, and as slips.
pub(super) fn near_names() -> SchemaRef {
    Arc::new(Schema::new(vec![text("word"), binary("count"), numbers("many"), numbers("few")]))
}

/// Names that are slips of others, and the first documents that have those.
pub(super) fn slips() -> SchemaRef {
    let first = Field::new("first", DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, false))), false);
    Arc::new(Schema::new(vec![number("hash"), text("right"), number("documents"), number("own"), first]))
}

/// What documents answer.
pub(super) fn answers() -> SchemaRef {
    Arc::new(Schema::new(vec![text("path"), list("homes", homes()), list("names", places())]))
}

pub(super) fn names() -> Fields {
    vec![text("word"), numbers("beside")].into()
}

pub(super) fn homes() -> Fields {
    vec![number("key"), Field::new("score", DataType::Float64, false), binary("home")].into()
}

pub(super) fn places() -> Fields {
    vec![text("name"), number("line"), number("column")].into()
}

pub(super) fn record() -> Fields {
    vec![number("line"), Field::new("id", DataType::Utf8, true), text("field")].into()
}

pub(super) fn related() -> Fields {
    let mut fields = vec![text("path"), text("label")];
    fields.extend(stretch());
    fields.extend(["line", "column"].map(number));
    fields.into()
}

pub(super) fn fix() -> Fields {
    vec![Field::new("safe", DataType::Boolean, false), list("edits", edit())].into()
}

pub(super) fn edit() -> Fields {
    let mut fields = stretch().to_vec();
    fields.push(text("text"));
    fields.into()
}

pub(super) fn reasons() -> Fields {
    vec![text("rule"), text("message"), number("line"), number("column")].into()
}

pub(super) fn ledger() -> Fields {
    vec![text("rule"), number("round"), number("start_byte"), number("end_byte"), text("removed"), text("inserted")].into()
}

pub(super) fn blocks() -> Fields {
    let sketch = Field::new("sketch", DataType::Binary, true);
    vec![binary("hash"), number("words"), number("line"), number("column"), sketch, numbers("keys")].into()
}

pub(super) fn stretch() -> [Field; 4] {
    ["start", "end", "start_byte", "end_byte"].map(number)
}

pub(super) fn item(fields: Fields) -> Arc<Field> {
    Arc::new(Field::new_list_field(DataType::Struct(fields), false))
}

fn list(name: &str, fields: Fields) -> Field {
    Field::new(name, DataType::List(item(fields)), false)
}

fn text(name: &str) -> Field {
    Field::new(name, DataType::Utf8, false)
}

fn binary(name: &str) -> Field {
    Field::new(name, DataType::Binary, false)
}

fn number(name: &str) -> Field {
    Field::new(name, DataType::Int64, false)
}

fn numbers(name: &str) -> Field {
    Field::new(name, DataType::List(Arc::new(Field::new_list_field(DataType::Int64, false))), false)
}
