//! How a suggestion's score came to be and what decides where it stands, for eyes and as JSON.

use crate::wire::{ExplainRecord, PartRecord};
use dhakira::matching::{Explanation, MatchKind, Neighbours, Region};
use dhakira::memory::Match;

/// From so many hundredths on, half counts.
const KNEE: u16 = 9_000;

fn points(hundredths: u16) -> f64 {
    f64::from(hundredths) / 100.0
}

/// What words changed give of a hundred points, in hundredths.
fn words_points(changed: usize, longer: usize) -> u16 {
    let equal = longer.saturating_sub(changed) as u128;
    (10_000 * equal).checked_div(longer as u128).unwrap_or(0) as u16
}

/// One line for the text, one for what else counts.
pub fn lines(found: &Match) -> Vec<String> {
    let halved = |sum: u16| {
        if sum > KNEE { format!(" = {}, of which half counts above 90", points(sum)) } else { String::new() }
    };
    let text = match &found.explanation {
        Explanation::Equal if found.kind == MatchKind::Context => {
            "score: 101, equal as written, in the same place".to_owned()
        }
        Explanation::Equal => "score: 100, equal as written".to_owned(),
        Explanation::Forms(forms) => {
            let costs: Vec<String> = forms.iter().map(|(form, cost)| format!("{} for {form}", points(*cost))).collect();
            format!("score: 100 less {}, not below 95", costs.join(", "))
        }
        Explanation::Parts(parts) => {
            let (edits, grams) = parts.points();
            format!(
                "score: {} of 40 for {} letters changed of {}; {} of 60 for common trigrams, {} of {} by weight{}",
                points(edits),
                parts.distance,
                parts.longer,
                points(grams),
                2 * parts.shared,
                parts.total,
                halved(edits + grams),
            )
        }
        Explanation::Words { changed, longer } => {
            format!("score: {changed} words changed of {longer}{}", halved(words_points(*changed, *longer)))
        }
        _ => String::new(),
    };
    let mut order = Vec::new();
    if found.penalty > 0 {
        order.push(format!("less {} of penalty", points(found.penalty)));
    }
    if let Some(coverage) = found.coverage {
        order.push(format!("{:.2} of the query said", f64::from(coverage) / 1e4));
    }
    if let Some(agreement) = found.agreement {
        order.push(format!("{:.2} like the other translations", agreement as f64 / 1e6));
    }
    let preference = &found.preference;
    match preference.neighbours {
        Neighbours::Both => order.push("both neighbours or the id are the same".to_owned()),
        Neighbours::One => order.push("one neighbour is the same".to_owned()),
        Neighbours::Neither => {}
    }
    order.push(format!("memory {}", preference.memory + 1));
    if preference.region != Region::Unsaid {
        order.push(format!("{} region", preference.region.name()));
    }
    order.push(format!("{}, {}", preference.origin.name(), preference.status.name()));
    order.push(found.changed().unwrap_or("without a date").to_owned());
    vec![text, format!("order: {}", order.join("; "))]
}

/// The same for programs.
pub fn record<'a>(found: &'a Match) -> ExplainRecord<'a> {
    let part = |hundredths: u16, part: u64, whole: u64| Some(PartRecord { points: points(hundredths), part, whole });
    let preference = &found.preference;
    let mut record = ExplainRecord {
        forms: Default::default(),
        edits: None,
        trigrams: None,
        words: None,
        halved: false,
        penalty: points(found.penalty),
        coverage: found.coverage.map(|coverage| f64::from(coverage) / 1e4),
        agreement: found.agreement.map(|agreement| agreement as f64 / 1e6),
        neighbours: preference.neighbours.name(),
        memory: preference.memory,
        region: preference.region.name(),
        origin: preference.origin.name(),
        status: preference.status.name(),
    };
    match &found.explanation {
        Explanation::Forms(forms) => {
            record.forms = forms.iter().map(|(form, cost)| (form.name(), points(*cost))).collect();
        }
        Explanation::Parts(parts) => {
            let (edits, grams) = parts.points();
            record.edits = part(edits, parts.distance as u64, parts.longer as u64);
            record.trigrams = part(grams, 2 * parts.shared, parts.total);
            record.halved = edits + grams > KNEE;
        }
        Explanation::Words { changed, longer } => {
            let all = words_points(*changed, *longer);
            record.words = part(all, *changed as u64, *longer as u64);
            record.halved = all > KNEE;
        }
        _ => {}
    }
    record
}
