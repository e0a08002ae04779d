//! Columns that another engine gives back, read with their shapes looked at.

use super::error;
use super::rows::{column, texts_of};
use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, Int64Array, ListArray, RecordBatch, StructArray};
use arrow_schema::DataType;
use pyo3::prelude::*;

pub(super) fn wrong() -> PyErr {
    error::plain("a column in another shape than `copydesk.spark` makes", None)
}

/// A column of bytes, in either width.
pub(super) struct Binary<'b>(&'b ArrayRef);

impl<'b> Binary<'b> {
    pub fn of(column: &'b ArrayRef, name: &str) -> PyResult<Self> {
        match column.data_type() {
            DataType::Binary | DataType::LargeBinary => Ok(Self(column)),
            other => Err(error::plain(&format!("the column `{name}` is not binary but {other}"), None)),
        }
    }

    pub fn get(&self, row: usize) -> Option<&'b [u8]> {
        match self.0.data_type() {
            _ if self.0.is_null(row) => None,
            DataType::Binary => Some(self.0.as_binary::<i32>().value(row)),
            _ => Some(self.0.as_binary::<i64>().value(row)),
        }
    }
}

/// The structures of a row's list; `None` where there is none.
pub(super) fn structures(of: &StructArray, name: &str, row: usize) -> PyResult<Option<StructArray>> {
    let list = field(of, name)?.as_list_opt::<i32>().ok_or_else(wrong)?;
    if list.is_null(row) {
        return Ok(None);
    }
    list.value(row).as_struct_opt().cloned().map(Some).ok_or_else(wrong)
}

pub(super) fn field<'s>(structures: &'s StructArray, name: &str) -> PyResult<&'s ArrayRef> {
    structures.column_by_name(name).ok_or_else(wrong)
}

pub(super) fn numbers_of<'s>(structures: &'s StructArray, name: &str) -> PyResult<&'s Int64Array> {
    field(structures, name)?.as_primitive_opt::<Int64Type>().ok_or_else(wrong)
}

pub(super) fn small(numbers: &Int64Array, at: usize) -> u32 {
    u32::try_from(numbers.value(at)).unwrap_or(u32::MAX)
}

pub(super) fn lists<'b>(batch: &'b RecordBatch, name: &str) -> PyResult<&'b ListArray> {
    column(batch, name)?.as_list_opt::<i32>().ok_or_else(wrong)
}

/// The keys of a row's list, which engines know as signed numbers; none where there is no list.
pub(super) fn keys(lists: &ListArray, row: usize) -> PyResult<Vec<u64>> {
    if lists.is_null(row) {
        return Ok(Vec::new());
    }
    let values = lists.value(row);
    let values = values.as_primitive_opt::<Int64Type>().ok_or_else(wrong)?;
    Ok(values.values().iter().map(|key| key.cast_unsigned()).collect())
}

/// The texts of a row's list.
pub(super) fn words(lists: &ListArray, row: usize) -> PyResult<Vec<String>> {
    if lists.is_null(row) {
        return Ok(Vec::new());
    }
    let values = texts_of(&lists.value(row), "words")?;
    (0..lists.value_length(row) as usize).map(|at| values.get(at).map(String::from).ok_or_else(wrong)).collect()
}
