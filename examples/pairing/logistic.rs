//! Logistic regression by Newton's method, the weights held near nought a little.

/// The probability that weights give signs.
pub fn said<const N: usize>(x: &[f64; N], weights: &[f64; N]) -> f64 {
    let odds: f64 = x.iter().zip(weights).map(|(x, w)| x * w).sum();
    1.0 / (1.0 + (-odds).exp())
}

/// The most probable weights.
pub fn fit<const N: usize>(examples: &[([f64; N], bool)]) -> [f64; N] {
    let mut weights = [0.0; N];
    for _ in 0..40 {
        // The slope and the curve of the likelihood.
        let mut equations = vec![[0.0; N]; N];
        let mut slope = [0.0; N];
        for i in 0..N {
            slope[i] = -0.1 * weights[i];
            equations[i][i] = 0.1;
        }
        for (x, truth) in examples {
            let p = said(x, &weights);
            for i in 0..N {
                slope[i] += (f64::from(u8::from(*truth)) - p) * x[i];
                (0..N).for_each(|j| equations[i][j] += p * (1.0 - p) * x[i] * x[j]);
            }
        }
        let step = solved(equations, slope);
        (0..N).for_each(|i| weights[i] += step[i]);
    }
    weights
}

/// The solution of linear equations whose matrix is symmetric and positive definite, by elimination.
fn solved<const N: usize>(mut a: Vec<[f64; N]>, mut b: [f64; N]) -> [f64; N] {
    for i in 0..N {
        for below in i + 1..N {
            let factor = a[below][i] / a[i][i];
            (i..N).for_each(|j| a[below][j] -= factor * a[i][j]);
            b[below] -= factor * b[i];
        }
    }
    for i in (0..N).rev() {
        let rest: f64 = (i + 1..N).map(|j| a[i][j] * b[j]).sum();
        b[i] = (b[i] - rest) / a[i][i];
    }
    b
}
