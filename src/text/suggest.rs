//! Suggestions for mistyped words: "did you mean …?".

/// How similar two names must be, from 0 to 1.
const CUTOFF: f64 = 0.5;

/// How similar two names are: few letters are wrong or swapped, or a long beginning is the same, which counts less.
fn likeness(one: &str, other: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(one, other).max(strsim::jaro_winkler(one, other) - 0.25)
}

/// The known name that is most similar, if one is similar enough.
pub fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let rated = known.into_iter().map(|known| (likeness(name, known), known)).filter(|(rate, _)| *rate >= CUTOFF);
    // Of several that are equally similar, the first.
    let nearest = rated.reduce(|best, other| if other.0 > best.0 { other } else { best });
    nearest.map(|(_, known)| known)
}

/// `, did you mean …?` or nothing.
pub fn did_you_mean<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    nearest(name, known).map_or_else(String::new, |nearest| format!(", did you mean `{nearest}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered_and_a_far_one_is_not() {
        let known = ["messaging_handovers", "messaging_referrals", "messages"];
        assert_eq!(nearest("messaging_handover", known), Some("messaging_handovers"));
        assert_eq!(nearest("messags", known), Some("messages"));
        assert_eq!(nearest("xyz", known), None);
        assert_eq!(nearest("tow", ["one", "two"]), Some("two"));
        assert_eq!(nearest("handover", ["zero_config", "handover_protocol"]), Some("handover_protocol"));
    }
}
