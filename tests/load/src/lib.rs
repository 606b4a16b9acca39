//! Load: the floors to compare with, a generator, and the measurements behind `make bench`.
//! Every figure is a ratio inside one run; docs/explanation/performance.md says how to read them.

pub mod disk;
pub mod floors;
pub mod generator;
pub mod process;
pub mod refresh;
pub mod report;
pub mod rounds;
pub mod startup;
pub mod steady;
pub mod target;
