//! The page as one file that shows something that is over. It has the answers of the control API in itself and calls nobody, so it can be
//! opened from a disk or from the artifacts of a CI job.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::IS_BUILT;
use super::one_script::{NoScript, one_script};
use super::page_files::{INDEX, PageFile};

/// How the page names its styles and its script.
const STYLE: (&str, &str) = ("<link rel=\"stylesheet\" href=\"./", "\">");
const SCRIPT: &str = "<script type=\"module\" src=\"./main.js\"></script>";
const HEAD: &str = "<meta charset=\"utf-8\">";

/// Why there is no such file.
#[derive(Debug, thiserror::Error)]
pub enum NoPage {
    #[error("this build has no inspector page (the cargo feature `inspector`)")]
    NotBuilt,
    #[error(transparent)]
    Script(#[from] NoScript),
    #[error("the inspector page cannot be one file: {0}")]
    Unexpected(String),
}

/// The file, with answers by method and path: `GET /_control/worlds`.
pub fn recorded_page(answers: &BTreeMap<String, Value>) -> Result<String, NoPage> {
    if !IS_BUILT {
        return Err(NoPage::NotBuilt);
    }
    let script = without_ends(&one_script()?, "script")?;
    let (index, styles) = with_styles(&text_of(INDEX)?)?;
    let recorded = serde_json::to_string(answers).map_err(|error| NoPage::Unexpected(error.to_string()))?;
    // Nothing in the answers can end the element that they stand in.
    let recorded = recorded.replace('<', "\\u003c");
    let policy = policy(&script, &styles);
    let in_place = |text: &str, old: &str, new: &str| match text.split_once(old) {
        Some((before, after)) => Ok(format!("{before}{new}{after}")),
        None => Err(NoPage::Unexpected(format!("`{INDEX}` has no {old}"))),
    };
    let head = format!("{HEAD}\n<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">");
    let page = in_place(&index, HEAD, &head)?;
    let scripts = format!(
        "<script type=\"application/json\" id=\"recorded\">{recorded}</script>\n<script type=\"module\">{script}</script>"
    );
    in_place(&page, SCRIPT, &scripts)
}

fn text_of(name: &str) -> Result<String, NoPage> {
    let file = PageFile::find(name).ok_or_else(|| NoPage::Unexpected(format!("it has no {name}")))?;
    Ok(String::from_utf8_lossy(&file.bytes()).into_owned())
}

/// The page with its styles in it, and the text of each.
fn with_styles(index: &str) -> Result<(String, Vec<String>), NoPage> {
    let (mut page, mut styles) = (String::new(), Vec::new());
    let mut rest = index;
    while let Some((before, after)) = rest.split_once(STYLE.0) {
        let name = after.split_once(STYLE.1);
        let (name, after) = name.ok_or_else(|| NoPage::Unexpected(format!("`{INDEX}` has half a style")))?;
        let style = without_ends(&text_of(name)?, "style")?;
        page.push_str(&format!("{before}<style>{style}</style>"));
        styles.push(style);
        rest = after;
    }
    page.push_str(rest);
    Ok((page, styles))
}

/// A text that stands in an element and does not end it. In a script the same strings can be written in another way.
fn without_ends(text: &str, element: &str) -> Result<String, NoPage> {
    let end = format!("</{element}");
    match element {
        "script" => Ok(text.replace(&end, &format!("<\\/{element}")).replace("<!--", "<\\!--")),
        _ if text.contains(&end) => Err(NoPage::Unexpected(format!("a {element} has {end} in it"))),
        _ => Ok(text.to_owned()),
    }
}

/// Only this script runs, only these styles hold, and nothing is loaded.
fn policy(script: &str, styles: &[String]) -> String {
    let hash = |text: &str| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)));
    let styles: Vec<String> = styles.iter().map(|style| hash(style)).collect();
    format!(
        "default-src 'none'; script-src {}; style-src {}; img-src data:; base-uri 'none'; form-action 'none'",
        hash(script),
        styles.join(" ")
    )
}

#[cfg(all(test, feature = "inspector"))]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_page_has_everything_in_itself_and_the_answers_cannot_break_out() -> Result<(), NoPage> {
        let hostile = json!({ "text": "</script><script>alert(1)</script><!--" });
        let page = recorded_page(&BTreeMap::from([("GET /_control/worlds".to_owned(), hostile)]))?;
        assert_eq!(page.matches("<script").count(), 2, "the answers and the script");
        assert_eq!(page.matches("</script").count(), 2);
        assert!(page.contains(r"\u003c/script>\u003cscript>alert(1)\u003c/script>\u003c!--"));
        for outside in ["src=\"", "href=\"./", "@import", "http-equiv=\"refresh"] {
            assert!(!page.contains(outside), "{outside}");
        }
        let policy = page.split("Content-Security-Policy\" content=\"").nth(1).and_then(|rest| rest.split('"').next());
        let policy = policy.unwrap_or_default();
        assert!(
            policy.starts_with("default-src 'none'; script-src 'sha256-") && !policy.contains("unsafe"),
            "{policy}"
        );
        Ok(())
    }
}
