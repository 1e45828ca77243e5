//! Ids in XLIFF: unique in one file only, beside the `tuid` that a unit has everywhere.

use std::collections::HashSet;

use crate::unit::Unit;

/// Carries a unit's `tuid` through XLIFF, whose own ids are unique in one file only and so are no `tuid`.
pub(super) const TUID_PROP: &str = "x-tuid";

/// The ids that a written file has used.
#[derive(Debug, Default)]
pub(super) struct UnitIds {
    used: HashSet<String>,
    number: usize,
}

impl UnitIds {
    /// The id that the unit had in an XLIFF file, if it is still free and `fits`; else a number.
    pub(super) fn of(&mut self, unit: &Unit, fits: impl Fn(&str) -> bool) -> String {
        if let Some(id) = unit.prop("x-xliff-id").filter(|id| fits(id))
            && self.used.insert(id.to_owned())
        {
            return id.to_owned();
        }
        loop {
            self.number += 1;
            let id = self.number.to_string();
            if self.used.insert(id.clone()) {
                return id;
            }
        }
    }
}
