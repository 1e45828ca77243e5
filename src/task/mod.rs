//! One unit of work, whoever brings it: the doors (command line, later HTTP and worker) only carry it in and out.

mod workers;

pub use workers::Workers;
