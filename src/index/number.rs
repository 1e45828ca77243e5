//! Whole numbers in bytes: little-endian in two, four or eight; or as *varints*, in as few as they need, seven bits a byte, the
//! lowest first, the eighth bit set on all but the last.

/// Appends `number` as a varint.
pub(super) fn write_varint(to: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

/// Takes one varint from the front of `from`; nothing where the bytes end before the number does, or it has too many.
#[inline]
pub(super) fn read_varint(from: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for (at, byte) in from.iter().enumerate().take(10) {
        number |= u64::from(byte & 0x7F) << (7 * at);
        if *byte < 0x80 {
            *from = &from[at + 1..];
            return Some(number);
        }
    }
    None
}

/// Two bytes as a number.
#[inline]
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// Four bytes as a number.
#[inline]
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// Eight bytes as a number.
#[inline]
pub(super) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn broken_numbers_are_none() {
        assert_eq!(read_varint(&mut &[][..]), None);
        assert_eq!(read_varint(&mut &[0x80, 0x80][..]), None);
        assert_eq!(read_varint(&mut &[0xFF; 30][..]), None);
    }

    proptest! {
        #[test]
        fn read_back(numbers in proptest::collection::vec(prop_oneof![0u64..300, any::<u64>()], 0..20)) {
            let mut bytes = Vec::new();
            numbers.iter().for_each(|n| write_varint(&mut bytes, *n));
            let mut left = &bytes[..];
            for number in numbers {
                prop_assert_eq!(read_varint(&mut left), Some(number));
            }
            prop_assert!(left.is_empty());
        }
    }
}
