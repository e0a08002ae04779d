#![doc = "copydesk"]
pub mod detect;
pub mod document;
pub mod finding;
pub mod input;
pub mod text;
