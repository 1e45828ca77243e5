//! A piece of a translation that goes into a segment, and whether such pieces have all codes of the segment.

use crate::bitext::inline::{Role, codes};
use crate::unit::Seg;

/// A piece of a translation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text, not escaped.
    Text(String),
    /// An inline code, by its number among those of the segment's source.
    Code(usize),
}

/// Whether each code of `source` stands once in `parts`, and pairs close in the order of their starts turned round.
pub(super) fn stands_once(source: &Seg, parts: &[Part]) -> bool {
    let roles: Vec<Role> = codes(source).into_iter().flatten().map(|code| code.role).collect();
    let mut seen = vec![false; roles.len()];
    let mut open = Vec::new();
    for part in parts {
        let Part::Code(number) = part else { continue };
        match (roles.get(*number), seen.get_mut(*number)) {
            (Some(role), Some(seen)) if !*seen => {
                *seen = true;
                match role {
                    Role::Open(pair) => open.push(*pair),
                    Role::Close(pair) if open.pop() != Some(*pair) => return false,
                    _ => {}
                }
            }
            _ => return false,
        }
    }
    open.is_empty() && seen.into_iter().all(|seen| seen)
}
