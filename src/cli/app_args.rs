//! Parses flags that say where the webhooks of an app go.

/// `NAME=URL`, or `NAME=puppet` for an app without a webhook URL.
pub fn parse_app(text: &str) -> Result<(String, Option<String>), String> {
    match text.split_once('=') {
        Some((name, "puppet")) => Ok((name.to_owned(), None)),
        Some((name, url)) if url.starts_with("http://") => Ok((name.to_owned(), Some(url.to_owned()))),
        Some((_, url)) => Err(format!("`{url}` is neither an http:// URL nor `puppet`")),
        None => Err("write NAME=http://127.0.0.1:5001/webhook".to_owned()),
    }
}
