//! What the server has done, in the text form of Prometheus (exposition format 0.0.4).

use super::lock::locked;
use axum::http::StatusCode;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Mutex;

/// Bounds of the histogram in seconds.
const BOUNDS: [f64; 10] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.15, 0.5, 2.0, 10.0];

#[derive(Debug, Default)]
pub struct Metrics {
    routes: Mutex<BTreeMap<(String, u16), u64>>,
    times: Mutex<BTreeMap<String, Times>>,
}

#[derive(Debug, Default)]
struct Times {
    counts: [u64; BOUNDS.len() + 1],
    sum: f64,
}

impl Metrics {
    /// Counts a request.
    pub fn count(&self, route: String, status: StatusCode, seconds: f64) {
        let mut times = locked(&self.times);
        let times = times.entry(route.clone()).or_default();
        times.counts[BOUNDS.iter().position(|bound| seconds <= *bound).unwrap_or(BOUNDS.len())] += 1;
        times.sum += seconds;
        *locked(&self.routes).entry((route, status.as_u16())).or_default() += 1;
    }

    /// All of it, with how many units there are.
    pub fn text(&self, units: usize) -> String {
        let mut text = String::from("# TYPE dhakira_units gauge\n");
        let _ = writeln!(text, "dhakira_units {units}\n# TYPE dhakira_requests_total counter");
        for ((route, status), count) in locked(&self.routes).iter() {
            let _ = writeln!(text, "dhakira_requests_total{{route=\"{route}\",status=\"{status}\"}} {count}");
        }
        text += "# TYPE dhakira_request_seconds histogram\n";
        for (route, times) in locked(&self.times).iter() {
            let mut all = 0;
            for (count, bound) in times.counts.iter().zip(BOUNDS.map(|bound| bound.to_string()).iter()) {
                all += count;
                let _ = writeln!(text, "dhakira_request_seconds_bucket{{route=\"{route}\",le=\"{bound}\"}} {all}");
            }
            all += times.counts[BOUNDS.len()];
            let _ = writeln!(text, "dhakira_request_seconds_bucket{{route=\"{route}\",le=\"+Inf\"}} {all}");
            let _ = writeln!(text, "dhakira_request_seconds_sum{{route=\"{route}\"}} {}", times.sum);
            let _ = writeln!(text, "dhakira_request_seconds_count{{route=\"{route}\"}} {all}");
        }
        text
    }
}
