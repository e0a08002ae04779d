//! Makes the table of words that the stray-paragraph detector reads (`docs/training/stray`): `stray_words STV1.bin words.bin`.

use copydesk::detect::stray_paragraph;
use std::io;

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(from), Some(to)) = (arguments.next(), arguments.next()) else {
        return Err(io::Error::other("usage: stray_words STV1.bin words.bin"));
    };
    let table = stray_paragraph::pack_words(&std::fs::read(from)?).ok_or_else(|| io::Error::other("this is no STV1 table"))?;
    std::fs::write(to, table)
}
