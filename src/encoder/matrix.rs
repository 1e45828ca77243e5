//! A matrix of weights, and products with it.

/// Numbers in rows.
pub(super) struct Matrix {
    rows: usize,
    columns: usize,
    values: Vec<f32>,
}

impl Matrix {
    /// A matrix of `rows` times `columns` numbers, row by row.
    pub(super) fn new(rows: usize, columns: usize, values: Vec<f32>) -> Matrix {
        assert_eq!(values.len(), rows * columns, "as many numbers as the shape says");
        Matrix { rows, columns, values }
    }

    /// The same of numbers column by column, as torch keeps its layers.
    #[cfg(feature = "hugging-face")]
    pub(super) fn of_columns(rows: usize, columns: usize, values: &[f32]) -> Matrix {
        assert_eq!(values.len(), rows * columns, "as many numbers as the shape says");
        let row = |at: usize| values.iter().skip(at).step_by(rows.max(1));
        Matrix::new(rows, columns, (0..rows).flat_map(row).copied().collect())
    }

    /// Matrices with as many rows as each other, side by side.
    pub(super) fn beside(parts: &[Matrix]) -> Matrix {
        let rows = parts.first().map_or(0, |part| part.rows);
        let row = |at: usize| parts.iter().flat_map(move |part| &part.values[at * part.columns..][..part.columns]);
        let values = (0..rows).flat_map(row).copied().collect();
        Matrix::new(rows, parts.iter().map(|part| part.columns).sum(), values)
    }

    /// The matrix cut into `parts` with as many rows as each other, from the top down.
    pub(super) fn under(self, parts: usize) -> Vec<Matrix> {
        let rows = self.rows / parts;
        let part = |values: &[f32]| Matrix::new(rows, self.columns, values.to_vec());
        self.values.chunks_exact(rows * self.columns).map(part).collect()
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    /// `out += a · self`: `a` holds rows of `self.rows()` numbers, a new one each `a_step`
    /// numbers, and `out` receives as many rows of `self.columns()`, one behind the other.
    ///
    /// The numbers of a row do not depend on the rows beside it: each is summed in an order that follows from the shape of
    /// `self` alone (a test holds it).
    #[allow(unsafe_code)]
    pub(super) fn product(&self, a: &[f32], a_step: usize, out: &mut [f32]) {
        if self.columns == 0 {
            return;
        }
        let n = out.len() / self.columns;
        if n == 0 {
            return;
        }
        assert!(a_step >= self.rows && (n - 1) * a_step + self.rows <= a.len(), "as many rows in as out");
        let (a_step, columns) = (a_step as isize, self.columns as isize);
        // SAFETY: sgemm reads `n` × `rows` numbers of `a` and `rows` × `columns` of `values`, and writes `n` × `columns` of
        // `out`, by the strides given. The last number of `a` that is read is number (n - 1) · a_step + rows - 1, asserted
        // above; `values` has rows · columns numbers by construction; n · columns ≤ out.len() by the division above.
        // `out` is borrowed mutably, so that nothing else reads it meanwhile.
        unsafe {
            matrixmultiply::sgemm(
                n,
                self.rows,
                self.columns,
                1.0,
                a.as_ptr(),
                a_step,
                1,
                self.values.as_ptr(),
                columns,
                1,
                1.0,
                out.as_mut_ptr(),
                columns,
                1,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn numbers(n: usize, seed: u64) -> Vec<f32> {
        let step = |state: &mut u64| {
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            Some((*state >> 40) as f32 / (1 << 23) as f32 - 1.0)
        };
        (0..n).scan(seed, |state, _| step(state)).collect()
    }

    proptest! {
        #[test]
        fn what_the_definition_says_and_alone_as_among_others(
            (n, rows, columns, gap) in (1usize..40, 1usize..70, 1usize..40, 0usize..3),
            seed: u64,
        ) {
            let a = numbers(n * (rows + gap), seed);
            let matrix = Matrix::new(rows, columns, numbers(rows * columns, !seed));
            let mut all = vec![0.5; n * columns];
            matrix.product(&a, rows + gap, &mut all);
            for i in 0..n {
                let row = &a[i * (rows + gap)..][..rows];
                let mut alone = vec![0.5; columns];
                matrix.product(row, rows, &mut alone);
                prop_assert_eq!(&alone, &all[i * columns..][..columns]);
                for (j, value) in alone.iter().enumerate() {
                    let slow: f32 = 0.5 + (0..rows).map(|k| row[k] * matrix.values[k * columns + j]).sum::<f32>();
                    prop_assert!((value - slow).abs() < 1e-4);
                }
            }
        }
    }

    #[test]
    fn a_large_product_row_by_row() {
        let (n, rows, columns) = (300, 1280, 256);
        let a = numbers(n * rows, 7);
        let matrix = Matrix::new(rows, columns, numbers(rows * columns, 8));
        let mut all = vec![0.0; n * columns];
        matrix.product(&a, rows, &mut all);
        for i in (0..n).step_by(37) {
            let mut alone = vec![0.0; columns];
            matrix.product(&a[i * rows..], rows, &mut alone);
            assert_eq!(alone, all[i * columns..][..columns]);
        }
    }
}
