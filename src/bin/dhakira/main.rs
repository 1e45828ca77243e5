//! The `dhakira` program.

fn main() {}
