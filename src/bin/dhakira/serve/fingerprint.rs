//! Fingerprints that stay, whatever machine and version: of a unit's version, of an id.

/// 64-bit FNV-1a (draft-eastlake-fnv-17 §3).
pub fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
