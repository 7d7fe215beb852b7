//! The inspector page at `/_inspector/`: its files, and how they are served. The page is a client of the control API and nothing else, so
//! nothing here knows a world. `site` brings the requests, behind the guard of the control API.

mod one_script;
mod page_files;
mod recorded_page;
mod root_page;
mod serving;
mod view_url;

pub use recorded_page::recorded_page;
pub use root_page::root_page;
pub use serving::{answer, refuse_graph_call};
pub use view_url::PageView;

/// Where the page is.
pub const INSPECTOR_PATH: &str = "/_inspector/";

/// True if this build has the page.
pub const IS_BUILT: bool = cfg!(feature = "inspector");
