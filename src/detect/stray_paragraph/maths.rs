//! Arithmetic that gives the same bits on every platform: no libm, no fused multiply-add, sums in a fixed order.

/// The natural logarithm of a positive, normal number, to within a few units in the last place.
///
/// The platform's own `ln` may differ in its last bit, and a tree may split just there.
pub fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let mut exponent = (bits >> 52) as i64 - 1023;
    let mut mantissa = f64::from_bits(bits & 0x000F_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000);
    if mantissa > std::f64::consts::SQRT_2 {
        mantissa /= 2.0;
        exponent += 1;
    }
    // ln m = 2 artanh((m − 1) / (m + 1)), whose argument is at most 0.172 here.
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let square = s * s;
    let mut sum = 0.0;
    for odd in (1..=21).rev().step_by(2) {
        sum = sum * square + 1.0 / f64::from(odd);
    }
    exponent as f64 * std::f64::consts::LN_2 + 2.0 * s * sum
}

/// For each value its distance from the mean of the others, in their standard deviations plus `floor`.
pub fn z_scores(values: &[f64], floor: f64) -> Vec<f64> {
    let others = (values.len() as f64 - 1.0).max(1.0);
    let sum: f64 = values.iter().sum();
    let squares: f64 = values.iter().map(|x| x * x).sum();
    values
        .iter()
        .map(|&x| {
            let mean = (sum - x) / others;
            let variance = ((squares - x * x) / others - mean * mean).max(0.0);
            (x - mean) / (variance.sqrt() + floor)
        })
        .collect()
}

/// The middle value; of an even number of them the mean of the two in the middle; 0 of none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let half = values.len() / 2;
    match values.len() {
        0 => 0.0,
        odd if odd % 2 == 1 => values[half],
        _ => (values[half - 1] + values[half]) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_right() {
        for x in [1e-300, 0.1, 0.5, 1.0, 1.41, 1.42, 2.0, 3.0, 12.0, 1e6, 1e300f64] {
            assert!((ln(x) - x.ln()).abs() <= 4.0 * f64::EPSILON * x.ln().abs().max(1.0), "ln {x}");
        }
    }

    #[test]
    fn a_value_is_measured_against_the_others() {
        let z = z_scores(&[1.0, 1.0, 1.0, 0.0], 0.05);
        assert!((z[3] + 20.0).abs() < 1e-9 && z[0].abs() < 2.0);
        assert_eq!(z_scores(&[1.0], 0.05).len(), 1);
        assert_eq!(median(vec![3.0, 1.0, 2.0, 10.0]), 2.5);
    }
}
