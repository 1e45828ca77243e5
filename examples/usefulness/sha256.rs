//! SHA-256 (FIPS 180-4), for the one byte that parts the queries.

/// The first 32 bits of the fractional parts of the `root`-th roots of the first primes (§4.2.2, §5.3.3).
fn constants<const N: usize>(root: f64) -> [u32; N] {
    let is_prime = |n: &u32| (2..*n).all(|d| !n.is_multiple_of(d));
    let mut primes = (2u32..).filter(is_prime);
    std::array::from_fn(|_| {
        let value = f64::from(primes.next().unwrap_or(2)).powf(1.0 / root);
        // 53 bits hold the whole part (below 2^5) and 32 more.
        (value.fract() * 4_294_967_296.0) as u32
    })
}

/// The first byte of the digest.
pub fn first_byte(message: &[u8]) -> u8 {
    let (k, mut h): ([u32; 64], [u32; 8]) = (constants(3.0), constants(2.0));
    let mut padded = message.to_vec();
    padded.push(0x80);
    // Zeros up to the eight bytes of the length (§5.1.1).
    let end = (padded.len() + 8).next_multiple_of(64);
    padded.resize(end, 0);
    let length = (message.len() as u64 * 8).to_be_bytes();
    padded[end - 8..].copy_from_slice(&length);
    for block in padded.chunks(64) {
        let mut w = [0u32; 64];
        for (t, bytes) in block.chunks(4).enumerate() {
            w[t] = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        }
        for t in 16..64 {
            let s0 = w[t - 15].rotate_right(7) ^ w[t - 15].rotate_right(18) ^ w[t - 15] >> 3;
            let s1 = w[t - 2].rotate_right(17) ^ w[t - 2].rotate_right(19) ^ w[t - 2] >> 10;
            w[t] = w[t - 16].wrapping_add(s0).wrapping_add(w[t - 7]).wrapping_add(s1);
        }
        let mut v = h;
        for t in 0..64 {
            let s1 = v[4].rotate_right(6) ^ v[4].rotate_right(11) ^ v[4].rotate_right(25);
            let choice = v[4] & v[5] ^ !v[4] & v[6];
            let t1 = v[7].wrapping_add(s1).wrapping_add(choice).wrapping_add(k[t]).wrapping_add(w[t]);
            let s0 = v[0].rotate_right(2) ^ v[0].rotate_right(13) ^ v[0].rotate_right(22);
            let majority = v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2];
            v.copy_within(0..7, 1);
            v[4] = v[4].wrapping_add(t1);
            v[0] = t1.wrapping_add(s0).wrapping_add(majority);
        }
        h.iter_mut().zip(v).for_each(|(h, v)| *h = h.wrapping_add(v));
    }
    (h[0] >> 24) as u8
}
