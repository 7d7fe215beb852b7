//! The HTTP status of each error of Meta by its code, and how we know it. For a bad token it depends on where the token stood.

use crate::domain::rules::Basis;

/// The status of some codes.
#[derive(Debug)]
pub struct StatusRule {
    /// The codes; none for all that have no rule of their own.
    pub codes: &'static [i32],
    pub status: u16,
    /// The status where the request has the header `Authorization` and no parameter `access_token`, if it is another.
    pub by_header: Option<u16>,
    pub basis: Basis,
    /// Who recorded it, or what it rests on.
    pub source: &'static str,
}

/// The rule of an error with this code and status.
pub fn rule_of(code: i32, status: u16) -> &'static StatusRule {
    let fits = |rule: &&StatusRule| rule.status == status && rule.codes.contains(&code);
    STATUSES.iter().find(fits).unwrap_or(match status {
        ..500 => &OTHER_REFUSALS,
        _ => &OTHER_FAILURES,
    })
}

/// The rules, the general ones last.
pub fn rules() -> impl Iterator<Item = &'static StatusRule> {
    STATUSES.iter().chain([&OTHER_REFUSALS, &OTHER_FAILURES])
}

static STATUSES: [StatusRule; 18] = [
    StatusRule { codes: &[2], status: 503, by_header: None, basis: Basis::Inferred, source: "graphdouble's own limit" },
    StatusRule {
        codes: &[10],
        status: 403,
        by_header: None,
        basis: Basis::Observed,
        source: "the window of Instagram, recorded three times; private replies have 500",
    },
    StatusRule {
        codes: &[190],
        status: 400,
        by_header: Some(401),
        basis: Basis::Observed,
        source: "400 with the token as a parameter: home-assistant/core 152416, roundrop/facebook4j-oauth-example 3; 401 with Authorization: recorded on WhatsApp",
    },
    StatusRule {
        codes: &[104],
        status: 400,
        by_header: Some(401),
        basis: Basis::Observed,
        source: "400 without any token: fixtures of Spring Social; 401 with another scheme of Authorization: recorded on WhatsApp",
    },
    StatusRule { codes: &[102], status: 400, by_header: Some(401), basis: Basis::Inferred, source: "like code 190" },
    StatusRule {
        codes: &[200, 230],
        status: 403,
        by_header: None,
        basis: Basis::Observed,
        source: "home-assistant/core 26132, zammad/zammad 1960, arsduo/koala 334; one capture of 2020 has 400",
    },
    StatusRule {
        codes: &[283],
        status: 400,
        by_header: None,
        basis: Basis::Observed,
        source: "PipedreamHQ/pipedream 7581",
    },
    StatusRule { codes: &[10], status: 400, by_header: None, basis: Basis::Observed, source: "botpress/botpress 4890" },
    StatusRule {
        codes: &[100, 105],
        status: 400,
        by_header: None,
        basis: Basis::Observed,
        source: "published tests against the live Send API",
    },
    StatusRule {
        codes: &[803, 2500],
        status: 400,
        by_header: None,
        basis: Basis::Observed,
        source: "fixtures of Spring Social",
    },
    StatusRule {
        codes: &[2200],
        status: 400,
        by_header: None,
        basis: Basis::Observed,
        source: "fbsamples/graph-api-webhooks-samples 9",
    },
    StatusRule {
        codes: &[1],
        status: 400,
        by_header: None,
        basis: Basis::Inferred,
        source: "what /oauth/access_token refuses, like its code 100",
    },
    StatusRule {
        codes: &[1],
        status: 500,
        by_header: None,
        basis: Basis::Observed,
        source: "recorded with the text that asks for less data; jgorset/facebook-messenger 244",
    },
    StatusRule { codes: &[2], status: 500, by_header: None, basis: Basis::Observed, source: "fixtures of restfb" },
    StatusRule {
        codes: &[-1, 1200],
        status: 500,
        by_header: None,
        basis: Basis::Inferred,
        source: "like codes 1 and 2: the fault is Meta's",
    },
    StatusRule {
        codes: &[4, 17, 32, 341, 368, 613, 80_006],
        status: 400,
        by_header: None,
        basis: Basis::Inferred,
        source: "like code 10; nobody recorded a 429",
    },
    StatusRule {
        codes: &[546],
        status: 400,
        by_header: None,
        basis: Basis::Inferred,
        source: "like code 100: the request is wrong (jgorset/facebook-messenger 221 has no status)",
    },
    StatusRule {
        codes: &[551],
        status: 400,
        by_header: None,
        basis: Basis::Inferred,
        source: "like code 10: the request is right, and the person cannot be reached",
    },
];

static OTHER_REFUSALS: StatusRule = StatusRule {
    codes: &[],
    status: 400,
    by_header: None,
    basis: Basis::Inferred,
    source: "like the codes that were recorded",
};

static OTHER_FAILURES: StatusRule =
    StatusRule { codes: &[], status: 500, by_header: None, basis: Basis::Inferred, source: "like codes 1 and 2" };

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::errors::catalogue::CATALOGUE;

    #[test]
    fn every_error_has_the_status_that_its_code_has() {
        for template in CATALOGUE {
            let rule = rule_of(template.code, template.status);
            assert_eq!(rule.status, template.status, "{}", template.name);
            let of_code = rules().find(|rule| rule.codes.contains(&template.code));
            let is_known = of_code.is_none_or(|_| rule.codes.contains(&template.code));
            assert!(is_known, "{}: no rule has code {} with {}", template.name, template.code, template.status);
        }
        for rule in STATUSES.iter() {
            let is_used = |code: &i32| CATALOGUE.iter().any(|error| error.code == *code && error.status == rule.status);
            assert!(rule.codes.iter().all(is_used), "{rule:?}");
        }
    }
}
